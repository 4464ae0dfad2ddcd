/**
 * All first-order methods, as records: help on the command line, the tables of the docs and the contract tests are made from them.
 */

import type { OptionSpec } from "../options.js";
import { adabelief, adabeliefTable } from "./adabelief.js";
import { adadelta, adadeltaTable } from "./adadelta.js";
import { adafactor, adafactorTable } from "./adafactor.js";
import { adagrad, adagradTable } from "./adagrad.js";
import { adam, adamTable } from "./adam.js";
import { adamax, adamaxTable } from "./adamax.js";
import { adamw, adamwTable } from "./adamw.js";
import { amsgrad, amsgradTable } from "./amsgrad.js";
import { averagedGradientDescent, averagedGradientDescentTable } from "./averaged-gradient-descent.js";
import { dAdaptation, dAdaptationTable, dAdaptedAdam, dAdaptedAdamTable } from "./d-adaptation.js";
import { dog, dogTable } from "./dog.js";
import { gradientDescent, gradientDescentTable } from "./gradient-descent.js";
import { lamb, lambTable } from "./lamb.js";
import { lars, larsTable } from "./lars.js";
import { lion, lionTable } from "./lion.js";
import type { Method } from "./method.js";
import { momentum, momentumTable } from "./momentum.js";
import { muon, muonTable } from "./muon.js";
import { nadam, nadamTable } from "./nadam.js";
import { nesterov, nesterovTable } from "./nesterov.js";
import { noisyGradientDescent, noisyGradientDescentTable } from "./noisy-gradient-descent.js";
import { normalizedGradientDescent, normalizedGradientDescentTable } from "./normalized-gradient-descent.js";
import { polyakStep, polyakStepTable } from "./polyak-step.js";
import { prodigy, prodigyTable } from "./prodigy.js";
import { radam, radamTable } from "./radam.js";
import { rmsprop, rmspropTable } from "./rmsprop.js";
import { rprop, rpropTable } from "./rprop.js";
import { sam, samTable } from "./sam.js";
import { scheduleFree, scheduleFreeTable } from "./schedule-free.js";
import { scheduleFreeAdamw, scheduleFreeAdamwTable } from "./schedule-free-adamw.js";
import { signDescent, signDescentTable } from "./sign-descent.js";
import { yogi, yogiTable } from "./yogi.js";

type Factory = (options?: Readonly<Record<string, unknown>>) => Method;
type Options = Readonly<Record<string, OptionSpec>>;

/** What is known of a method without running it. */
export interface MethodRecord {
  /** Its name in code. */
  readonly name: string;
  /** Other names it goes by. Case, hyphens and underscores do not matter in names that users type. */
  readonly aliases: readonly string[];
  /** Makes it; checks the options. */
  readonly create: Factory;
  /** Default, range and meaning of each option. */
  readonly options: Options;
  /** One line for people. */
  readonly summary: string;
  /** Key in `docs/references.bib`. */
  readonly source: string;
  /** Its page, from the root of the repository. */
  readonly page: string;
}

/** Every first-order method of Descend. */
export const methodCatalogue: readonly MethodRecord[] = [
  {
    name: "gradientDescent",
    aliases: ["gd", "sgd", "steepest-descent", "lms", "widrow-hoff", "delta-rule", "batch", "stochastic"],
    create: gradientDescent as Factory,
    options: gradientDescentTable as Options,
    summary: "Steps along the negative gradient.",
    source: "Cauchy1847",
    page: "docs/methods/gradient-descent.md",
  },
  {
    name: "momentum",
    aliases: ["heavy-ball", "polyak"],
    create: momentum as Factory,
    options: momentumTable as Options,
    summary: "Gradient descent with inertia: crosses narrow valleys and keeps its course.",
    source: "Polyak1964",
    page: "docs/methods/momentum.md",
  },
  {
    name: "nesterov",
    aliases: ["nag", "accelerated-gradient"],
    create: nesterov as Factory,
    options: nesterovTable as Options,
    summary: "Momentum that looks ahead: the best rate on smooth convex functions.",
    source: "Nesterov1983",
    page: "docs/methods/nesterov.md",
  },
  {
    name: "adagrad",
    aliases: [],
    create: adagrad as Factory,
    options: adagradTable as Options,
    summary: "A rate for each parameter that falls with the squares it has seen; for sparse features.",
    source: "Duchi2011",
    page: "docs/methods/adagrad.md",
  },
  {
    name: "adadelta",
    aliases: [],
    create: adadelta as Factory,
    options: adadeltaTable as Options,
    summary: "Steps in the units of the parameters; hardly a learning rate to choose.",
    source: "Zeiler2012",
    page: "docs/methods/adadelta.md",
  },
  {
    name: "rmsprop",
    aliases: [],
    create: rmsprop as Factory,
    options: rmspropTable as Options,
    summary: "Gradients divided by the root of a decaying mean of their squares.",
    source: "Tieleman2012",
    page: "docs/methods/rmsprop.md",
  },
  {
    name: "adam",
    aliases: [],
    create: adam as Factory,
    options: adamTable as Options,
    summary: "Steps of about the learning rate in every parameter, along the mean gradient.",
    source: "Kingma2015",
    page: "docs/methods/adam.md",
  },
  {
    name: "amsgrad",
    aliases: [],
    create: amsgrad as Factory,
    options: amsgradTable as Options,
    summary: "Adam whose denominator never shrinks.",
    source: "Reddi2018",
    page: "docs/methods/amsgrad.md",
  },
  {
    name: "adamw",
    aliases: [],
    create: adamw as Factory,
    options: adamwTable as Options,
    summary: "Adam with decoupled weight decay.",
    source: "Loshchilov2019",
    page: "docs/methods/adamw.md",
  },
  {
    name: "adamax",
    aliases: [],
    create: adamax as Factory,
    options: adamaxTable as Options,
    summary: "Adam with a decaying maximum in the denominator.",
    source: "Kingma2015",
    page: "docs/methods/adamax.md",
  },
  {
    name: "nadam",
    aliases: [],
    create: nadam as Factory,
    options: nadamTable as Options,
    summary: "Adam with a look-ahead and a momentum that warms up.",
    source: "Dozat2016",
    page: "docs/methods/nadam.md",
  },
  {
    name: "radam",
    aliases: ["rectified-adam"],
    create: radam as Factory,
    options: radamTable as Options,
    summary: "Adam that warms up by itself.",
    source: "Liu2020",
    page: "docs/methods/radam.md",
  },
  {
    name: "adabelief",
    aliases: [],
    create: adabelief as Factory,
    options: adabeliefTable as Options,
    summary: "Adam that divides by the deviation of the gradient from its mean.",
    source: "Zhuang2020",
    page: "docs/methods/adabelief.md",
  },
  {
    name: "yogi",
    aliases: [],
    create: yogi as Factory,
    options: yogiTable as Options,
    summary: "Adam whose second moment changes by a bounded amount per step.",
    source: "Zaheer2018",
    page: "docs/methods/yogi.md",
  },
  {
    name: "lion",
    aliases: [],
    create: lion as Factory,
    options: lionTable as Options,
    summary: "Every parameter moves by the learning rate, along the sign of a blend of gradient and mean.",
    source: "Chen2023",
    page: "docs/methods/lion.md",
  },
  {
    name: "signDescent",
    aliases: ["sign-sgd", "sign"],
    create: signDescent as Factory,
    options: signDescentTable as Options,
    summary: "Every parameter moves by the learning rate against the sign of its derivative.",
    source: "Bernstein2018",
    page: "docs/methods/sign-descent.md",
  },
  {
    name: "rprop",
    aliases: ["resilient-propagation"],
    create: rprop as Factory,
    options: rpropTable as Options,
    summary: "A step length for each parameter, from the signs of successive gradients; full batches only.",
    source: "Riedmiller1993",
    page: "docs/methods/rprop.md",
  },
  {
    name: "averagedGradientDescent",
    aliases: ["asgd", "polyak-averaging"],
    create: averagedGradientDescent as Factory,
    options: averagedGradientDescentTable as Options,
    summary: "A slowly falling rate, and the mean of the iterates beside the last one.",
    source: "PolyakJuditsky1992",
    page: "docs/methods/averaged-gradient-descent.md",
  },
  {
    name: "adafactor",
    aliases: [],
    create: adafactor as Factory,
    options: adafactorTable as Options,
    summary: "Adam's scaling with the memory of rows and columns only; steps relative to each layer.",
    source: "Shazeer2018",
    page: "docs/methods/adafactor.md",
  },
  {
    name: "muon",
    aliases: [],
    create: muon as Factory,
    options: muonTable as Options,
    summary: "Momentum whose matrices are made orthogonal; Adam for the rest.",
    source: "Jordan2024",
    page: "docs/methods/muon.md",
  },
  {
    name: "lamb",
    aliases: [],
    create: lamb as Factory,
    options: lambTable as Options,
    summary: "AdamW with steps in proportion to each layer; large batches.",
    source: "You2020",
    page: "docs/methods/lamb.md",
  },
  {
    name: "lars",
    aliases: [],
    create: lars as Factory,
    options: larsTable as Options,
    summary: "Momentum with steps in proportion to each layer; large batches.",
    source: "You2017",
    page: "docs/methods/lars.md",
  },
  {
    name: "normalizedGradientDescent",
    aliases: ["normalized", "ngd", "fixed-length"],
    create: normalizedGradientDescent as Factory,
    options: normalizedGradientDescentTable as Options,
    summary: "Steps of fixed length along the negative gradient.",
    source: "Shor1985",
    page: "docs/methods/normalized-gradient-descent.md",
  },
  {
    name: "polyakStep",
    aliases: ["polyak-step-size", "sps"],
    create: polyakStep as Factory,
    options: polyakStepTable as Options,
    summary: "The step length follows from the distance to the lowest value, where that is known.",
    source: "Polyak1969",
    page: "docs/methods/polyak-step.md",
  },
  {
    name: "noisyGradientDescent",
    aliases: ["gradient-noise", "perturbed-gradient-descent"],
    create: noisyGradientDescent as Factory,
    options: noisyGradientDescentTable as Options,
    summary: "Gradient descent with fading noise: a way off saddles.",
    source: "Neelakantan2015",
    page: "docs/methods/noisy-gradient-descent.md",
  },
  {
    name: "sam",
    aliases: ["sharpness-aware"],
    create: sam as Factory,
    options: samTable as Options,
    summary: "Momentum on the gradient of a point uphill: prefers flat minima, at two gradients a step.",
    source: "Foret2021",
    page: "docs/methods/sam.md",
  },
  {
    name: "dog",
    aliases: ["distance-over-gradients"],
    create: dog as Factory,
    options: dogTable as Options,
    summary: "Finds its learning rate from how far it has come and how large the gradients were.",
    source: "Ivgi2023",
    page: "docs/methods/dog.md",
  },
  {
    name: "dAdaptation",
    aliases: ["dadapt-sgd"],
    create: dAdaptation as Factory,
    options: dAdaptationTable as Options,
    summary: "Gradient descent that finds its learning rate from a lower bound of the distance to the minimum.",
    source: "Defazio2023",
    page: "docs/methods/d-adaptation.md",
  },
  {
    name: "dAdaptedAdam",
    aliases: ["dadapt-adam"],
    create: dAdaptedAdam as Factory,
    options: dAdaptedAdamTable as Options,
    summary: "Adam that finds its learning rate from a lower bound of the distance to the minimum.",
    source: "Defazio2023",
    page: "docs/methods/d-adapted-adam.md",
  },
  {
    name: "prodigy",
    aliases: [],
    create: prodigy as Factory,
    options: prodigyTable as Options,
    summary: "Adam that finds its learning rate, sooner than D-adaptation.",
    source: "Mishchenko2024",
    page: "docs/methods/prodigy.md",
  },
  {
    name: "scheduleFree",
    aliases: ["schedule-free-sgd"],
    create: scheduleFree as Factory,
    options: scheduleFreeTable as Options,
    summary: "A constant rate with an average in place of a decay; no number of steps to know in advance.",
    source: "Defazio2024",
    page: "docs/methods/schedule-free.md",
  },
  {
    name: "scheduleFreeAdamw",
    aliases: ["schedule-free-adam"],
    create: scheduleFreeAdamw as Factory,
    options: scheduleFreeAdamwTable as Options,
    summary: "AdamW at a constant rate with an average in place of a decay.",
    source: "Defazio2024",
    page: "docs/methods/schedule-free-adamw.md",
  },
];
