import { describe, expect, it } from "vitest";
import { binary, constant, element, input, reduceMax, stack, ternary, unary } from "../../../src/graph/build.js";
import { interpretProgram } from "../../../src/graph/interpret.js";
import type { Executable, Program } from "../../../src/graph/program.js";
import { compile } from "../../../src/wasm/compile.js";
import { Choices } from "../random-program.js";

/**
 * A point of two numbers that turns and grows or shrinks, with everything that quick tests know: a running maximum, limits in cells and in
 * the maximum, a difference that must not vanish.
 */
const [point, largest, limits] = [input("point", [2]), input("largest", []), input("limits", [3])];
const matrix = input("matrix", [4]);
const entry = (i: number): ReturnType<typeof element> => element(matrix, i);
const next = stack(
  [0, 1].map((i) => binary("add", binary("mul", entry(2 * i), element(point, 0)), binary("mul", entry(2 * i + 1), element(point, 1)))),
);
const size = reduceMax(unary("abs", next));
const first = unary("abs", element(next, 0));
const program: Program = {
  dtype: "float64",
  cells: [
    { name: "point", shape: [2] },
    { name: "largest", shape: [] },
    { name: "limits", shape: [3] },
    { name: "matrix", shape: [4] },
    { name: "best", shape: [2] },
  ],
  procedures: [
    {
      name: "turn",
      writes: [
        { cell: "point", node: next },
        { cell: "largest", node: ternary("select", binary("less", largest, size), size, largest) },
      ],
      repeat: {
        require: [binary("less", size, constant(Number.POSITIVE_INFINITY)), binary("less", first, constant(Number.POSITIVE_INFINITY))],
        stop: [
          binary("less", element(limits, 0), first),
          binary("lessEqual", size, binary("mul", element(limits, 1), largest)),
          binary("lessEqual", reduceMax(unary("abs", binary("sub", next, point))), constant(0)),
        ],
        keeps: [{ from: "point", to: "best", when: binary("less", element(limits, 2), first) }],
      },
    },
  ],
};

/** A point that hands its update on, as a descent does: x ← x + u, where the next update is a matrix times this one, bent by the point. */
const update = input("update", [2]);
const moved = binary("add", point, update);
const turned = stack(
  [0, 1].map((i) =>
    binary(
      "add",
      binary("mul", entry(2 * i), element(update, 0)),
      binary("mul", entry(2 * i + 1), binary("add", element(update, 1), binary("mul", element(limits, 1), element(moved, i)))),
    ),
  ),
);
const speed = reduceMax(unary("abs", turned));
const descent: Program = {
  dtype: "float64",
  cells: [...program.cells, { name: "update", shape: [2] }],
  procedures: [
    {
      name: "turn",
      writes: [
        { cell: "point", node: moved },
        { cell: "update", node: turned },
        { cell: "largest", node: ternary("select", binary("less", largest, speed), speed, largest) },
      ],
      repeat: {
        require: [binary("less", speed, constant(Number.POSITIVE_INFINITY))],
        stop: [
          binary("less", element(limits, 0), unary("abs", element(moved, 0))),
          binary("lessEqual", reduceMax(unary("abs", binary("sub", moved, point))), constant(0)),
        ],
        keeps: [{ from: "point", to: "best", when: binary("less", element(limits, 2), unary("abs", element(moved, 1))) }],
      },
    },
  ],
};

function fill(executable: Executable, cells: Readonly<Record<string, readonly number[]>>): void {
  for (const [name, values] of Object.entries(cells)) executable.write(name, values);
}

/** What both executors make of the same cells, in runs of several passes. */
function differences(cells: Readonly<Record<string, readonly number[]>>, runs: number, of = program): string[] {
  const [interpreted, compiled] = [interpretProgram(of), compile(of, { simplify: false })];
  fill(interpreted, cells);
  fill(compiled, cells);
  for (let run = 0; run < runs; run++) {
    const times = 1 + 7 * run;
    const [expected, got] = [interpreted.run("turn", times), compiled.run("turn", times)];
    if (expected.passes !== got.passes || expected.code !== got.code) {
      return [`run ${run}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`];
    }
    for (const { name } of of.cells) {
      const [a, b] = [interpreted.read(name), compiled.read(name)];
      if (!a.every((value, i) => Object.is(value, b[i]))) return [`run ${run}, ${name}: expected ${a}, got ${b}`];
    }
  }
  return [];
}

const infinity = Number.POSITIVE_INFINITY;
const turn = (angle: number, growth: number): number[] => [
  growth * Math.cos(angle),
  -growth * Math.sin(angle),
  growth * Math.sin(angle),
  growth * Math.cos(angle),
];

describe("a run of many passes of scalars", () => {
  it.each([
    ["shrinks until it meets a tolerance", { point: [1, 2], largest: [0], limits: [1e9, 1e-3, infinity], matrix: turn(0.3, 0.9) }],
    ["grows: its maximum changes in every pass", { point: [1, 2], largest: [0], limits: [1e9, 0, infinity], matrix: turn(0, 1.01) }],
    ["grows beyond its limit", { point: [1, 2], largest: [0], limits: [50, 0, infinity], matrix: turn(0.3, 1.1) }],
    ["grows beyond all numbers", { point: [1, 2], largest: [0], limits: [infinity, 0, infinity], matrix: turn(0.3, 1e12) }],
    ["becomes NaN at once", { point: [infinity, -infinity], largest: [1], limits: [infinity, 0, infinity], matrix: turn(0.3, 1) }],
    ["is NaN", { point: [Number.NaN, 1], largest: [1], limits: [1e9, 0, infinity], matrix: turn(0.3, 1) }],
    ["has a maximum of infinity", { point: [1, 1], largest: [infinity], limits: [1e9, 0, infinity], matrix: turn(0.3, 1) }],
    ["has a maximum of NaN", { point: [1, 1], largest: [Number.NaN], limits: [1e9, 1, infinity], matrix: turn(0.3, 1) }],
    ["has a limit of NaN", { point: [1, 1], largest: [0], limits: [Number.NaN, 0, infinity], matrix: turn(0.3, 1.01) }],
    ["does not move", { point: [1, 1], largest: [2], limits: [1e9, 0, infinity], matrix: [1, 0, 0, 1] }],
    ["moves in one place", { point: [1, 1], largest: [2], limits: [1e9, 0, infinity], matrix: [1, 0, 0, 0.999] }],
    ["keeps every second point", { point: [1, 0.2], largest: [0], limits: [1e9, 0, 0.7], matrix: turn(1.1, 1) }],
    ["has signed zeros", { point: [0, -0], largest: [0], limits: [1e9, 0, 0], matrix: [-1, 0, 0, -1] }],
  ])("equals the interpreter, bit for bit, when it %s", (_, cells) => {
    expect(differences({ ...cells, best: [0, 0] }, 12)).toEqual([]);
  });

  it("equals the interpreter for points, matrices and limits of all sizes", () => {
    const c = new Choices(11);
    const special = [0, -0, 1, infinity, -infinity, Number.NaN, 1e-320, 1e300];
    const any = (): number => (c.below(8) === 0 ? c.pick(special) : 4 * c.number() - 2);
    for (let trial = 0; trial < 300; trial++) {
      const list = (n: number): number[] => Array.from({ length: n }, any);
      const matrix = c.below(2) === 0 ? turn(6 * c.number(), 0.9 + 0.2 * c.number()) : list(4);
      expect(differences({ point: list(2), largest: list(1), limits: list(3), matrix, best: [0, 0] }, 4)).toEqual([]);
    }
  });

  it.each([
    ["comes to rest", { point: [3, -5], update: [1, 1], largest: [2], limits: [1e9, 0, infinity], matrix: turn(0.4, 0.7) }],
    [
      "comes to rest in one place first",
      { point: [3, -5], update: [1, 1e-14], largest: [2], limits: [1e9, 0, infinity], matrix: [0.5, 0, 0, 0.9] },
    ],
    ["rests from the start", { point: [3, -5], update: [0, -0], largest: [2], limits: [1e9, 0, infinity], matrix: turn(0.4, 0.7) }],
    [
      "rests for one pass in one place",
      { point: [3, 1e20], update: [1, 1], largest: [9], limits: [1e9, 0, infinity], matrix: [0, 1, 1, 0] },
    ],
    ["exchanges its places", { point: [1, 2], update: [1, -1], largest: [9], limits: [1e9, 0, 1.5], matrix: [0, 1, 1, 0] }],
    ["runs away", { point: [1, 2], update: [1, -1], largest: [1e300], limits: [100, 0, 0], matrix: turn(0.1, 1.2) }],
    ["becomes NaN", { point: [1, 2], update: [infinity, -infinity], largest: [1e300], limits: [infinity, 0, 0], matrix: turn(0.1, 1.2) }],
    ["is pulled back", { point: [1, 2], update: [0.1, -0.1], largest: [1e300], limits: [100, -0.2, 1], matrix: turn(0.1, 0.9) }],
  ])("equals the interpreter, bit for bit, when it hands its update on and %s", (_, cells) => {
    expect(differences({ ...cells, best: [0, 0] }, 12, descent)).toEqual([]);
  });

  it("equals the interpreter for updates of all sizes", () => {
    const c = new Choices(12);
    const any = (): number => (c.below(8) === 0 ? c.pick([0, -0, 1, infinity, Number.NaN, 1e-320, 1e300]) : 4 * c.number() - 2);
    for (let trial = 0; trial < 300; trial++) {
      const list = (n: number): number[] => Array.from({ length: n }, any);
      const cells = { point: list(2), update: list(2), largest: list(1), limits: list(3), best: [0, 0] };
      expect(differences({ ...cells, matrix: turn(6 * c.number(), 0.2 + c.number()) }, 6, descent)).toEqual([]);
    }
  });
});
