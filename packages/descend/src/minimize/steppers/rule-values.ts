/** What a rule says of single points, evaluated outside the compiled step: before it begins, after a move, and for the tests at the end. */

import { binary, input, unary } from "../../graph/build.js";
import { evaluate } from "../../graph/interpret.js";
import { Tensor } from "../../graph/tensor.js";
import type { Transformation } from "../../optim/transformation.js";
import { residualOf } from "../least-squares/residual.js";
import type { GradientChoice } from "../objective/gradient-choice.js";
import { PARAMS } from "./cells.js";

type OfPoint = (params: ArrayLike<number>) => Float64Array;

export interface RuleValues {
  /** What must vanish at a minimizer; undefined where that is the gradient. */
  readonly residual: ReturnType<typeof residualOf>;
  /** The allowed point nearest to one; undefined where every point is allowed. */
  readonly project: OfPoint | undefined;
  /** 1 for each parameter along which curvature tells something; undefined where the rule does not say. */
  readonly smooth: OfPoint | undefined;
}

export function ruleValues(rule: Transformation, size: number): RuleValues {
  return {
    residual: residualOf(rule, size),
    project: evaluated(size, rule.project && ((params) => rule.project!(params))),
    smooth: evaluated(size, rule.smooth && ((params) => rule.smooth!(params))),
  };
}

/** The objective with the penalty of the rule in its values, not in its gradients. */
export function withPenalty(choice: GradientChoice, rule: Transformation, size: number): GradientChoice {
  if (rule.penalty === undefined) return choice;
  if (choice.kind === "exact") {
    const { graph } = choice;
    const penalty = unary("stopGradient", rule.penalty(Tensor.of(graph.params)).node);
    return { ...choice, graph: { ...graph, value: binary("add", graph.value, penalty) } };
  }
  const values = evaluated(size, (params) => rule.penalty!(params))!;
  const penalty = (params: Float64Array): number => values(params)[0]!;
  return {
    ...choice,
    value: (params) => choice.value(params) + penalty(params),
    evaluate(params, draw) {
      const evaluation = choice.evaluate(params, draw);
      return { ...evaluation, value: evaluation.value + penalty(params) };
    },
  };
}

function evaluated(size: number, of: ((params: Tensor) => Tensor) | undefined): OfPoint | undefined {
  const node = of?.(Tensor.of(input(PARAMS, [size]))).node;
  return node && ((params) => evaluate([node], { inputs: { [PARAMS]: params } })[0]!);
}
