/** Oracle: the catalogues. The record has every name of the type and no other, or the compiler refuses it. */

import { expect, expectTypeOf, it } from "vitest";
import type { DescentOptions } from "../../src/minimize/options.js";
import type { MethodName } from "../../src/optim/method-name.js";
import { methodCatalogue } from "../../src/optim/methods/catalogue.js";
import { searchMethodCatalogue } from "../../src/optim/search-catalogue.js";

/** The names that are written out; the wider part of the union is no literal. */
type Literal<T> = T extends string ? (Record<never, never> extends Record<T, 1> ? never : T) : never;

const named: Record<Literal<MethodName>, true> = {
  lbfgs: true,
  projectedNewton: true,
  lbfgsb: true,
  bfgs: true,
  conjugateGradient: true,
  barzilaiBorwein: true,
  newton: true,
  newtonCg: true,
  trustRegion: true,
  nelderMead: true,
  powell: true,
  coordinateSearch: true,
  compassSearch: true,
  cmaes: true,
  differentialEvolution: true,
  simulatedAnnealing: true,
  geneticAlgorithm: true,
  gradientDescent: true,
  momentum: true,
  nesterov: true,
  adagrad: true,
  adadelta: true,
  rmsprop: true,
  adam: true,
  amsgrad: true,
  adamw: true,
  adamax: true,
  nadam: true,
  radam: true,
  adabelief: true,
  yogi: true,
  lion: true,
  signDescent: true,
  rprop: true,
  averagedGradientDescent: true,
  adafactor: true,
  muon: true,
  lamb: true,
  lars: true,
  normalizedGradientDescent: true,
  polyakStep: true,
  noisyGradientDescent: true,
  sam: true,
  dog: true,
  dAdaptation: true,
  dAdaptedAdam: true,
  prodigy: true,
  scheduleFree: true,
  scheduleFreeAdamw: true,
};

it("names the methods of both catalogues", () => {
  expect(Object.keys(named)).toEqual([...searchMethodCatalogue, ...methodCatalogue].map(({ name }) => name));
});

it("leaves other names to be found out at run time", () => {
  const method: DescentOptions["method"] = "l-bfgs";
  expectTypeOf(method).toExtend<string>();
});
