import { describe, it } from "vitest";
import { constant } from "../../src/graph/build.js";
import { Tensor } from "../../src/graph/tensor.js";
import { concat, where } from "../../src/graph/tensor-functions.js";
import { referenceJson } from "../reference-data.js";
import { differentiate, expectClose, flatOf, type Named, type Nested, shapeOf } from "./differentiate-tensors.js";

type Tensors = Record<string, Tensor>;
interface Case {
  readonly layer: string;
  // biome-ignore lint/suspicious/noExplicitAny: settings of many layers
  readonly given: Record<string, any>;
  readonly inputs: Record<string, Nested>;
  readonly parameters: Record<string, Nested>;
  readonly output: Nested;
  readonly cotangent: Nested;
  readonly inputGradients: Named;
  readonly parameterGradients: Named;
}

const literal = (values: Nested): Tensor => Tensor.of(constant(flatOf(values), shapeOf(values)));

/** (x − mean)/√(var + eps) over the given axes. */
function standardized(x: Tensor, axes: number[], eps: number): Tensor {
  const centered = x.sub(x.mean(axes, { keepDims: true }));
  return centered.div(centered.square().mean(axes, { keepDims: true }).add(eps).sqrt());
}

/** x[:, :, start + stride·i] for i < count along an axis, by a slice and a reshape where the stride is not 1. */
function strided(x: Tensor, axis: number, start: number, stride: number, count: number): Tensor {
  if (stride === 1) return x.slice(start, start + count, axis);
  const picks = Array.from({ length: count }, (_, i) => x.slice(start + stride * i, start + stride * i + 1, axis));
  return concat(picks, axis);
}

function padded(x: Tensor, axes: number[], padding: number, fill = 0): Tensor {
  let result = x;
  for (const axis of padding === 0 ? [] : axes) {
    const edge = Tensor.of(
      constant(
        fill,
        result.shape.map((d, i) => (i === axis ? padding : d)),
      ),
    );
    result = concat([edge, result, edge], axis);
  }
  return result;
}

/** Windows of the spatial axes (2, 3, …): for each offset in the kernel, the part of x under it, [batch, channel, ...out]. */
function windows(x: Tensor, kernel: number[], stride: number, dilation: number): { offset: number[]; part: Tensor }[] {
  const lengths = kernel.map((k, i) => Math.floor((x.shape[i + 2]! - dilation * (k - 1) - 1) / stride) + 1);
  let found: { offset: number[]; part: Tensor }[] = [{ offset: [], part: x }];
  for (const [i, k] of kernel.entries()) {
    found = found.flatMap(({ offset, part }) =>
      Array.from({ length: k }, (_, o) => ({ offset: [...offset, o], part: strided(part, i + 2, o * dilation, stride, lengths[i]!) })),
    );
  }
  return found;
}

function convolution(x: Tensor, weight: Tensor, bias: Tensor, { stride = 1, padding = 0, dilation = 1 }: Case["given"]): Tensor {
  const kernel = weight.shape.slice(2);
  let total: Tensor | undefined;
  for (const { offset, part } of windows(
    padded(
      x,
      kernel.map((_, i) => i + 2),
      padding,
    ),
    kernel,
    stride,
    dilation,
  )) {
    // weight[:, :, offset] is [out, in]; contracted with the channel axis: [batch, ...space, out].
    const tap = offset.reduce((w, o) => w.at(o, 2), weight);
    const term = part.contract(tap, [[1, 1]]);
    total = total === undefined ? term : total.add(term);
  }
  const rank = kernel.length;
  const out = total!.add(bias);
  return out.transpose([0, rank + 1, ...kernel.map((_, i) => i + 1)]);
}

/** Elements of an axis spread `stride` apart, with zeros between, before and after. */
function placed(x: Tensor, axis: number, before: number, after: number, stride: number): Tensor {
  const gap = (shape: readonly number[]): Tensor => Tensor.of(constant(0, shape));
  const length = x.shape[axis]!;
  const apart = concat([x.expandDims(axis + 1), gap([...x.shape.slice(0, axis + 1), stride - 1, ...x.shape.slice(axis + 1)])], axis + 1);
  const line = apart.reshape(x.shape.map((d, i) => (i === axis ? length * stride : d))).slice(0, (length - 1) * stride + 1, axis);
  const edge = (count: number): Tensor => gap(x.shape.map((d, i) => (i === axis ? count : d)));
  return concat([edge(before), line, edge(after)], axis);
}

function recurrent(cell: (x: Tensor, state: Tensor[]) => Tensor[], states: number) {
  return (x: Tensor, hidden: number): Tensor => {
    const batch = x.shape[1]!;
    let state = Array.from({ length: states }, () => Tensor.of(constant(0, [batch, hidden])));
    const outputs: Tensor[] = [];
    for (let time = 0; time < x.shape[0]!; time++) {
      state = cell(x.at(time, 0), state);
      outputs.push(state[0]!.flatten());
    }
    return concat([...outputs, ...state.map((s) => s.flatten())]);
  };
}

const affine = (x: Tensor, weight: Tensor, bias: Tensor): Tensor => x.matmul(weight.transpose()).add(bias);
const gates = (x: Tensor, count: number): Tensor[] => {
  const width = x.shape[1]! / count;
  return Array.from({ length: count }, (_, k) => x.slice(k * width, (k + 1) * width, 1));
};

const layers: Record<string, (t: Tensors, given: Case["given"]) => Tensor> = {
  linear: (t) => affine(t.x!, t.weight!, t.bias!),
  conv1d: (t, given) => convolution(t.x!, t.weight!, t.bias!, given),
  conv2d: (t, given) => convolution(t.x!, t.weight!, t.bias!, given),
  conv2d_groups: (t, { groups }) => {
    const channels = t.x!.shape[1]! / groups;
    const outputs = t.weight!.shape[0]! / groups;
    const bias = t.bias ?? literal(new Array(t.weight!.shape[0]!).fill(0));
    return concat(
      Array.from({ length: groups }, (_, g) =>
        convolution(
          t.x!.slice(g * channels, (g + 1) * channels, 1),
          t.weight!.slice(g * outputs, (g + 1) * outputs, 0),
          bias.slice(g * outputs, (g + 1) * outputs),
          {},
        ),
      ),
      1,
    );
  },
  conv_transpose2d: (t, { stride, padding }) => {
    const kernel = t.weight!.shape.slice(2);
    let total: Tensor | undefined;
    for (let p = 0; p < kernel[0]!; p++) {
      for (let q = 0; q < kernel[1]!; q++) {
        const tap = t.x!.contract(t.weight!.at(p, 2).at(q, 2), [[1, 0]]).transpose([0, 3, 1, 2]);
        const rows = placed(tap, 2, p, kernel[0]! - 1 - p, stride);
        const term = placed(rows, 3, q, kernel[1]! - 1 - q, stride);
        total = total === undefined ? term : total.add(term);
      }
    }
    const cropped = [2, 3].reduce((y, axis) => y.slice(padding, y.shape[axis]! - padding, axis), total!);
    return cropped.add(t.bias!.reshape([t.bias!.shape[0]!, 1, 1]));
  },
  max_pool2d: (t, { kernel, stride }) =>
    windows(t.x!, [kernel, kernel], stride, 1)
      .map(({ part }) => part)
      .reduce((a, b) => where(a.less(b), b, a)),
  avg_pool2d: (t, { kernel, stride, padding }) =>
    windows(padded(t.x!, [2, 3], padding), [kernel, kernel], stride, 1)
      .map(({ part }) => part)
      .reduce((a, b) => a.add(b))
      .div(kernel * kernel),
  batch_norm_train: (t, { eps }) => standardized(t.x!, [0], eps).mul(t.weight!).add(t.bias!),
  batch_norm_eval: (t, { eps, running_mean, running_var }) =>
    t.x!.sub(running_mean).div(literal(running_var).add(eps).sqrt()).mul(t.weight!).add(t.bias!),
  layer_norm: (t, { eps }) => standardized(t.x!, [1], eps).mul(t.weight!).add(t.bias!),
  rms_norm: (t, { eps }) => t.x!.div(t.x!.square().mean(1, { keepDims: true }).add(eps).sqrt()).mul(t.weight!),
  group_norm: (t, { groups, eps }) => {
    const [batch, channels, length] = t.x!.shape;
    const grouped = standardized(t.x!.reshape([batch!, groups, (channels! / groups) * length!]), [2], eps).reshape(t.x!.shape);
    return grouped.mul(t.weight!.reshape([channels!, 1])).add(t.bias!.reshape([channels!, 1]));
  },
  softmax: (t) => t.x!.softmax(),
  log_softmax: (t) => t.x!.logSoftmax(),
  embedding: (t, { indices }) => t.weight!.gather(indices),
  scaled_dot_product_attention: (t, { causal }) => {
    const width = t.q!.shape[2]!;
    let scores = t.q!.contract(t.k!, [[2, 2]], [[0, 0]]).div(Math.sqrt(width));
    const [, queries, keys] = scores.shape;
    if (causal === true) {
      const mask = Array.from({ length: queries! }, (_, i) => Array.from({ length: keys! }, (_, j) => Number(j <= i)));
      scores = where(mask, scores, -1e300);
    }
    return scores.softmax().contract(t.v!, [[2, 1]], [[0, 0]]);
  },
  rnn_tanh: (t, { hiddenSize }) =>
    recurrent(
      (x, [h]) => [
        affine(x, t.weight_ih_l0!, t.bias_ih_l0!)
          .add(affine(h!, t.weight_hh_l0!, t.bias_hh_l0!))
          .tanh(),
      ],
      1,
    )(t.x!, hiddenSize),
  lstm: (t, { hiddenSize }) =>
    recurrent((x, [h, c]) => {
      const [i, f, g, o] = gates(affine(x, t.weight_ih_l0!, t.bias_ih_l0!).add(affine(h!, t.weight_hh_l0!, t.bias_hh_l0!)), 4);
      const cell = f!.sigmoid().mul(c!).add(i!.sigmoid().mul(g!.tanh()));
      return [o!.sigmoid().mul(cell.tanh()), cell];
    }, 2)(t.x!, hiddenSize),
  gru: (t, { hiddenSize }) =>
    recurrent((x, [h]) => {
      const [xr, xz, xn] = gates(affine(x, t.weight_ih_l0!, t.bias_ih_l0!), 3);
      const [hr, hz, hn] = gates(affine(h!, t.weight_hh_l0!, t.bias_hh_l0!), 3);
      const z = xz!.add(hz!).sigmoid();
      const n = xr!.add(hr!).sigmoid().mul(hn!).add(xn!).tanh();
      return [z.neg().add(1).mul(n).add(z.mul(h!))];
    }, 1)(t.x!, hiddenSize),
};

const cases = referenceJson("torch-layers.json")?.layers as Case[] | undefined;

describe.skipIf(cases === undefined)("layers and their gradients (needs ../shared/reference)", () => {
  for (const { layer, given, inputs, parameters, output, cotangent, inputGradients, parameterGradients } of cases ?? []) {
    const settings = Object.entries(given).filter(([, setting]) => typeof setting !== "string" && typeof setting !== "object");
    it(`${layer} ${JSON.stringify(Object.fromEntries(settings))} agrees with PyTorch to 12 digits`, () => {
      for (const got of differentiate((t) => layers[layer]!(t, given), { ...inputs, ...parameters }, cotangent)) {
        expectClose(got.value, output, 12, "output");
        for (const [name, expected] of Object.entries({ ...inputGradients, ...parameterGradients }))
          expectClose(got.gradients[name]!, expected, 11, name);
      }
    });
  }
});
