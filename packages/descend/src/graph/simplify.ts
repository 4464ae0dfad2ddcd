/**
 * Simplification: from a graph to a smaller one with the same outputs.
 *
 * Nodes are visited once, operands first. Each is rewritten by the rules of its kind until none applies, then looked up among the
 * nodes seen so far, so that equal computations become one node (hash-consing). What a rule makes is simplified in turn; its
 * operands already are, so the cost is linear in the number of nodes. Nodes that nobody reads are not reached and disappear.
 *
 * What the rules keep: shapes; NaN and infinities where they arise, but for forms that avoid an overflow; values up to rounding.
 * The families of rules say in their headers what they may change.
 */

import { InternalError } from "../errors.js";
import { broadcast, elementwise, reshape, slice, transpose } from "./build.js";
import { type ElementwiseOp, formatShape, makeNode, type Node, sameShape, topologicalOrder } from "./graph.js";
import { isElementwise } from "./primitives.js";
import { type RuleContext, rewriteElementwise } from "./simplify/elementwise-rules.js";
import { foldConstants } from "./simplify/fold-constants.js";
import { rewriteReduction } from "./simplify/reduction-rules.js";
import { rewriteView } from "./simplify/view-rules.js";

/**
 * Passes after which a graph that still changes is taken as it is. One is the rule, two where a rule freed a node that another waited for.
 */
const MAX_PASSES = 8;

/**
 * Simpler nodes for `outputs`, one each, of the same shape.
 *
 * Simplifying the result again gives the same nodes. Cost: O(nodes) per pass, a few passes.
 */
export function simplify(outputs: readonly Node[]): Node[] {
  let simple = outputs;
  let waiting = true;
  for (let pass = 0; pass < MAX_PASSES && waiting; pass++) [simple, waiting] = simplifyOnce(simple);
  return [...simple];
}

/** The nodes after one pass, and whether another may change them. */
function simplifyOnce(outputs: readonly Node[]): [simple: Node[], waiting: boolean] {
  const order = topologicalOrder(outputs);
  const readers = countReaders(order, outputs);
  /** Nodes that a rule left alone because of their other readers. */
  const shared = new Set<Node>();
  const readOnce = (node: Node): boolean => {
    if ((readers.get(node) ?? 1) <= 1) return true;
    shared.add(node);
    return false;
  };
  const simplifier = new Simplifier({ readOnce });
  for (const node of order) {
    const image = simplifier.simplified(node);
    // What replaces a node is read where the node was.
    if (image !== node) readers.set(image, (readers.get(image) ?? 0) + (readers.get(node) ?? 0));
  }
  const simple = outputs.map((output) => simplifier.simplified(output));
  if (shared.size === 0) return [simple, false];
  const left = countReaders(topologicalOrder(simple), simple);
  return [simple, [...shared].some((node) => left.get(node) === 1)];
}

/** How often each node is read, the outputs once more. */
function countReaders(order: readonly Node[], outputs: readonly Node[]): Map<Node, number> {
  const readers = new Map<Node, number>();
  const count = (node: Node): void => {
    readers.set(node, (readers.get(node) ?? 0) + 1);
  };
  for (const output of outputs) count(output);
  for (const node of order) for (const input of node.inputs) count(input);
  return readers;
}

class Simplifier {
  /** The simple form of every node met, itself included. */
  private readonly image = new Map<Node, Node>();
  /** One node for each computation. */
  private readonly interned = new Map<string, Node>();
  private readonly context: RuleContext;

  constructor(context: RuleContext) {
    this.context = context;
  }

  /** Recursion is as deep as what one rule makes, because nodes come operands first. */
  simplified(node: Node): Node {
    const known = this.image.get(node);
    if (known !== undefined) return known;
    const inputs = node.inputs.map((input) => this.simplified(input));
    const same = inputs.every((input, i) => input === node.inputs[i]);
    const rebuilt = same ? node : rebuild(node, inputs);
    const result = rebuilt === node ? this.settle(node) : this.simplified(rebuilt);
    if (!sameShape(result.shape, node.shape)) {
      throw new InternalError(`simplify turned ${node.op} ${formatShape(node.shape)} into ${formatShape(result.shape)}`);
    }
    this.image.set(node, result);
    return result;
  }

  /** The simple form of a node whose operands are simple. */
  private settle(node: Node): Node {
    const key = keyOf(node);
    const twin = this.interned.get(key);
    if (twin !== undefined) return twin;
    const folded = foldConstants(node);
    const rewritten = folded !== node ? folded : this.rewrite(node);
    const result = rewritten === undefined || rewritten === node ? node : this.simplified(rewritten);
    this.interned.set(key, result);
    return result;
  }

  private rewrite(node: Node): Node | undefined {
    if (isElementwise(node.op)) return rewriteElementwise(node, this.context);
    return rewriteView(node) ?? rewriteReduction(node, this.context);
  }
}

/** The same primitive on other operands of the same shapes. The constructors of build.ts fold what became known. */
function rebuild(node: Node, inputs: readonly Node[]): Node {
  if (isElementwise(node.op)) return elementwise(node.op as ElementwiseOp, inputs);
  switch (node.op) {
    case "reshape":
      return reshape(inputs[0]!, node.shape);
    case "broadcast":
      return broadcast(inputs[0]!, node.shape);
    case "transpose":
      return transpose(inputs[0]!, node.attributes.permutation);
    case "slice":
      return slice(inputs[0]!, node.attributes.axis, node.attributes.start, node.attributes.stop);
    default:
      return makeNode(node.op, inputs, node.shape, node.attributes as never);
  }
}

const COMMUTATIVE: ReadonlySet<string> = new Set(["add", "mul", "min", "max", "equal"]);
const arrayIds = new WeakMap<Float64Array, number>();
let nextArrayId = 0;

/** Equal for nodes that compute the same from the same operands. */
function keyOf(node: Node): string {
  const { op, inputs } = node;
  if (inputs.length === 2) {
    const [a, b] = [inputs[0]!.id, inputs[1]!.id];
    return a > b && COMMUTATIVE.has(op) ? `${op} ${b},${a} ${detailsOf(node)}` : `${op} ${a},${b} ${detailsOf(node)}`;
  }
  let key = `${op} `;
  for (const { id } of inputs) key += `${id},`;
  return `${key} ${detailsOf(node)}`;
}

function detailsOf(node: Node): string {
  switch (node.op) {
    case "constant":
      return `${node.shape} ${literalKey(node.attributes.value)}`;
    case "input":
      return `${node.shape} ${node.attributes.name}`;
    case "reshape":
    case "broadcast":
      return String(node.shape);
    case "sum":
    case "reduceMax":
      return String(node.attributes.axes);
    case "transpose":
      return String(node.attributes.permutation);
    case "slice":
      return `${node.attributes.axis} ${node.attributes.start} ${node.attributes.stop}`;
    case "concat":
      return String(node.attributes.axis);
    case "scatterAdd":
      return String(node.attributes.size);
    case "dot":
      return `${node.attributes.contract.join(";")}|${node.attributes.batch.join(";")}`;
    default:
      return "";
  }
}

/** Short arrays by content, long ones by identity. The sign of zero counts. */
function literalKey(value: number | Float64Array): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (value.length <= 64) return `[${Array.from(value, (element) => (Object.is(element, -0) ? "-0" : String(element))).join(",")}]`;
  const id = arrayIds.get(value) ?? nextArrayId++;
  arrayIds.set(value, id);
  return `#${id}`;
}
