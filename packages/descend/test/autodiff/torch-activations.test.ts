import { describe, it } from "vitest";
import { gradient } from "../../src/autodiff/vjp.js";
import { input, sum } from "../../src/graph/build.js";
import { evaluate } from "../../src/graph/interpret.js";
import { simplify } from "../../src/graph/simplify.js";
import { Tensor } from "../../src/graph/tensor.js";
import { where } from "../../src/graph/tensor-functions.js";
import { referenceJson } from "../reference-data.js";
import { expectClose } from "./differentiate-tensors.js";

interface Case {
  readonly activation: string;
  readonly given: Record<string, number & string>;
  readonly x: number[];
  readonly y: number[];
  readonly derivative: number[];
  readonly secondDerivative: number[] | null;
}

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** The activations in tensors, with strict or loose comparisons where PyTorch has them at a kink. */
const activations: Record<string, (x: Tensor, given: Case["given"]) => Tensor> = {
  relu: (x) => where(x.greater(0), x, 0),
  leaky_relu: (x, { negative_slope }) => where(x.greater(0), x, x.mul(negative_slope!)),
  elu: (x, { alpha }) => where(x.greaterEqual(0), x, x.expm1().mul(alpha!)),
  selu: (x) => where(x.greater(0), x, x.expm1().mul(SELU_ALPHA)).mul(SELU_SCALE),
  celu: (x, { alpha }) => where(x.greaterEqual(0), x, x.div(alpha!).expm1().mul(alpha!)),
  gelu: (x, { approximate }) =>
    (approximate as string) === "tanh"
      ? x.mul(0.5).mul(
          x
            .add(x.pow(3).mul(0.044715))
            .mul(Math.sqrt(2 / Math.PI))
            .tanh()
            .add(1),
        )
      : x.mul(0.5).mul(x.div(Math.SQRT2).erf().add(1)),
  silu: (x) => x.mul(x.sigmoid()),
  mish: (x) => x.mul(x.softplus().tanh()),
  softplus: (x) => x.softplus(),
  softsign: (x) => x.div(x.abs().add(1)),
  tanh: (x) => x.tanh(),
  sigmoid: (x) => x.sigmoid(),
  logsigmoid: (x) => x.neg().softplus().neg(),
  hardtanh: (x) => where(x.lessEqual(-1), -1, where(x.greaterEqual(1), 1, x)),
  hardsigmoid: (x) => where(x.lessEqual(-3), 0, where(x.greaterEqual(3), 1, x.div(6).add(0.5))),
  hardswish: (x) => where(x.lessEqual(-3), 0, where(x.greaterEqual(3), x, x.mul(x.add(3)).div(6))),
  relu6: (x) => where(x.lessEqual(0), 0, where(x.greaterEqual(6), 6, x)),
  tanhshrink: (x) => x.sub(x.tanh()),
  softshrink: (x, { lambd }) => where(x.greater(lambd!), x.sub(lambd!), where(x.less(-lambd!), x.add(lambd!), 0)),
  hardshrink: (x, { lambd }) => where(x.greater(lambd!), x, where(x.less(-lambd!), x, 0)),
};

const cases = referenceJson("torch-activations.json")?.activations as Case[] | undefined;

describe.skipIf(cases === undefined)("activations and their first two derivatives (needs ../shared/reference)", () => {
  for (const { activation, given, x, y, derivative, secondDerivative } of cases ?? []) {
    it(`${activation} ${JSON.stringify(given)} agrees with PyTorch to 13 digits`, () => {
      const node = input("x", [x.length]);
      const output = activations[activation]!(Tensor.of(node), given).node;
      const [first] = gradient(sum(output), [node]);
      const [second] = gradient(sum(first!), [node]);
      for (const nodes of [[output, first!, second!], simplify([output, first!, second!])]) {
        const [value, slope, curvature] = evaluate(nodes, { inputs: { x } }).map((values) => [...values]);
        expectClose(value!, y, 13, "value");
        // PyTorch keeps the 1/6 of hardsigmoid's derivative in float32.
        expectClose(slope!, derivative, activation === "hardsigmoid" ? 7 : 13, "derivative");
        if (secondDerivative === null) continue;
        // At the kink of selu PyTorch takes the slope of one side and the curvature of the other.
        const smooth = (_: number, i: number): boolean => activation !== "selu" || x[i] !== 0;
        expectClose(curvature!.filter(smooth), secondDerivative.filter(smooth), 12, "second derivative");
      }
    });
  }
});
