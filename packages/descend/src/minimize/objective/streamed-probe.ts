/** Values and Hessian products where an evaluation is a pass over rows that are not in memory: as many as are known together in one. */

import { laneDot } from "../../numeric/blas1.js";
import { PRODUCT_IN_GRADIENTS } from "../judging/judging-meter.js";
import { CurvatureProbe } from "./curvature-probe.js";
import type { Target } from "./evaluation.js";
import { hessianMatrix } from "./hessian-matrix.js";
import type { ObjectiveGraph } from "./objective-graph.js";
import { compileProducts, compileValues } from "./side-by-side.js";

/** Points, or directions, of a pass: as many as make it compute about as long as it reads. */
const WIDTH = 16;
const SPACING = 4;
/** Products that the tests of a point ask for, at least, one after the other. */
const PRODUCTS_OF_A_TEST = 12;
/**
 * Parameters up to which the whole Hessian is made in their place, by as many products as there are parameters: in at most three passes.
 */
const MAX_MATRIX_SIZE = 3 * WIDTH;

export class StreamedProbe extends CurvatureProbe {
  private readonly size: number;
  /** Columns of the Hessian of a pass: about as many in each. */
  private readonly width: number;
  private readonly compileValues: (count: number) => ReturnType<typeof compileValues>;
  private readonly compileProducts: () => ReturnType<typeof compileProducts>;
  private readonly manyValues: Map<number, ReturnType<typeof compileValues>> = new Map();
  private manyProducts: ReturnType<typeof compileProducts> | undefined;
  /** What was asked for at the last point: its Hessian, [n, n], or single products by their direction. */
  private place: Float64Array | undefined;
  private hessian: Float64Array | undefined;
  private readonly products: Map<string, Float64Array> = new Map();

  constructor(graph: ObjectiveGraph, target: Target) {
    super(graph, target);
    this.size = target.layout.size;
    this.width = Math.ceil(this.size / Math.ceil(this.size / WIDTH));
    this.compileValues = (count) => compileValues(graph, target, count);
    this.compileProducts = () => compileProducts(graph, target, this.width);
  }

  /** Passes that a value and a product take where a point is tested, about. */
  get passes(): { readonly value: number; readonly product: number } {
    const { size } = this;
    return { value: 2 / WIDTH, product: size <= MAX_MATRIX_SIZE ? Math.ceil(size / WIDTH) / PRODUCTS_OF_A_TEST : PRODUCT_IN_GRADIENTS };
  }

  /** f at each point: the bits of {@link value}. */
  values(points: readonly Float64Array[]): number[] {
    if (points.length === 1) return [this.value(points[0]!)];
    // For one place more or less nothing is compiled anew
    const places = Math.min(WIDTH, SPACING * Math.ceil(points.length / SPACING));
    const evaluate = this.manyValues.get(places) ?? this.compileValues(places);
    this.manyValues.set(places, evaluate);
    const values: number[] = [];
    for (let k = 0; k < points.length; k += places) values.push(...evaluate(points.slice(k, k + places)));
    return values;
  }

  /** v ↦ H(params)·v, none asked for twice; of few parameters the whole of H is made when the first product is asked for. */
  override hessianVector(params: ArrayLike<number>): (direction: Float64Array) => Float64Array {
    const point = Float64Array.from(params);
    const multiply = super.hessianVector(point);
    return (direction) => {
      this.moveTo(point);
      if (this.size <= MAX_MATRIX_SIZE) return this.multiply(point, direction);
      const key = direction.join();
      const product = this.products.get(key) ?? multiply(direction);
      this.products.set(key, product);
      return product.slice();
    };
  }

  private moveTo(point: Float64Array): void {
    if (this.place?.every((x, i) => x === point[i]) === true) return;
    this.place = point;
    this.hessian = undefined;
    this.products.clear();
  }

  private multiply(point: Float64Array, direction: Float64Array): Float64Array {
    const n = this.size;
    this.hessian ??= this.hessianAt(point);
    const rows = this.hessian;
    return direction.map((_, i) => laneDot(rows.subarray(i * n, (i + 1) * n), direction));
  }

  private hessianAt(point: Float64Array): Float64Array {
    const { size: n, width } = this;
    this.manyProducts ??= this.compileProducts();
    const columns: Float64Array[] = [];
    for (let first = 0; first < n; first += width) {
      const units = Array.from({ length: Math.min(width, n - first) }, (_, k) => new Float64Array(n).fill(1, first + k, first + k + 1));
      columns.push(...this.manyProducts(point, units));
    }
    let next = 0;
    return hessianMatrix(() => columns[next++]!, n);
  }
}
