/**
 * Measures the largest errors of the elementary functions in ulps, against MPFR, and writes docs/elementary-functions.md.
 *
 * Run after a build: node packages/descend/scripts/measure-ulps.mjs [points per range, default 100000] [functions…]
 * Needs python3 with gmpy2 (Debian: python3-gmpy2) as /usr/bin/python3 or $PYTHON. With functions named, only prints.
 */

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const dist = process.env.DESCEND_DIST ?? new URL("../dist", import.meta.url).href;
const { ModuleBuilder } = await import(`${dist}/wasm/encode/assembler.js`);
const { MathLibrary, mathOps } = await import(`${dist}/wasm/math/library.js`);
const { threefryUniform } = await import(`${dist}/numeric/random.js`);

/** Ranges of one argument: [low, high] uniform, or with "log" uniform in the logarithm, both signs with "±log". */
const everything = ["±log", 2 ** -1022, 1e308];
const ranges = {
  exp: [
    [-708, 709.7],
    [-1, 1],
    [-745.2, -708],
    ["±log", 1e-300, 700],
  ],
  expm1: [
    [-1, 1],
    [-40, 709.7],
    ["±log", 1e-300, 700],
  ],
  log: [
    ["log", 2 ** -1022, 1e308],
    [0.5, 2],
    ["log", 2 ** -1074, 2 ** -1022],
  ],
  log1p: [
    [-0.999999, 1],
    ["±log", 1e-300, 0.9],
    ["log", 1, 1e308],
  ],
  sin: [
    [-4, 4],
    [-1e5, 1e5],
    ["±log", 1e-300, 1e5],
    ["±log", 1e5, 1e308],
    ["quarter turns", 1, 63661],
  ],
  cos: [
    [-4, 4],
    [-1e5, 1e5],
    ["±log", 1e-300, 1e5],
    ["±log", 1e5, 1e308],
    ["quarter turns", 1, 63661],
  ],
  tan: [
    [-4, 4],
    [-1e5, 1e5],
    ["±log", 1e-300, 1e5],
    ["±log", 1e5, 1e308],
    ["quarter turns", 1, 63661],
  ],
  asin: [
    [-1, 1],
    ["±log", 1e-300, 1],
  ],
  acos: [
    [-1, 1],
    ["±log", 1e-20, 1],
  ],
  atan: [[-4, 4], everything],
  atan2: [[-4, 4], ["±log", 1e-3, 1e3], everything],
  sinh: [
    [-2, 2],
    [-710.4, 710.4],
    ["±log", 1e-300, 710],
  ],
  cosh: [
    [-2, 2],
    [-710.4, 710.4],
  ],
  tanh: [
    [-2, 2],
    [-25, 25],
    ["±log", 1e-300, 25],
  ],
  sigmoid: [
    [-2, 2],
    [-40, 40],
    [-745, 745],
  ],
  softplus: [
    [-2, 2],
    [-40, 40],
    [-745, 745],
  ],
  erf: [
    [-1, 1],
    [-6.5, 6.5],
    ["±log", 1e-300, 6],
  ],
  lgamma: [
    [0.0001, 4],
    [4, 200],
    ["log", 1e-300, 1e305],
    [-10, 0],
  ],
  digamma: [
    [0.0001, 1.45],
    [1.45, 1.47],
    [1.47, 20],
    ["log", 1e-300, 1e308],
    [-10, 0],
  ],
  pow: [],
};
const ranges32 = {
  exp: [
    [-87, 88.7],
    [-1, 1],
    [-103.9, -87],
  ],
  expm1: [
    [-1, 1],
    [-20, 88.7],
    ["±log", 1e-37, 80],
  ],
  log: [
    ["log", 2 ** -126, 3e38],
    [0.5, 2],
    ["log", 2 ** -149, 2 ** -126],
  ],
  log1p: [
    [-0.9999, 1],
    ["±log", 1e-37, 0.9],
    ["log", 1, 3e38],
  ],
  sin: [
    [-4, 4],
    [-1e4, 1e4],
    ["±log", 1e-37, 3e38],
  ],
  cos: [
    [-4, 4],
    [-1e4, 1e4],
    ["±log", 1e-37, 3e38],
  ],
  tan: [
    [-4, 4],
    ["±log", 1e-37, 3e38],
  ],
  asin: [[-1, 1]],
  acos: [[-1, 1]],
  atan: [["±log", 1e-37, 3e38]],
  atan2: [["±log", 1e-18, 1e18]],
  sinh: [[-89, 89]],
  cosh: [[-89, 89]],
  tanh: [
    [-2, 2],
    [-12, 12],
    ["±log", 1e-37, 12],
  ],
  sigmoid: [
    [-2, 2],
    [-20, 20],
    [-103, 103],
  ],
  softplus: [
    [-2, 2],
    [-20, 20],
    [-103, 103],
  ],
  erf: [
    [-4, 4],
    ["±log", 1e-37, 4],
  ],
  lgamma: [[0.0001, 100]],
  digamma: [
    [0.0001, 1.45],
    [1.47, 100],
  ],
  pow: [],
};
/** Pairs (x, y) of pow: x as above, y so that y·log x is spread over the exponents of the format. */
const powRanges = [
  ["log", 0.5, 2],
  ["log", 1e-3, 1e3],
  ["log", 1e-307, 1e307],
];

const count = Number(process.argv[2] ?? 100_000);
const chosen = process.argv.slice(3);

function sample([kind, low, high], stream, i) {
  if (kind === "quarter turns") {
    // Float64 numbers around the multiples of π/2, where the reduced angle is smallest
    const near = (low + Math.floor((high - low) * threefryUniform(1, stream, i))) * (Math.PI / 2);
    return near * (1 + (Math.floor(5 * threefryUniform(2, stream, i)) - 2) * 2 ** -53);
  }
  if (typeof kind === "number") return kind + (low - kind) * threefryUniform(1, stream, i);
  const size = Math.exp(Math.log(low) + (Math.log(high) - Math.log(low)) * threefryUniform(1, stream, i));
  return kind === "log" || threefryUniform(2, stream, i) < 0.5 ? size : -size;
}

const short = (value) => (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) > 1e6) ? value.toExponential(0) : String(value));
const text = (range) =>
  range[0] === "quarter turns"
    ? `kπ/2 to 2 ulps, k < ${range[2]}`
    : typeof range[0] === "number"
      ? `[${short(range[0])}, ${short(range[1])}]`
      : `${range[0] === "log" ? "" : "±"}${short(range[1])} … ${short(range[2])}`;

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
  return {
    run: instance.exports.run,
    arrays: Array.from({ length: arity + 1 }, (_, i) => new Floats(memory.buffer, i * stride, length)),
    arity,
  };
}

const reference = spawn(process.env.PYTHON ?? "/usr/bin/python3", [fileURLToPath(new URL("ulp-reference.py", import.meta.url))], {
  stdio: ["pipe", "pipe", "inherit"],
});
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
    console.log(
      `${op.padEnd(9)} ${dtype} ${text(row).padEnd(28)} ${size} ulp at ${answer.at.join(", ")}, mixed ${answer.mixed.toExponential(1)}`,
    );
  }
  return found;
}

const results = {};
for (const op of Object.keys(ranges)) {
  if (chosen.length > 0 && !chosen.includes(op)) continue;
  results[op] = {
    float64: await measure(op, "float64", op === "pow" ? powRanges : ranges[op]),
    float32: await measure(
      op,
      "float32",
      op === "pow"
        ? [
            ["log", 0.5, 2],
            ["log", 1e-37, 1e37],
          ]
        : ranges32[op],
    ),
  };
}
reference.stdin.end();

/** What the table says beside the numbers. */
const notes = {
  exp: ["x = k ln 2 + r, polynomial of degree 11", "exp(−∞) = 0, overflow above 709.78, gradual underflow to 2⁻¹⁰⁷⁴"],
  expm1: ["(2ᵏ − 1) + 2ᵏ(eʳ − 1)", "keeps −0; −1 at −∞"],
  log: ["x = 2ᵏ(1 + f), 2 artanh(f/(2 + f))", "−∞ at ±0, NaN below 0; subnormal arguments"],
  log1p: ["as log, with what 1 + x lost", "keeps −0; −∞ at −1, NaN below"],
  sin: ["π/2 subtracted in four parts; beyond 10⁵ Payne and Hanek", "keeps −0; NaN at ±∞"],
  cos: ["as sin", "NaN at ±∞"],
  tan: ["sin/cos in sums of two numbers", "keeps −0; NaN at ±∞"],
  asin: ["polynomial on |x| ≤ ½, then π/2 − 2 arcsin √((1 − |x|)/2)", "keeps −0; NaN beyond ±1"],
  acos: ["as asin", "0 at 1; NaN beyond ±1"],
  atan: ["five intervals, polynomial", "keeps −0; ±π/2 at ±∞"],
  atan2: ["three intervals, quotient in a sum of two numbers", "all cases of C Annex F, signs of zeros kept"],
  sinh: ["polynomial below 1, (eˣ − e⁻ˣ)/2 beyond", "keeps −0; overflow above 710.4758"],
  cosh: ["(eˣ + e⁻ˣ)/2", "overflow above 710.4758"],
  tanh: ["rational below 0.7, 1 − 2/(e²ˣ + 1) beyond", "keeps −0; ±1 at ±∞"],
  sigmoid: ["1/(1 + e⁻ˣ) or eˣ/(1 + eˣ), corrected quotient", "0 and 1 at ∓∞, gradual underflow"],
  softplus: ["max(x, 0) + log1p(e^−|x|), in sums of two numbers", "0 at −∞, gradual underflow"],
  erf: ["polynomial below 0.8, 1 − e^(−x²)·G beyond", "keeps −0; ±1 at ±∞"],
  lgamma: ["Stirling from 8, below by Γ(x + 8), polynomials around 1 and 2, reflection", "+∞ at 0, −1, −2, …, ±∞"],
  digamma: ["asymptotic series from 8, below by recurrence, reflection", "∓∞ at ±0, NaN at −1, −2, … and −∞"],
  pow: ["log to 68 bits, exp with the low part", "as `**` in JavaScript: NaN for 1 ** ±∞, 1 for x ** ±0"],
};

const figure = ({ ulps, mixed }) =>
  typeof ulps !== "number" ? String(ulps) : ulps > 1.5 ? `${ulps.toFixed(0)} (mixed ${mixed.toExponential(1)})` : ulps.toFixed(3);

function page() {
  const lines = [
    "# Elementary functions",
    "",
    "The compiled programs do not use the host's `Math`: engines differ, and a program must give the same bits everywhere. Descend has",
    "its own functions in WebAssembly SIMD, from +, −, ×, ÷, √ and integer operations only (no fused multiply-add), two float64 or four",
    "float32 at a time. A lane never depends on its neighbors.",
    "",
    `Largest errors found, in units of the last place of the exact value, over ${count.toLocaleString("en-US")} seeded arguments a row, against MPFR`,
    "(`packages/descend/scripts/measure-ulps.mjs`, which wrote this page). Arguments of a row are uniform in [a, b], or uniform in the",
    "logarithm for a … b. A correctly rounded function has 0.5.",
    "",
    "A dense sample is not a proof: the largest error over all arguments may be a little larger than the figure.",
    "Between 1 and 1.5 ulps are the float32 sin, cos, tanh, sigmoid and erf, which trade that for speed. Digits are lost only near the",
    "zeros of log |Γ| at negative x, and near those of ψ; for such rows the largest |error|/max(1, |value|) is stated as 'mixed'.",
    "",
    "| function | float64: range | ulps | float32: range | ulps |",
    "|---|---|---|---|---|",
  ];
  for (const [op, { float64, float32 }] of Object.entries(results)) {
    for (let i = 0; i < Math.max(float64.length, float32.length); i++) {
      const cell = (found) => (found === undefined ? " | " : `${found.range} | ${figure(found)}`);
      lines.push(`| ${i === 0 ? op : ""} | ${cell(float64[i])} | ${cell(float32[i])} |`);
    }
  }
  lines.push("", "| function | method | special values (NaN in, NaN out) |", "|---|---|---|");
  for (const [op, [method, special]] of Object.entries(notes)) lines.push(`| ${op} | ${method.replaceAll("|", "\\|")} | ${special} |`);
  lines.push(
    "",
    "`random` (Threefry-2x32, 20 rounds) gives the bits of `threefryUniform` in float64; in float32 the upper 24 bits of the first word.",
    "In float32, exp, expm1, log, log1p, sin, cos, tanh, sigmoid, softplus and erf are computed in float32 (sin and cos reduce",
    "their angle in float64); the others are computed in float64 and rounded once.",
    "",
    "Coefficients: `packages/descend/scripts/fit-elementary.py`. Reference values of the tests: `packages/descend/test/oracles/elementary/`.",
    "",
  );
  return lines.join("\n");
}

if (chosen.length === 0) {
  mkdirSync(new URL("../../../docs", import.meta.url), { recursive: true });
  writeFileSync(new URL("../../../docs/elementary-functions.md", import.meta.url), page());
}
