/** The matrix of first derivatives of many outputs, for few parameters. */

import { ShapeError } from "../errors.js";
import { concat, constant, reshape } from "../graph/build.js";
import { elementCount, formatShape, hasRows, type Node, ROWS, type Shape } from "../graph/graph.js";
import { linearize } from "./jvp.js";
import { vjp } from "./vjp.js";

/**
 * J with J[…, j] = ∂output[…]/∂wrtⱼ.
 *
 * By forward mode, one direction per parameter (also for residuals with a row axis: [rows] gives [rows, n]), or by reverse mode,
 * one cotangent per output, when there are fewer outputs than parameters. The graph holds min(m, n) copies of the derivative.
 *
 * @param output - any shape S, also with rows.
 * @param wrt - vector [n] without rows.
 * @returns shape [...S, n].
 * @throws ShapeError SHAPE_MISMATCH if `wrt` is not a vector.
 */
export function jacobian(output: Node, wrt: Node): Node {
  checkVector(wrt);
  const n = wrt.shape[0]!;
  const m = elementCount(output.shape);
  if (n === 0) return constant(0, [...output.shape, 0]);
  if (!output.shape.includes(ROWS) && m < n) return m === 0 ? constant(0, [...output.shape, n]) : byRows(output, m, wrt, n);
  return byColumns(output, wrt, n);
}

/**
 * The columns ∂output/∂wrtⱼ of {@link jacobian}, each of the shape of `output`, by forward mode; a constant 0 where nothing changes.
 *
 * @throws ShapeError SHAPE_MISMATCH if `wrt` is not a vector.
 */
export function jacobianColumns(output: Node, wrt: Node): Node[] {
  checkVector(wrt);
  const n = wrt.shape[0]!;
  const derivative = linearize([output], [wrt]);
  return Array.from({ length: n }, (_, j) => derivative([oneHot(j, [n])])[0] ?? constant(0, output.shape));
}

function byColumns(output: Node, wrt: Node, n: number): Node {
  const derivative = linearize([output], [wrt]);
  const columns: Node[] = [];
  let zeros = true;
  for (let j = 0; j < n; j++) {
    const [column] = derivative([oneHot(j, [n])]);
    if (column !== undefined) zeros = false;
    columns.push(reshape(column ?? constant(0, output.shape), [...output.shape, 1]));
  }
  return zeros ? constant(0, [...output.shape, n]) : concat(columns, output.shape.length);
}

function byRows(output: Node, m: number, wrt: Node, n: number): Node {
  const rows: Node[] = [];
  for (let i = 0; i < m; i++) {
    const [row] = vjp([output], [oneHot(i, output.shape)], [wrt]);
    rows.push(reshape(row!, [1, n]));
  }
  return reshape(concat(rows, 0), [...output.shape, n]);
}

function checkVector(wrt: Node): void {
  if (wrt.shape.length === 1 && !hasRows(wrt)) return;
  const got = formatShape(wrt.shape);
  throw new ShapeError("SHAPE_MISMATCH", `jacobian: expected to differentiate by a vector, got ${got}. Flatten it first.`, {
    where: "jacobian",
    expected: "[n]",
    got,
  });
}

/** 1 at the i-th element, row-major, 0 elsewhere. */
function oneHot(i: number, shape: Shape): Node {
  const values = new Float64Array(elementCount(shape));
  values[i] = 1;
  return constant(values, shape);
}
