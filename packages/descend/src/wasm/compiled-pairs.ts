/**
 * Curvature pairs in WebAssembly memory, and the two-loop recursion over them as one compiled function.
 *
 * Bit for bit as `multiplyInverse` (`numeric/curvature-pairs.ts`): of the lanes of its sums 0 and 1 are in one register, 2 and 3 in
 * another, what is left over is added to lane 0.
 */

import { type CurvaturePairs, multiplyInverse, type PairSpace } from "../numeric/curvature-pairs.js";
import { type FunctionBuilder, ModuleBuilder } from "./encode/assembler.js";
import { engineModule } from "./features.js";

const PAGE = 65536;
/** Of memory, at most. */
const MOST_BYTES = 2 ** 30;
const BYTES = 8;
/** Vectors begin at multiples of this: a load never lies in two lines of a cache. */
const ALIGNMENT = 64;
/**
 * A pair in the table that the recursion reads: addresses of s and y, of s of the pair before and y of
 * the pair behind, sᵀy, and room for a weight.
 */
const PAIR = { step: 0, change: 4, stepBefore: 8, changeBehind: 12, curvature: 16, weight: 24, bytes: 32 };

/** Length of vectors from which on the call into compiled code pays. */
export const COMPILED_LENGTH = 32;

type Multiply = (target: number, table: number, count: number, n: number) => void;

/** Compiled once, for all spaces. */
let compiled: WebAssembly.Module | undefined;

/**
 * An empty space. Its memory is 1 GiB at most; it is freed with the space.
 *
 * @throws CompileError FEATURE_MISSING without WebAssembly SIMD, when room is made.
 */
export function compiledPairs(): PairSpace {
  let memory: WebAssembly.Memory | undefined;
  let multiply: Multiply | undefined;
  let vectors: readonly Float64Array[] = [];
  let free: Float64Array[] = [];
  /** The table, as addresses and as numbers; it lies behind the vectors. */
  let words = new Int32Array();
  let numbers = new Float64Array();
  let table = 0;
  const lies = (vector: Float64Array): boolean => vector.buffer === memory?.buffer;
  const fits = ({ steps, changes }: CurvaturePairs): boolean =>
    steps.length * PAIR.bytes <= words.byteLength && steps.every(lies) && changes.every(lies);
  return {
    reserve(count, size) {
      const stride = Math.ceil((size * BYTES) / ALIGNMENT) * ALIGNMENT;
      const room = Math.min(count, Math.floor(MOST_BYTES / (stride + PAIR.bytes)));
      table = room * stride;
      const pages = Math.ceil((table + room * PAIR.bytes) / PAGE);
      if (memory === undefined || memory.buffer.byteLength < pages * PAGE) {
        compiled ??= engineModule(recursionModule());
        memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
        multiply = new WebAssembly.Instance(compiled, { descend: { memory } }).exports.multiply as Multiply;
      }
      const { buffer } = memory;
      vectors = Array.from({ length: room }, (_, k) => new Float64Array(buffer, k * stride, size));
      free = [...vectors];
      words = new Int32Array(buffer, table, (room * PAIR.bytes) / 4);
      numbers = new Float64Array(buffer, table, (room * PAIR.bytes) / BYTES);
    },
    take: (size) => free.pop() ?? new Float64Array(size),
    multiply(target, pairs) {
      if (multiply === undefined || !lies(target) || !fits(pairs)) {
        multiplyInverse(target, pairs);
        return;
      }
      const { steps, changes, curvatures } = pairs;
      const last = steps.length - 1;
      for (let k = 0; k <= last; k++) {
        const at = k * PAIR.bytes;
        words[(at + PAIR.step) / 4] = steps[k]!.byteOffset;
        words[(at + PAIR.change) / 4] = changes[k]!.byteOffset;
        // At the ends there is none; the product with it is not used.
        words[(at + PAIR.stepBefore) / 4] = steps[Math.max(0, k - 1)]!.byteOffset;
        words[(at + PAIR.changeBehind) / 4] = changes[Math.min(last, k + 1)]!.byteOffset;
        numbers[(at + PAIR.curvature) / BYTES] = curvatures[k]!;
      }
      multiply(target.byteOffset, table, steps.length, target.length);
    },
    settle(state) {
      // Some twenty vectors: comparing them takes less than hashing them
      const held = Object.values(state) as readonly (readonly unknown[] | Float64Array)[];
      free = vectors.filter((vector) => !held.some((part) => Array.isArray(part) && part.includes(vector)));
    },
  };
}

function recursionModule(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ initialPages: 0, maximumPages: MOST_BYTES / PAGE, shared: false });
  const dot = dotFunction(module);
  const addScaled = addScaledFunction(module);
  const scale = scaleFunction(module);
  const f = module.addFunction(["i32", "i32", "i32", "i32"], [], "multiply");
  const [target, table, count, n] = [0, 1, 2, 3];
  const [pair, end, newest, product] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("f64")];
  f.get(table).get(count).i32(PAIR.bytes).op("i32.mul").op("i32.add").tee(end);
  f.i32(PAIR.bytes).op("i32.sub").set(newest);

  // From the newest pair to the oldest
  f.get(newest).memory("i32.load", PAIR.step).get(target).get(n).call(dot).set(product);
  f.get(end).set(pair);
  f.loop((again) => {
    f.get(pair).i32(PAIR.bytes).op("i32.sub").tee(pair);
    f.get(product).get(pair).memory("f64.load", PAIR.curvature).op("f64.div").tee(product).memory("f64.store", PAIR.weight);
    f.get(target).get(product).op("f64.neg").get(pair).memory("i32.load", PAIR.change).get(pair).memory("i32.load", PAIR.stepBefore);
    f.get(n).call(addScaled).set(product);
    f.get(pair).get(table).op("i32.ne").brIf(again);
  });

  f.get(target).get(newest).memory("f64.load", PAIR.curvature);
  f.get(newest).memory("i32.load", PAIR.change).get(newest).memory("i32.load", PAIR.change).get(n).call(dot);
  f.op("f64.div").get(n).call(scale);

  // And back
  f.get(table).tee(pair).memory("i32.load", PAIR.change).get(target).get(n).call(dot).set(product);
  f.loop((again) => {
    f.get(target);
    f.get(pair).memory("f64.load", PAIR.weight);
    f.get(product).get(pair).memory("f64.load", PAIR.curvature).op("f64.div").op("f64.sub");
    f.get(pair).memory("i32.load", PAIR.step).get(pair).memory("i32.load", PAIR.changeBehind);
    f.get(n).call(addScaled).set(product);
    f.get(pair).i32(PAIR.bytes).op("i32.add").tee(pair).get(end).op("i32.lt_u").brIf(again);
  });
  return module.build();
}

/** (a, b, n) → Σ aᵢ·bᵢ */
function dotFunction(module: ModuleBuilder): FunctionBuilder {
  const f = module.addFunction(["i32", "i32", "i32"], ["f64"]);
  const [a, b, n] = [0, 1, 2];
  const lanes = [f.local("v128"), f.local("v128")] as const;
  const total = f.local("f64");
  repeat(f, n, 4, [a, b], () => {
    lanes.forEach((lane, k) => {
      f.get(lane);
      f.get(a).memory("v128.load", 16 * k);
      f.get(b).memory("v128.load", 16 * k);
      f.op("f64x2.mul").op("f64x2.add").set(lane);
    });
  });
  f.get(lanes[0]).lane("f64x2.extract_lane", 0).set(total);
  repeat(f, n, 1, [a, b], () => {
    f.get(total).get(a).memory("f64.load").get(b).memory("f64.load").op("f64.mul").op("f64.add").set(total);
  });
  pushSum(f, total, lanes);
  return f;
}

/** (target, factor, x, y, n): target ← target + factor·x → Σ targetᵢ·yᵢ */
function addScaledFunction(module: ModuleBuilder): FunctionBuilder {
  const f = module.addFunction(["i32", "f64", "i32", "i32", "i32"], ["f64"]);
  const [target, factor, x, y, n] = [0, 1, 2, 3, 4];
  const lanes = [f.local("v128"), f.local("v128")] as const;
  const [factors, moved] = [f.local("v128"), f.local("v128")];
  const [total, one] = [f.local("f64"), f.local("f64")];
  f.get(factor).op("f64x2.splat").set(factors);
  repeat(f, n, 4, [target, x, y], () => {
    lanes.forEach((lane, k) => {
      const offset = 16 * k;
      f.get(target);
      f.get(target).memory("v128.load", offset).get(factors).get(x).memory("v128.load", offset).op("f64x2.mul").op("f64x2.add");
      f.tee(moved).memory("v128.store", offset);
      f.get(lane).get(moved).get(y).memory("v128.load", offset).op("f64x2.mul").op("f64x2.add").set(lane);
    });
  });
  f.get(lanes[0]).lane("f64x2.extract_lane", 0).set(total);
  repeat(f, n, 1, [target, x, y], () => {
    f.get(target);
    f.get(target).memory("f64.load").get(factor).get(x).memory("f64.load").op("f64.mul").op("f64.add");
    f.tee(one).memory("f64.store");
    f.get(total).get(one).get(y).memory("f64.load").op("f64.mul").op("f64.add").set(total);
  });
  pushSum(f, total, lanes);
  return f;
}

/** (target, factor, n): target ← factor·target */
function scaleFunction(module: ModuleBuilder): FunctionBuilder {
  const f = module.addFunction(["i32", "f64", "i32"], []);
  const [target, factor, n] = [0, 1, 2];
  repeat(f, n, 2, [target], () => {
    f.get(target).get(target).memory("v128.load").get(factor).op("f64x2.splat").op("f64x2.mul").memory("v128.store");
  });
  repeat(f, n, 1, [target], () => {
    f.get(target).get(target).memory("f64.load").get(factor).op("f64.mul").memory("f64.store");
  });
  return f;
}

/** As often as there are `width` numbers left, where `n` counts them; the addresses move on. */
function repeat(f: FunctionBuilder, n: number, width: number, addresses: readonly number[], body: () => void): void {
  const bytes = width * BYTES;
  f.block((done) => {
    f.loop((again) => {
      f.get(n).i32(width).op("i32.lt_u").brIf(done);
      body();
      for (const address of addresses) f.get(address).i32(bytes).op("i32.add").set(address);
      f.get(n).i32(width).op("i32.sub").set(n).br(again);
    });
  });
}

/** (l₀ + l₁) + (l₂ + l₃), where `total` is l₀ with what was left over. */
function pushSum(f: FunctionBuilder, total: number, [first, second]: readonly [number, number]): void {
  f.get(total).get(first).lane("f64x2.extract_lane", 1).op("f64.add");
  f.get(second).lane("f64x2.extract_lane", 0).get(second).lane("f64x2.extract_lane", 1).op("f64.add");
  f.op("f64.add");
}
