/**
 * Oracle: twenty steps of PyTorch 2.13's optimizers in float64 (reference/torch-optimizers.json), to 1e-12 of the largest coordinate.
 *
 * PyTorch's options are said here in Descend's words; its `weight_decay` is a rule of its own in front, or behind for the decoupled form.
 */

import { describe, expect, it } from "vitest";
import { chain } from "../../../src/optim/chain.js";
import { adadelta } from "../../../src/optim/methods/adadelta.js";
import { adafactor } from "../../../src/optim/methods/adafactor.js";
import { adagrad } from "../../../src/optim/methods/adagrad.js";
import { adam } from "../../../src/optim/methods/adam.js";
import { adamax } from "../../../src/optim/methods/adamax.js";
import { adamw } from "../../../src/optim/methods/adamw.js";
import { amsgrad } from "../../../src/optim/methods/amsgrad.js";
import { averagedGradientDescent } from "../../../src/optim/methods/averaged-gradient-descent.js";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";
import { momentum } from "../../../src/optim/methods/momentum.js";
import { muon } from "../../../src/optim/methods/muon.js";
import { nadam } from "../../../src/optim/methods/nadam.js";
import { nesterov } from "../../../src/optim/methods/nesterov.js";
import { radam } from "../../../src/optim/methods/radam.js";
import { rmsprop } from "../../../src/optim/methods/rmsprop.js";
import { rprop } from "../../../src/optim/methods/rprop.js";
import { inverseTimeDecay } from "../../../src/optim/schedules/inverse-time-decay.js";
import type { Transformation } from "../../../src/optim/transformation.js";
import { addDecayedWeights } from "../../../src/optim/transforms/add-decayed-weights.js";
import { addMomentum } from "../../../src/optim/transforms/add-momentum.js";
import { scaleBy } from "../../../src/optim/transforms/scale-by.js";
import { scaleByAmsgrad } from "../../../src/optim/transforms/scale-by-amsgrad.js";
import { scaleByLearningRate } from "../../../src/optim/transforms/scale-by-learning-rate.js";
import { scaleByNadam } from "../../../src/optim/transforms/scale-by-nadam.js";
import { scaleByRadam } from "../../../src/optim/transforms/scale-by-radam.js";
import { referenceJson } from "../../reference-data.js";
import { runRule } from "../run-rule.js";

// biome-ignore lint/suspicious/noExplicitAny: PyTorch's settings differ by optimizer
type Settings = any;
interface Run {
  optimizer: string;
  given: object;
  settings: Settings;
  iterates: unknown[];
  averaged?: number[][];
  newtonSchulz?: string;
}
interface Problem {
  id: string;
  shape: number[];
  start: unknown;
  runs: Run[];
  X?: number[][];
  Y?: number[][];
}

const reference = referenceJson<{ problems: Problem[] }>("torch-optimizers.json");

/** PyTorch's optimizer in Descend's words. */
function translated(optimizer: string, s: Settings): Transformation | undefined {
  const decayed = (method: Transformation): Transformation =>
    chain(...(s.maximize === true ? [scaleBy(-1)] : []), ...(s.weight_decay > 0 ? [addDecayedWeights(s.weight_decay)] : []), method);
  const adaptive = { learningRate: s.lr, beta1: s.betas?.[0], beta2: s.betas?.[1], epsilon: s.eps };
  const { learningRate, ...scaling } = adaptive;
  const decoupled = (scale: Transformation): Transformation =>
    chain(scale, addDecayedWeights(s.weight_decay), scaleByLearningRate(learningRate));
  switch (optimizer) {
    case "SGD":
      return decayed(gradientDescent({ learningRate: s.lr }));
    case "SGD+momentum":
      return s.dampening === 0
        ? decayed(momentum({ learningRate: s.lr, momentum: s.momentum }))
        : decayed(chain(addMomentum({ decay: s.momentum, dampening: s.dampening }), scaleByLearningRate(s.lr)));
    case "SGD+nesterov":
      return decayed(nesterov({ learningRate: s.lr, momentum: s.momentum }));
    case "Adagrad":
      return decayed(
        adagrad({
          learningRate: inverseTimeDecay({ initial: s.lr, decay: s.lr_decay }),
          initialAccumulator: s.initial_accumulator_value,
          epsilon: s.eps,
        }),
      );
    case "Adadelta":
      return decayed(adadelta({ learningRate: s.lr, decay: s.rho, epsilon: s.eps }));
    case "RMSprop":
    case "RMSprop+centered":
    case "RMSprop+momentum":
    case "RMSprop+centered+momentum":
      return decayed(rmsprop({ learningRate: s.lr, decay: s.alpha, epsilon: s.eps, centered: s.centered, momentum: s.momentum }));
    case "Adam":
    case "Adam+maximize":
      return decayed(adam(adaptive));
    case "AMSGrad":
      return decayed(amsgrad(adaptive));
    case "AdamW":
      return s.amsgrad ? decoupled(scaleByAmsgrad(scaling)) : adamw({ ...adaptive, weightDecay: s.weight_decay });
    case "Adamax":
      return decayed(adamax(adaptive));
    case "NAdam":
      return decayed(nadam({ ...adaptive, momentumDecay: s.momentum_decay }));
    case "NAdam+decoupled":
      return decoupled(scaleByNadam({ ...scaling, momentumDecay: s.momentum_decay }));
    case "RAdam":
      return decayed(radam(adaptive));
    case "RAdam+decoupled":
      return decoupled(scaleByRadam(scaling));
    case "Rprop":
      return rprop({ learningRate: s.lr, shrink: s.etas[0], grow: s.etas[1], smallestStep: s.step_sizes[0], largestStep: s.step_sizes[1] });
    case "ASGD":
      return decayed(averagedGradientDescent({ learningRate: s.lr, weightDecay: s.lambd, power: s.alpha, averageFrom: s.t0 }));
    case "Adafactor":
      return adafactor({ learningRate: s.lr, decayPower: -s.beta2_decay, threshold: s.d, weightDecay: s.weight_decay });
    case "Muon":
      return muon({
        learningRate: s.lr,
        momentum: s.momentum,
        nesterov: s.nesterov,
        weightDecay: s.weight_decay,
        iterations: s.ns_steps,
        scale: s.adjust_lr_fn === "match_rms_adamw" ? "rms" : "shape",
      });
    default:
      return undefined;
  }
}

/** ∇f in closed form, from the formulas of the reference. */
function gradientOf(problem: Problem): (x: Float64Array) => number[] {
  if (problem.id === "rosenbrock2") {
    return ([a, b]) => [-2 * (1 - a!) - 400 * a! * (b! - a! ** 2), 200 * (b! - a! ** 2)];
  }
  const { X, Y } = problem as Required<Problem>;
  return (w) => {
    const error = Y.map((row, i) => row.map((y, k) => [0, 1, 2].reduce((sum, j) => sum + w[3 * i + j]! * X[j]![k]!, 0) - y));
    return error.flatMap((row) => X.map((column) => row.reduce((sum, e, k) => sum + e * column[k]!, 0)));
  };
}

function largestError(got: readonly Float64Array[], expected: readonly unknown[]): number {
  const points = expected.map((point) => (point as number[]).flat() as number[]);
  const scale = Math.max(...points.flat().map(Math.abs));
  return Math.max(...points.flatMap((point, k) => point.map((x, i) => Math.abs(got[k]![i]! - x)))) / scale;
}

describe.skipIf(reference === undefined)("PyTorch's trajectories (needs ../shared/reference)", () => {
  const cases = (reference?.problems ?? []).flatMap((problem) =>
    problem.runs
      // PyTorch's Muon iterates in bfloat16; the reference has it in float64, too.
      .filter((run) => run.newtonSchulz !== "bfloat16")
      .map((run) => ({ problem, run, rule: translated(run.optimizer, run.settings) }))
      .filter(({ rule }) => rule !== undefined),
  );

  it.each(cases.map((c) => [`${c.run.optimizer} ${JSON.stringify(c.run.given)} on ${c.problem.id}`, c] as const))(
    "takes the steps of %s",
    (_, { problem, run, rule }) => {
      const start = [problem.start].flat(3) as number[];
      const leaves = [{ path: "", offset: 0, shape: problem.shape }];
      const result = runRule(rule!, start, { steps: run.iterates.length - 1, gradient: gradientOf(problem), leaves });
      expect(largestError(result.iterates, run.iterates)).toBeLessThan(1e-12);
      if (run.averaged !== undefined) {
        const path = [...result.states[0]!.keys()].find((name) => name.endsWith("trackAverage.average"))!;
        expect(
          largestError(
            result.states.slice(1).map((state) => state.get(path)!),
            run.averaged,
          ),
        ).toBeLessThan(1e-12);
      }
    },
  );

  it("covers every optimizer of the reference but L-BFGS, which is no update rule", () => {
    const missing = new Set(
      reference!.problems
        .flatMap((problem) => problem.runs)
        .filter((run) => translated(run.optimizer, run.settings) === undefined)
        .map((run) => run.optimizer),
    );
    expect([...missing].sort()).toEqual(["LBFGS"]);
  });
});
