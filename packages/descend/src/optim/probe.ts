import { OptionError } from "../errors.js";
import type { Transformation } from "./transformation.js";

/**
 * The `probe` of a rule made of others: that of the one among them that asks for a second gradient, as a part to spread into the rule.
 *
 * @param where - the rule made of them, for the message.
 * @throws OptionError OPTIONS_CONFLICT if more than one asks
 */
export function probeOf(where: string, rules: readonly Transformation[]): Pick<Transformation, "probe"> {
  const [asking, other] = rules.filter((rule) => rule.probe !== undefined);
  if (asking === undefined) return {};
  if (other === undefined) return { probe: (params, gradient, context) => asking.probe!(params, gradient, context) };
  throw new OptionError(
    "OPTIONS_CONFLICT",
    `${where}: ${asking.name} and ${other.name} both want the gradient at a second point, and a step has room for one.`,
    { options: [asking.name, other.name] },
  );
}
