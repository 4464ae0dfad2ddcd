/**
 * How fast is the compiled matrix product? Against the machine's OpenBLAS, NumPy, and TensorFlow.js' WebAssembly backend, on one thread.
 *
 * The product is a part of compiled programs and has no public name; it is measured where it is built.
 */

import { laneProductFunction, ModuleBuilder, matmulFunction } from "./tools/internals.mjs";
import { peerPackage, runC, runPython, withTemporaryFolder } from "./tools/peers.mjs";
import { Question } from "./tools/record.mjs";
import { sampleSeconds } from "./tools/timing.mjs";

const question = new Question("how-fast-is-matmul", "How fast is the compiled matrix product on one thread? (case: m × k × n)");
const samples = 5;
/** m, n, k: a large square, and the layers of a perceptron with batches of 128. */
const shapes = [
  [512, 512, 512],
  [500, 500, 500],
  [128, 256, 784],
  [128, 128, 256],
  [128, 10, 128],
];
const caseOf = (dtype, m, n, k) => `${dtype} ${m}x${k}x${n}`;
const rate = (m, n, k) => (seconds) => (2 * m * n * k) / seconds / 1e9;

/** A runner of the product in a memory of its own, filled with the whole numbers of the C peer, and the sum of C. */
function prepare(dtype, m, n, k, build) {
  const size = dtype === "float32" ? 4 : 8;
  const pages = 2 + Math.ceil(((m * k + k * n + m * n) * size + 2 ** 21) / 65536);
  const module = new ModuleBuilder({ initialPages: pages, maximumPages: pages, shared: false });
  const product = build(module, size);
  const run = module.addFunction(["i32", "i32", "i32", "i32", "i32", "i32"], [], "run");
  run.loop((again) => {
    for (let i = 0; i < 5; i++) run.get(i);
    run.call(product.fn).get(5).i32(1).op("i32.sub").tee(5).brIf(again);
  });
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.build()), { descend: { memory } });
  const all = dtype === "float32" ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
  for (let i = 0; i < m * k; i++) all[i] = (i % 7) - 3;
  for (let i = 0; i < k * n; i++) all[m * k + i] = (i % 5) - 2;
  const c = (m * k + k * n) * size;
  const scratch = Math.ceil((c + m * n * size) / 64) * 64;
  return {
    run: () => instance.exports.run(0, m * k * size, c, scratch, k, 1),
    sum: () => all.subarray(c / size, c / size + m * n).reduce((total, value) => total + value, 0),
  };
}

const own = [];
for (const dtype of ["float32", "float64"]) {
  for (const [m, n, k] of shapes) {
    const { run, sum } = prepare(dtype, m, n, k, (module, size) =>
      matmulFunction(module, { dtype, m, n, kMax: k, strides: { aRow: k * size, aK: size, bK: n * size, bColumn: size, cRow: n * size } }),
    );
    own.push({ name: caseOf(dtype, m, n, k), run, sum, toRate: rate(m, n, k) });
  }
  // The gradient of a layer's weights: contraction over the 128 rows of a tile, both operands stored column by column.
  const [m, n, k] = [784, 256, 128];
  const { run } = prepare(dtype, m, n, k, (module, size) =>
    laneProductFunction(module, { dtype, m, n, kMax: k, strides: { aRow: k * size, bColumn: k * size, cRow: n * size }, accumulate: true }),
  );
  own.push({ name: `${dtype} over rows ${m}x${k}x${n}`, run, toRate: rate(m, n, k) });
}

/** TensorFlow.js on the same shapes, if it is there. */
async function tensorflow() {
  const found = peerPackage(question, "@tensorflow/tfjs-backend-wasm");
  if (found === undefined) return [];
  console.warn = () => {};
  const tf = found.load("@tensorflow/tfjs");
  found.load("@tensorflow/tfjs-backend-wasm").setWasmPaths(`${found.folder}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
  await tf.setBackend("wasm");
  await tf.ready();
  return shapes.map(([m, n, k]) => {
    const a = tf.tensor2d(
      Float32Array.from({ length: m * k }, (_, i) => (i % 7) - 3),
      [m, k],
    );
    const b = tf.tensor2d(
      Float32Array.from({ length: k * n }, (_, i) => (i % 5) - 2),
      [k, n],
    );
    return {
      name: caseOf("float32", m, n, k),
      run: () => tf.matMul(a, b).dispose(),
      toRate: rate(m, n, k),
      note: `tfjs-backend-wasm ${found.version}`,
    };
  });
}

const theirs = await tensorflow();
withTemporaryFolder((folder) => {
  // Rounds, so that what else the machine does meets everybody.
  for (let round = 0; round < 3; round++) {
    for (const { name, run, sum, toRate } of own)
      question.add(name, "descend", "GFLOP/s", sampleSeconds(run, { samples }).map(toRate), { check: sum?.() });
    for (const row of runC(question, "blas-matmul", [samples, ...shapes.flat()], { folder }) ?? [])
      question.add(row.case, "OpenBLAS", row.unit, row.samples, { check: row.check });
    for (const row of runPython(question, "matmul", [samples, ...shapes.flat()]) ?? [])
      question.add(row.case, "NumPy", row.unit, row.samples, { check: row.check });
    for (const { name, run, toRate, note } of theirs)
      question.add(name, "TensorFlow.js wasm", "GFLOP/s", sampleSeconds(run, { samples }).map(toRate), { note });
  }
});

// 33 % of OpenBLAS' rate, and faster than TensorFlow.js.
question.finish({ targets: { "float32 512x512x512": { OpenBLAS: 3, "TensorFlow.js wasm": 1 } } });
