/**
 * Graphs as text, one node a line, for people who look at what was traced, differentiated or simplified.
 */

import { formatShape, type Node, topologicalOrder } from "./graph.js";

export { type ExpressionStyle, formatExpression } from "./format-expression.js";

/**
 * One line a node, operands first: `%3 = mul %1 %2 : [rows, 3]`. Constants stand where they are used (an array of more than
 * four numbers by its shape). The last lines name the outputs.
 *
 * @param names - names of the outputs. Default: `output`, or `output 0`, `output 1`, ….
 */
export function printGraph(outputs: readonly Node[], names: readonly string[] = []): string {
  const labels = new Map<Node, string>();
  const lines: string[] = [];
  for (const node of topologicalOrder(outputs)) {
    if (node.op === "constant") {
      labels.set(node, literal(node.attributes.value, node));
      continue;
    }
    const label = `%${lines.length}`;
    labels.set(node, label);
    const words = [node.op, ...node.inputs.map((input) => labels.get(input)!), ...attributeWords(node)];
    lines.push(`${label} = ${words.join(" ")} : ${formatShape(node.shape)}`);
  }
  outputs.forEach((node, i) => {
    lines.push(`${names[i] ?? (outputs.length === 1 ? "output" : `output ${i}`)} = ${labels.get(node)}`);
  });
  return lines.join("\n");
}

function literal(value: number | Float64Array, node: Node): string {
  if (typeof value === "number") return numberText(value);
  return value.length <= 4 ? `[${[...value].map(numberText).join(", ")}]` : `constant${formatShape(node.shape)}`;
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function attributeWords(node: Node): string[] {
  switch (node.op) {
    case "input":
      return [node.attributes.name];
    case "sum":
    case "reduceMax":
      return [`axes=${node.attributes.axes.join(",")}`];
    case "transpose":
      return [`axes=${node.attributes.permutation.join(",")}`];
    case "slice":
      return [`axis=${node.attributes.axis}`, `${node.attributes.start}:${node.attributes.stop}`];
    case "concat":
      return [`axis=${node.attributes.axis}`];
    case "scatterAdd":
      return [`size=${node.attributes.size}`];
    case "dot": {
      const pairs = (list: readonly (readonly [number, number])[]): string => list.map(([i, j]) => `${i}·${j}`).join(",");
      const { contract, batch } = node.attributes;
      return [`contract=${pairs(contract)}`, ...(batch.length === 0 ? [] : [`batch=${pairs(batch)}`])];
    }
    default:
      return [];
  }
}
