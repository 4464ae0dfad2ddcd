/**
 * Measures the largest errors of the elementary functions in ulps, against MPFR, and writes docs/elementary-functions.md.
 *
 * Run after a build: node packages/descend/scripts/measure-ulps.mjs [points per range, default 200000] [functions…]
 * Needs python3 with gmpy2 (Debian: python3-gmpy2) as /usr/bin/python3 or $PYTHON. With functions named, only prints.
 */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const dist = process.env.DESCEND_DIST ?? new URL("../dist", import.meta.url).href;
const { ModuleBuilder } = await import(`${dist}/wasm/assembler.js`);
const { MathLibrary, mathOps } = await import(`${dist}/wasm/math/library.js`);
const { threefryUniform } = await import(`${dist}/numeric/random.js`);

/** Ranges of one argument: [low, high] uniform, or with "log" uniform in the logarithm, both signs with "±log". */
const everything = ["±log", 2 ** -1022, 1e308];
const ranges = {
  exp: [[-708, 709.7], [-1, 1], [-745.2, -708], ["±log", 1e-300, 700]],
  expm1: [[-1, 1], [-40, 709.7], ["±log", 1e-300, 700]],
  log: [["log", 2 ** -1022, 1e308], [0.5, 2], ["log", 2 ** -1074, 2 ** -1022]],
  log1p: [[-0.999999, 1], ["±log", 1e-300, 0.9], ["log", 1, 1e308]],
  sin: [[-4, 4], [-1e5, 1e5], ["±log", 1e-300, 1e5], ["±log", 1e5, 1e308]],
  cos: [[-4, 4], [-1e5, 1e5], ["±log", 1e-300, 1e5], ["±log", 1e5, 1e308]],
  tan: [[-4, 4], [-1e5, 1e5], ["±log", 1e-300, 1e5], ["±log", 1e5, 1e308]],
  asin: [[-1, 1], ["±log", 1e-300, 1]],
  acos: [[-1, 1], ["±log", 1e-20, 1]],
  atan: [[-4, 4], everything],
  atan2: [[-4, 4], ["±log", 1e-3, 1e3], everything],
  sinh: [[-2, 2], [-710.4, 710.4], ["±log", 1e-300, 710]],
  cosh: [[-2, 2], [-710.4, 710.4]],
  tanh: [[-2, 2], [-25, 25], ["±log", 1e-300, 25]],
  sigmoid: [[-2, 2], [-40, 40], [-745, 745]],
  softplus: [[-2, 2], [-40, 40], [-745, 745]],
  erf: [[-1, 1], [-6.5, 6.5], ["±log", 1e-300, 6]],
  lgamma: [[0.0001, 4], [4, 200], ["log", 1e-300, 1e305], [-10, 0]],
  digamma: [[0.0001, 1.45], [1.47, 20], ["log", 1e-300, 1e308], [-10, 0]],
  pow: [],
};
const ranges32 = {
  exp: [[-87, 88.7], [-1, 1], [-103.9, -87]], expm1: [[-1, 1], [-20, 88.7], ["±log", 1e-37, 80]],
  log: [["log", 2 ** -126, 3e38], [0.5, 2], ["log", 2 ** -149, 2 ** -126]], log1p: [[-0.9999, 1], ["±log", 1e-37, 0.9], ["log", 1, 3e38]],
  sin: [[-4, 4], [-1e4, 1e4], ["±log", 1e-37, 3e38]], cos: [[-4, 4], [-1e4, 1e4], ["±log", 1e-37, 3e38]], tan: [[-4, 4], ["±log", 1e-37, 3e38]],
  asin: [[-1, 1]], acos: [[-1, 1]], atan: [["±log", 1e-37, 3e38]], atan2: [["±log", 1e-18, 1e18]], sinh: [[-89, 89]], cosh: [[-89, 89]],
  tanh: [[-2, 2], [-12, 12], ["±log", 1e-37, 12]], sigmoid: [[-2, 2], [-20, 20], [-103, 103]], softplus: [[-2, 2], [-20, 20], [-103, 103]],
  erf: [[-4, 4]], lgamma: [[0.0001, 100]], digamma: [[0.0001, 1.45], [1.47, 100]], pow: [],
};
/** Pairs (x, y) of pow: x as above, y so that y·log x is spread over the exponents of the format. */
const powRanges = [["log", 0.5, 2], ["log", 1e-3, 1e3], ["log", 1e-307, 1e307]];

const count = Number(process.argv[2] ?? 200_000);
const chosen = process.argv.slice(3);

function sample([kind, low, high], stream, i) {
  if (typeof kind === "number") return kind + (low - kind) * threefryUniform(1, stream, i);
  const size = Math.exp(Math.log(low) + (Math.log(high) - Math.log(low)) * threefryUniform(1, stream, i));
  return kind === "log" || threefryUniform(2, stream, i) < 0.5 ? size : -size;
}

const text = (range) => (typeof range[0] === "number" ? `[${range[0]}, ${range[1]}]` : `${range[0] === "log" ? "" : "±"}${range[1]} … ${range[2]}`);

/** A module with one function, applied to arrays in its memory. */
function compiled(op, dtype) {
  const lanes = dtype === "float64" ? 2 : 4;
  const Floats = dtype === "float64" ? Float64Array : Float32Array;
  const arity = mathOps[op].arity;
  const length = Math.ceil(count / 4) * 4;
  const stride = length * (16 / lanes);
  const pages = Math.ceil(((arity + 1) * stride) / 65536);
  const module = new ModuleBuilder({ initialPages: pages, maximumPages: pages, shared: false });
  const target = new MathLibrary(module).get(op, dtype);
  const f = module.addFunction([], [], "run");
  const at = f.local("i32");
  f.loop((again) => {
    f.get(at);
    for (let i = 0; i < arity; i++) f.get(at).memory("v128.load", i * stride);
    f.call(target).memory("v128.store", arity * stride);
    f.get(at).i32(16).op("i32.add").tee(at).i32(stride).op("i32.lt_u").brIf(again);
  });
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.build()), { descend: { memory } });
  return { run: instance.exports.run, arrays: Array.from({ length: arity + 1 }, (_, i) => new Floats(memory.buffer, i * stride, length)), arity };
}

const reference = spawn(process.env.PYTHON ?? "/usr/bin/python3", [fileURLToPath(new URL("ulp-reference.py", import.meta.url))], { stdio: ["pipe", "pipe", "inherit"] });
const answers = createInterface({ input: reference.stdout })[Symbol.asyncIterator]();

async function measure(op, dtype, rows) {
  const found = [];
  for (const [index, row] of rows.entries()) {
    const { run, arrays, arity } = compiled(op, dtype);
    for (let i = 0; i < count; i++) {
      arrays[0][i] = sample(row, 10 * index, i);
      if (op === "pow") {
        const reach = dtype === "float64" ? 745 : 104;
        arrays[1][i] = ((2 * threefryUniform(3, index, i) - 1) * reach) / Math.log(arrays[0][i]);
        if (!Number.isFinite(arrays[1][i])) arrays[1][i] = 1;
      } else if (arity === 2) arrays[1][i] = sample(row, 10 * index + 1, i);
    }
    run();
    const numbers = new Float64Array(count * (arity + 1));
    for (let i = 0; i < count; i++) for (let j = 0; j < arity; j++) numbers[i * arity + j] = arrays[j][i];
    for (let i = 0; i < count; i++) numbers[count * arity + i] = arrays[arity][i];
    reference.stdin.write(`${JSON.stringify({ op, format: dtype, count, arity })}\n`);
    reference.stdin.write(Buffer.from(numbers.buffer));
    const answer = JSON.parse((await answers.next()).value);
    found.push({ range: text(row), ...answer });
    const size = typeof answer.ulps === "number" ? answer.ulps.toFixed(3) : answer.ulps;
    console.log(`${op.padEnd(9)} ${dtype} ${text(row).padEnd(28)} ${size} ulp at ${answer.at.join(", ")}, absolute ${answer.absolute.toExponential(1)}`);
  }
  return found;
}

const results = {};
for (const op of Object.keys(ranges)) {
  if (chosen.length > 0 && !chosen.includes(op)) continue;
  results[op] = {
    float64: await measure(op, "float64", op === "pow" ? powRanges : ranges[op]),
    float32: await measure(op, "float32", op === "pow" ? [["log", 0.5, 2], ["log", 1e-37, 1e37]] : ranges32[op]),
  };
}
reference.stdin.end();
