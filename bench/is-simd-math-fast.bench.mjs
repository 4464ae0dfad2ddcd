/** Are the elementary functions of compiled programs fast? Nanoseconds per element of an array, against Math of the engine and glibc in C. */

import { MathLibrary, ModuleBuilder } from "./tools/internals.mjs";
import { runC, withTemporaryFolder } from "./tools/peers.mjs";
import { uniform } from "./tools/random.mjs";
import { Question } from "./tools/record.mjs";
import { consume, sampleSeconds } from "./tools/timing.mjs";

const count = 4096;
const seed = 7;
const samples = 5;
/** Where the arguments lie; the exponents of pow are fixed between −3 and 3. */
const functions = { exp: [-20, 20], log: [1e-3, 1e3], sin: [-100, 100], tanh: [-5, 5], sigmoid: [-20, 20], pow: [1e-2, 1e2] };
const inJavaScript = {
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  tanh: Math.tanh,
  pow: Math.pow,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

const question = new Question("is-simd-math-fast", "How long does an elementary function take for one element of an array?", { seed });
const next = uniform(seed);
const exponents = Float64Array.from({ length: count }, () => 6 * next() - 3);

/** Compiles `out[i] = f(x[i], y[i])` over the array, a vector at a time. */
function compile(name, dtype, x) {
  const size = dtype === "float64" ? 8 : 4;
  const module = new ModuleBuilder({ initialPages: 2, maximumPages: 2, shared: false });
  const f = new MathLibrary(module).get(name, dtype);
  const run = module.addFunction(["i32"], [], "run");
  run.loop((again) => {
    run.get(0).get(0).memory("v128.load", 0);
    if (name === "pow") run.get(0).memory("v128.load", count * size);
    run.call(f).memory("v128.store", 2 * count * size);
    run
      .get(0)
      .i32(16)
      .op("i32.add")
      .tee(0)
      .i32(count * size)
      .op("i32.lt_s")
      .brIf(again);
  });
  const pages = Math.ceil((3 * count * size) / 65536);
  const memory = new WebAssembly.Memory({ initial: Math.max(2, pages), maximum: 2 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.build()), { descend: { memory } });
  const all = dtype === "float64" ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
  all.set(x);
  all.set(exponents, count);
  return { run: () => instance.exports.run(0), out: all.subarray(2 * count, 3 * count) };
}

const own = [];
for (const [name, [low, high]] of Object.entries(functions)) {
  const x = Float64Array.from({ length: count }, () => low + (high - low) * next());
  const out = new Float64Array(count);
  const host = inJavaScript[name];
  // Each function gets a loop of its own: a shared one would measure calls through a pointer.
  const loop = new Function("x", "y", "out", "f", `for (let i = 0; i < x.length; i++) out[i] = f(x[i], y[i]); // ${name}`);
  const body = () => consume(loop(x, exponents, out, host) ?? out[0]);
  body();
  for (const dtype of ["float64", "float32"]) {
    const { run, out: compiled } = compile(name, dtype, x);
    run();
    own.push({ name: `${name} ${dtype}`, who: "descend", body: run, check: compiled[17] });
    own.push({ name: `${name} ${dtype}`, who: "Math", body, check: out[17] });
  }
}
withTemporaryFolder((folder) => {
  for (let round = 0; round < 3; round++) {
    for (const { name, who, body, check } of own) {
      const seconds = sampleSeconds(body, { samples, sampleTime: 5, warmUp: 50, perCall: count });
      question.add(
        name,
        who,
        "ns",
        seconds.map((s) => s * 1e9),
        { check },
      );
    }
    const ranges = Object.values(functions).flat();
    const optimize = ["-O3", "-march=native", "-fno-builtin"];
    for (const row of runC(question, "elementary", [samples, count, ...ranges], { folder, optimize }) ?? []) {
      question.add(row.case, "C, glibc", row.unit, row.samples);
    }
  }
});
question.finish({ tolerance: 1e-5 });
