import { OptionError } from "../errors.js";
import { tensor, where } from "../graph/tensor-functions.js";
import { NON_NEGATIVE, type OptionTable, readOptions } from "./options.js";
import type { State, Transformation } from "./transformation.js";
import { safeTwoNorm } from "./two-norm.js";

export interface SharpnessAwareOptions {
  readonly radius?: number;
}

/** The rows of {@link SharpnessAwareOptions}. */
export const sharpnessAwareTable: OptionTable<SharpnessAwareOptions> = {
  radius: {
    kind: "number",
    default: 0.05,
    ...NON_NEGATIVE,
    meaning: "ρ: distance, in units of the parameters, of the point whose gradient is used",
  },
};

/**
 * Any method, on the gradient of a point uphill: steps that lower the value of the worst neighbor, and so prefer flat minima.
 *
 * g ← ∇f(x + ρ·∇f(x)/‖∇f(x)‖₂), and the method goes on with g in place of the gradient
 *
 * Both gradients of a step are taken on the same rows.
 *
 * @param method - a complete method. This rule must see the gradient itself: rules that change it belong inside, rules that clip or decay
 * updates behind.
 * @param options.radius - ρ ≥ 0; 0 is the method itself, at twice the cost. Default 0.05.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN; OPTIONS_CONFLICT if another rule of a chain stands before it
 *
 * Cost: two gradients a step.
 * Source: Foret et al. 2021, equations 2–3, p = 2.
 */
export function sharpnessAware(method: Transformation, options: SharpnessAwareOptions = {}): Transformation {
  const { radius } = readOptions("sharpnessAware", sharpnessAwareTable, options);
  const name = `sharpnessAware(${method.name})`;
  if (method.probe !== undefined) throw conflict(name, `${method.name} asks for a second gradient of its own`, [method.name]);
  return {
    name,
    init: (params, context) => method.init(params, context),
    update(updates, state: State, context) {
      const { probeGradient } = context;
      if (updates !== context.gradient || probeGradient === undefined) {
        throw conflict(name, "it needs the gradient as it is, but a rule before it changed it. Put that rule inside or behind", ["chain"]);
      }
      return method.update(probeGradient, state, { ...context, gradient: probeGradient });
    },
    probe(params, gradient) {
      const norm = safeTwoNorm(gradient);
      return params.add(gradient.mul(where(norm.equal(0), 0, tensor(radius).div(norm))));
    },
    ...(method.answer === undefined ? {} : { answer: (params, state, context) => method.answer!(params, state, context) }),
  };
}

function conflict(name: string, reason: string, others: readonly string[]): OptionError {
  return new OptionError("OPTIONS_CONFLICT", `${name}: ${reason}.`, { options: [name, ...others] });
}
