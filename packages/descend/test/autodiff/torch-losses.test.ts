import { describe, it } from "vitest";
import { constant } from "../../src/graph/build.js";
import { Tensor } from "../../src/graph/tensor.js";
import { where } from "../../src/graph/tensor-functions.js";
import { referenceJson } from "../reference-data.js";
import { differentiate, expectClose, flatOf, type Named, type Nested } from "./differentiate-tensors.js";

type Tensors = Record<string, Tensor>;
type Given = Record<string, number & number[] & boolean>;
interface Case {
  readonly loss: string;
  readonly given: Given;
  readonly inputs: Record<string, Nested>;
  readonly results: Record<"mean" | "sum", { value: number; gradients: Named }>;
}

/** Elementwise losses: the mean divides by the number of values. */
const mean = (losses: Tensor, reduction: string): Tensor => (reduction === "mean" ? losses.mean() : losses.sum());
const quadraticUntil = (r: Tensor, limit: number, scale: number): Tensor =>
  where(
    r.abs().less(limit),
    r.square().mul(0.5),
    r
      .abs()
      .sub(0.5 * limit)
      .mul(limit),
  ).mul(scale);
const oneHot = (classes: Nested, count: number): Tensor =>
  Tensor.of(
    constant(
      flatOf(classes).flatMap((c) => Array.from({ length: count }, (_, k) => Number(k === c))),
      [flatOf(classes).length, count],
    ),
  );

const losses: Record<string, (t: Tensors, given: Given, reduction: string, targets: Record<string, Nested>) => Tensor> = {
  mse_loss: (t, _, r) => mean(t.input!.sub(t.target!).square(), r),
  l1_loss: (t, _, r) => mean(t.input!.sub(t.target!).abs(), r),
  smooth_l1_loss: (t, { beta }, r) => mean(quadraticUntil(t.input!.sub(t.target!), beta!, 1 / beta!), r),
  huber_loss: (t, { delta }, r) => mean(quadraticUntil(t.input!.sub(t.target!), delta!, 1), r),
  binary_cross_entropy: (t, _, r) =>
    mean(
      t
        .target!.mul(t.input!.log())
        .add(t.input!.neg().add(1).log().mul(t.target!.neg().add(1)))
        .neg(),
      r,
    ),
  // y·softplus(−x) + (1 − y)·softplus(x)
  binary_cross_entropy_with_logits: (t, given, r) =>
    mean(
      t
        .target!.mul(t.input!.neg().softplus())
        .mul(given.pos_weight ?? 1)
        .add(t.target!.neg().add(1).mul(t.input!.softplus())),
      r,
    ),
  cross_entropy: (t, { label_smoothing = 0 as never, weight }, r, { target }) => {
    const count = t.input!.shape[1]!;
    const classes = oneHot(target!, count)
      .mul(1 - label_smoothing)
      .add(label_smoothing / count);
    const perClass = weight === undefined ? classes : classes.mul(weight as number[]);
    const total = t.input!.logSoftmax().mul(perClass).sum().neg();
    return r === "sum" ? total : total.div(perClass.sum());
  },
  cross_entropy_soft_targets: (t, _, r) => {
    const total = t.input!.logSoftmax().mul(t.target!).sum().neg();
    return r === "sum" ? total : total.div(t.input!.shape[0]!);
  },
  nll_loss: (t, _, r, { target }) => {
    const total = t.input!.mul(oneHot(target!, t.input!.shape[1]!)).sum().neg();
    return r === "sum" ? total : total.div(t.input!.shape[0]!);
  },
  kl_div: (t, _, r) => mean(t.target!.mul(t.target!.log().sub(t.input!)), r),
  soft_margin_loss: (t, _, r) => mean(t.target!.mul(t.input!).neg().softplus(), r),
  hinge_embedding_loss: (t, { margin }, r) =>
    mean(where(t.target!.equal(1), t.input!, where(t.input!.less(margin!), t.input!.neg().add(margin!), 0)), r),
  margin_ranking_loss: (t, { margin }, r) => {
    const gap = t.target!.mul(t.input1!.sub(t.input2!)).neg().add(margin!);
    return mean(where(gap.greater(0), gap, 0), r);
  },
  multi_margin_loss: (t, _, r, { target }) => {
    const count = t.input!.shape[1]!;
    const chosen = oneHot(target!, count);
    const gap = t.input!.sub(t.input!.mul(chosen).sum(1, { keepDims: true })).add(1);
    const total = where(chosen.equal(0).and(gap.greater(0)), gap, 0)
      .sum()
      .div(count);
    return r === "sum" ? total : total.div(t.input!.shape[0]!);
  },
  poisson_nll_loss: (t, _, r) => mean(t.input!.exp().sub(t.target!.mul(t.input!)), r),
  gaussian_nll_loss: (t, _, r) => mean(t.var!.log().add(t.input!.sub(t.target!).square().div(t.var!)).mul(0.5), r),
  cosine_embedding_loss: (t, { margin }, r) => {
    // PyTorch adds 1e-12 to each squared norm.
    const norms = t.input1!.square().sum(1).add(1e-12).mul(t.input2!.square().sum(1).add(1e-12)).sqrt();
    const cosine = t.input1!.mul(t.input2!).sum(1).div(norms);
    return mean(where(t.target!.equal(1), cosine.neg().add(1), where(cosine.greater(margin!), cosine.sub(margin!), 0)), r);
  },
  triplet_margin_loss: (t, { margin }, r) => {
    // PyTorch adds 1e-6 to every difference before the norm.
    const distance = (a: Tensor, b: Tensor): Tensor => a.sub(b).add(1e-6).square().sum(1).sqrt();
    const gap = distance(t.anchor!, t.positive!).sub(distance(t.anchor!, t.negative!)).add(margin!);
    return mean(where(gap.greater(0), gap, 0), r);
  },
};

const cases = referenceJson("torch-losses.json")?.losses as Case[] | undefined;

describe.skipIf(cases === undefined)("losses and their gradients (needs ../shared/reference)", () => {
  for (const { loss, given, inputs, results } of cases ?? []) {
    for (const reduction of ["mean", "sum"] as const) {
      it(`${loss} ${JSON.stringify(given)}, ${reduction}, agrees with PyTorch to 12 digits`, () => {
        const { value, gradients } = results[reduction];
        for (const got of differentiate((t) => losses[loss]!(t, given, reduction, inputs), inputs)) {
          expectClose(got.value, value, 12, "value");
          for (const [name, expected] of Object.entries(gradients)) expectClose(got.gradients[name]!, expected, 12, name);
        }
      });
    }
  }
});
