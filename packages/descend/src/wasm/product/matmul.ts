/**
 * The matrix product in WebAssembly SIMD: blocks of C in registers, panels of A and B copied where their layout is in the way.
 *
 * C[i, j] = or += Σ_{p<k} A[i, p]·B[p, j]    for i < m, j < n
 *
 * Order of the sum, whatever m, n, the strides and the blocking are: from left to right, starting as +0, ascending in p; with
 * `accumulate` the finished sum is then added to C. With k = 0, C is +0 or stays as it is. Every product and every sum
 * is rounded, unless `fast` asks for the machine's fused multiply-add. (Blocks of p do not show: a sum goes on where the
 * last block left it.)
 *
 * Source: Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication", for the blocking.
 */

import { invariant } from "../../errors.js";
import type { DType } from "../../graph/program.js";
import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";
import { sharedFunction } from "../encode/shared-function.js";
import { type Format, formats } from "./matmul-format.js";
import { fitsRegisters, type KernelSpec, kernelFunction, kernelModes } from "./matmul-kernel.js";
import { type PackSpec, packFunction } from "./matmul-pack.js";
import { checkProduct, exchanged } from "./matmul-shared.js";

/** Steps of p for which panels of A and B are held in the caches. */
const kBlockOfPlan = 256;

/** What is multiplied, and where it lies. Strides are in bytes, not negative; elements of a row of C are neighbors. */
export interface MatmulSpec {
  readonly dtype: DType;
  /** Rows of A and C, at least 1. */
  readonly m: number;
  /** Columns of B and C, at least 1. */
  readonly n: number;
  /** The largest k the function will be called with. */
  readonly kMax: number;
  /** A[i, p] is at a + i·aRow + p·aK; B[p, j] at b + p·bK + j·bColumn; C[i, j] at c + i·cRow + j·(bytes of an element). */
  readonly strides: {
    readonly aRow: number;
    readonly aK: number;
    readonly bK: number;
    readonly bColumn: number;
    readonly cRow: number;
  };
  /** Add to C instead of overwriting it. Default false. The panels are then not cut along p: the scratch grows with kMax. */
  readonly accumulate?: boolean;
  /**
   * Use relaxed SIMD's multiply-add: faster on some machines, and rounded as the machine likes. The caller
   * knows that the runtime has it. Default false.
   */
  readonly fast?: boolean;
}

/** A product as a function of the module. */
export interface Matmul {
  /** (a, b, c, scratch, k: i32) → (): addresses in bytes; 0 ≤ k ≤ kMax. */
  readonly fn: FunctionBuilder;
  /** Bytes of scratch memory a call uses; its content is of no interest before or after. Its address should be a multiple of 16. */
  readonly scratchBytes: number;
}

/**
 * Adds a product of fixed shape and strides to a module.
 *
 * It reads no byte outside the elements of A and B and writes none outside the elements of C; A and B may overlap each other,
 * but not C or the scratch.
 */
export function matmulFunction(module: ModuleBuilder, spec: MatmulSpec): Matmul {
  const { m, n, strides } = spec;
  checkProduct(spec);
  const format = formats[spec.dtype];
  if (n === 1 && m > 1 && strides.cRow === format.size) return transposedProduct(module, spec, format);

  const plan = planProduct(spec, format);
  const { rows, columns, rowsPerBlock, packA, packB, panelK } = plan;
  const scratchOfA = packA ? Math.ceil((Math.min(m, rowsPerBlock) * plan.kBlock * format.size) / 16) * 16 : 0;
  const scratchBytes = scratchOfA + (packB ? plan.kBlock * panelK : 0);
  const aRow = packA ? format.size : strides.aRow;

  const f = module.addFunction(["i32", "i32", "i32", "i32", "i32"], []);
  const [a, b, c, scratch, k] = [0, 1, 2, 3, 4];
  const [kNow, mode, strips] = [f.local("i32"), f.local("i32"), f.local("i32")];
  const [row, rowEnd, column] = [f.local("i32"), f.local("i32"), f.local("i32")];
  const [bPanel, aStrip, cStrip] = [f.local("i32"), f.local("i32"), f.local("i32")];

  const kernel = (stripRows: number, panelColumns: number): FunctionBuilder => {
    const kernelSpec: KernelSpec = {
      format,
      rows: stripRows,
      columns: panelColumns,
      aRow,
      aK: packA ? stripRows * format.size : strides.aK,
      bK: packB ? panelK : strides.bK,
      bPadded: packB,
      cRow: strides.cRow,
      fast: spec.fast ?? false,
    };
    return sharedFunction(module, `kernel ${JSON.stringify(kernelSpec)}`, () => kernelFunction(module, kernelSpec));
  };
  const pack = (packSpec: PackSpec): FunctionBuilder =>
    sharedFunction(module, `pack ${JSON.stringify(packSpec)}`, () => packFunction(module, packSpec));

  /** strips ← whole strips in the rows row ≤ i < rowEnd of this block. */
  const countStrips = (): void => {
    f.get(rowEnd).get(row).op("i32.sub").i32(rows).op("i32.div_u").set(strips);
  };
  const restRows = m % rows;
  /** The strip of less than `rows` rows at the end of the last block. */
  const inLastBlock = (body: () => void): void => {
    if (restRows === 0) return;
    if (m <= rowsPerBlock) body();
    else f.get(rowEnd).i32(m).op("i32.eq").if(body);
  };

  /** Copies the rows of this block, strip after strip, to the scratch. Uses aStrip as source and cStrip as target. */
  const packRows = (): void => {
    const packStrip = (stripRows: number): void => {
      const packer = pack({
        format,
        columns: stripRows,
        sourceK: strides.aK,
        sourceColumn: strides.aRow,
        targetK: stripRows * format.size,
      });
      f.get(aStrip).get(cStrip).get(kNow).call(packer);
    };
    f.get(a).get(row).i32(strides.aRow).op("i32.mul").op("i32.add").set(aStrip);
    f.get(scratch).set(cStrip);
    countStrips();
    f.get(strips).if(() => {
      f.loop((again) => {
        packStrip(rows);
        f.get(aStrip)
          .i32(rows * strides.aRow)
          .op("i32.add")
          .set(aStrip);
        f.get(cStrip)
          .get(kNow)
          .i32(rows * format.size)
          .op("i32.mul")
          .op("i32.add")
          .set(cStrip);
        f.get(strips).i32(1).op("i32.sub").tee(strips).brIf(again);
      });
    });
    inLastBlock(() => packStrip(restRows));
  };

  /** All rows of this block by the panel of B at `column`. */
  const multiplyPanel = (panelColumns: number): void => {
    f.get(b).get(column).i32(strides.bColumn).op("i32.mul").op("i32.add").set(bPanel);
    if (packB) {
      f.get(bPanel).get(scratch).i32(scratchOfA).op("i32.add").get(kNow);
      f.call(pack({ format, columns: panelColumns, sourceK: strides.bK, sourceColumn: strides.bColumn, targetK: panelK }));
      f.get(scratch).i32(scratchOfA).op("i32.add").set(bPanel);
    }
    if (packA) f.get(scratch).set(aStrip);
    else f.get(a).get(row).i32(strides.aRow).op("i32.mul").op("i32.add").set(aStrip);
    f.get(c).get(row).i32(strides.cRow).op("i32.mul").op("i32.add").get(column).i32(format.size).op("i32.mul").op("i32.add").set(cStrip);
    countStrips();
    const multiplyStrip = (stripRows: number): void => {
      f.get(aStrip).get(bPanel).get(cStrip).get(kNow).get(mode).call(kernel(stripRows, panelColumns));
    };
    f.get(strips).if(() => {
      f.loop((again) => {
        multiplyStrip(rows);
        f.get(aStrip);
        if (packA)
          f.get(kNow)
            .i32(rows * format.size)
            .op("i32.mul");
        else f.i32(rows * strides.aRow);
        f.op("i32.add").set(aStrip);
        f.get(cStrip)
          .i32(rows * strides.cRow)
          .op("i32.add")
          .set(cStrip);
        f.get(strips).i32(1).op("i32.sub").tee(strips).brIf(again);
      });
    });
    inLastBlock(() => multiplyStrip(restRows));
  };

  const multiplyBlock = (): void => {
    if (packA) packRows();
    f.i32(0).set(column);
    if (n >= columns) {
      f.loop((again) => {
        multiplyPanel(columns);
        f.get(column)
          .i32(columns)
          .op("i32.add")
          .tee(column)
          .i32(n - columns)
          .op("i32.le_s")
          .brIf(again);
      });
    }
    if (n % columns > 0) multiplyPanel(n % columns);
  };

  f.block((done) => {
    if (spec.accumulate === true) f.get(k).op("i32.eqz").brIf(done);
    f.i32(spec.accumulate === true ? kernelModes.add : kernelModes.overwrite).set(mode);
    f.loop((nextK) => {
      f.get(k).i32(plan.kBlock).get(k).i32(plan.kBlock).op("i32.lt_u").op("select").set(kNow);
      f.i32(0).set(row);
      f.loop((nextRows) => {
        f.get(row).i32(rowsPerBlock).op("i32.add").set(rowEnd);
        f.i32(m).get(rowEnd).get(rowEnd).i32(m).op("i32.gt_s").op("select").set(rowEnd);
        multiplyBlock();
        f.get(rowEnd).tee(row).i32(m).op("i32.lt_s").brIf(nextRows);
      });
      f.get(a).get(kNow).i32(strides.aK).op("i32.mul").op("i32.add").set(a);
      f.get(b).get(kNow).i32(strides.bK).op("i32.mul").op("i32.add").set(b);
      f.i32(kernelModes.goOn).set(mode);
      f.get(k).get(kNow).op("i32.sub").tee(k).brIf(nextK);
    });
  });
  return { fn: f, scratchBytes };
}

/** How a product is cut into pieces. */
interface Plan {
  /** Rows of a strip of A. */
  readonly rows: number;
  /** Columns of a panel of B. */
  readonly columns: number;
  /** Rows of A that are gone through for one panel of B: what stays in the second-level cache. A multiple of `rows`. */
  readonly rowsPerBlock: number;
  /** The longest block of p. */
  readonly kBlock: number;
  readonly packA: boolean;
  readonly packB: boolean;
  /** Bytes of a row of a packed panel of B. */
  readonly panelK: number;
}

/** Blocks of C (rows × vectors) that fit the registers, for few rows wider ones: eight sums hide the latency of an addition. */
const blocksByRows: readonly (readonly [rows: number, vectors: number])[] = [
  [1, 6],
  [2, 4],
  [3, 2],
  [4, 2],
];

function planProduct(spec: MatmulSpec, format: Format): Plan {
  const { m, n, strides } = spec;
  const [rows, widest] = n <= format.lanes && m > 4 ? [6, 1] : blocksByRows[Math.min(m, 4) - 1]!;
  const vectors = Math.min(widest, Math.ceil(n / format.lanes));
  invariant(fitsRegisters(rows, vectors), "a block of C fits the registers");
  const columns = vectors * format.lanes;
  // A sum that must be complete before it is added to C cannot be left between blocks of p.
  const kBlock = Math.max(1, spec.accumulate === true ? spec.kMax : Math.min(spec.kMax, kBlockOfPlan));
  const bytesOfBlock = 256 * 1024;
  const rowsPerBlock = Math.max(rows, Math.floor(bytesOfBlock / (kBlock * format.size) / rows) * rows);
  return {
    rows,
    columns,
    rowsPerBlock,
    kBlock,
    panelK: vectors * 16,
    // A copy pays when it is read more than once or twice: strided reads of a few bytes miss the
    // first-level cache, and powers of two conflict in it.
    packA: strides.aK !== format.size && n > 2 * columns,
    packB: strides.bColumn !== format.size || m > rows,
  };
}

/** A product with a single column is computed as the single row of its transpose: vectors then run along the rows of A. */
function transposedProduct(module: ModuleBuilder, spec: MatmulSpec, format: Format): Matmul {
  const { aRow, aK, bK } = spec.strides;
  const inner = matmulFunction(module, {
    ...spec,
    m: 1,
    n: spec.m,
    strides: { aRow: 0, aK: bK, bK: aK, bColumn: aRow, cRow: spec.m * format.size },
  });
  return { fn: exchanged(module, inner.fn), scratchBytes: inner.scratchBytes };
}
