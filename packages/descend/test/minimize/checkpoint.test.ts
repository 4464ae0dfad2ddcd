import { describe, expect, it } from "vitest";
import type { Checkpoint } from "../../src/minimize/checkpoint.js";
import type { Descent } from "../../src/minimize/descent.js";
import { createDescent, descentOf } from "../../src/minimize/minimize.js";
import type { DescentOptions } from "../../src/minimize/options.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { errorOf } from "../error-of.js";

const rosenbrock = ([x, y]: number[]): number => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
const rows = Array.from({ length: 103 }, (_, i) => 4 * threefryUniform(1, 2, i) - 2);
const data = { x: rows, y: rows.map((x, i) => 0.5 * x - 1 + 0.1 * threefryUniform(1, 3, i)) };
const line = (p: { a: number; b: number }, row: { x: number; y: number }): number => (p.a * row.x + p.b - row.y) ** 2;

describe("a checkpoint", () => {
  const cases: [string, DescentOptions][] = [
    ["gradient descent", { method: "gradient-descent", learningRate: 0.001 }],
    ["momentum", { method: "momentum", learningRate: 0.0005 }],
    ["adam", { method: "adam", learningRate: 0.01 }],
    ["lbfgs", { method: "lbfgs" }],
  ];
  for (const [name, options] of cases) {
    it(`resumes ${name} to the same bits at every one of 100 random steps, through JSON`, () => {
      const total = name === "lbfgs" ? 25 : 300;
      const straight = createDescent(rosenbrock, [-1.2, 1], options);
      straight.step(total);
      for (let trial = 0; trial < (name === "lbfgs" ? 25 : 100); trial++) {
        const at = name === "lbfgs" ? trial : Math.floor(total * threefryUniform(5, 0, trial));
        const first = createDescent(rosenbrock, [-1.2, 1], options);
        first.step(at);
        const checkpoint = JSON.parse(JSON.stringify(first.checkpoint()));
        const second = createDescent(rosenbrock, [-1.2, 1], { ...options, checkpoint });
        expect(second.steps).toBe(first.steps);
        second.step(total - at);
        expect(second.params).toEqual(straight.params);
        expect(second.value).toBe(straight.value);
      }
    });
  }

  it("resumes lbfgs on 50 parameters, whose pairs lie in compiled memory, to the same bits", () => {
    const chain = (x: number[]): number => {
      let sum = 0;
      for (let i = 0; i < 49; i++) sum += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
      return sum;
    };
    const start = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const straight = createDescent(chain, start, { method: "lbfgs" });
    straight.step(60);
    for (const at of [0, 1, 2, 9, 10, 11, 12, 30, 59]) {
      const first = createDescent(chain, start, { method: "lbfgs" });
      first.step(at);
      const second = createDescent(chain, start, { method: "lbfgs", checkpoint: JSON.parse(JSON.stringify(first.checkpoint())) });
      // The first goes on as well: nothing that it remembers has changed hands.
      for (const descent of [first, second]) {
        descent.step(60 - at);
        expect(descent.params).toEqual(straight.params);
        expect(descent.state).toEqual(straight.state);
      }
    }
    straight.restart(start);
    straight.step(60);
    const fresh = createDescent(chain, start, { method: "lbfgs" });
    fresh.step(60);
    expect(straight.params).toEqual(fresh.params);
  });

  it("resumes shuffled mini-batches in the middle of an epoch", () => {
    const options: DescentOptions = { method: "adam", learningRate: 0.05, batch: 10, seed: 3 };
    const straight = createDescent(line, { a: 0, b: 0 }, { ...options, data });
    straight.step(57);
    for (const at of [0, 1, 9, 10, 11, 12, 25, 56]) {
      const first = createDescent(line, { a: 0, b: 0 }, { ...options, data });
      first.step(at);
      const second = createDescent(line, { a: 0, b: 0 }, { ...options, data, checkpoint: JSON.parse(JSON.stringify(first.checkpoint())) });
      second.step(57 - at);
      expect(second.params).toEqual(straight.params);
    }
  });

  it("is refused by another method or size", () => {
    const checkpoint = createDescent(rosenbrock, [-1.2, 1], { method: "adam" }).checkpoint();
    expect(() => createDescent(rosenbrock, [-1.2, 1], { method: "momentum", checkpoint })).toThrow(
      expect.objectContaining({ code: "CHECKPOINT_INVALID" }),
    );
    expect(() => createDescent((x: number) => x ** 2, 1, { method: "adam", checkpoint })).toThrow(
      expect.objectContaining({ code: "CHECKPOINT_INVALID" }),
    );
  });
});

/** Oracle: two objectives are given, and what they do not share is known. */
describe("a checkpoint of another objective", () => {
  const saved = (descent: { checkpoint(): Checkpoint }): Checkpoint => JSON.parse(JSON.stringify(descent.checkpoint()));
  const made = (objective: never, start: unknown, options: object = {}): Descent<unknown> =>
    createDescent(objective as () => number, start, { method: "adam", ...options });
  const difference = (from: Descent<unknown>, to: (checkpoint: Checkpoint) => unknown): string | undefined => {
    from.step(3);
    const error = errorOf(() => to(saved(from)));
    expect(error.code).toBe("CHECKPOINT_INVALID");
    return (error.details as { differs?: string }).differs;
  };
  const bowl = ([x, y]: number[]): number => x! ** 2 + y! ** 2;
  const called = { counted: 0 };
  const outside = ([x, y]: number[]): number => {
    called.counted++;
    return x! ** 2 + y! ** 2;
  };

  it("is refused, and says what differs", () => {
    const checks: [string, from: () => Descent<unknown>, to: (checkpoint: Checkpoint) => unknown][] = [
      ["objective", () => made(rosenbrock as never, [-1.2, 1]), (checkpoint) => made(bowl as never, [-1.2, 1], { checkpoint })],
      [
        "objective",
        () => made("a * x^2" as never, { x: 1 }, { constants: { a: 1 } }),
        (checkpoint) => made("a * x^2" as never, { x: 1 }, { constants: { a: 2 }, checkpoint }),
      ],
      [
        "objective",
        () => made(outside as never, [-1.2, 1]),
        (checkpoint) => made(rosenbrock as never, [-1.2, 1], { gradient: "central-difference", checkpoint }),
      ],
      [
        "sense",
        () => made("sin(x)" as never, { x: 1 }),
        (checkpoint) => descentOf({ objective: "sin(x)", start: { x: 1 }, options: { method: "adam", checkpoint }, sense: "maximize" }),
      ],
      [
        "parameters",
        () => made("x^2 + y^2" as never, { x: 1, y: 1 }),
        (checkpoint) => made("a^2 + b^2" as never, { a: 1, b: 1 }, { checkpoint }),
      ],
      ["method", () => made(bowl as never, [1, 1]), (checkpoint) => made(bowl as never, [1, 1], { method: "lbfgs", checkpoint })],
      ["size", () => made("x^2 + y^2" as never, { x: 1, y: 1 }), (checkpoint) => made("x^2" as never, { x: 1 }, { checkpoint })],
      [
        "rows",
        () => made(line as never, { a: 0, b: 0 }, { data }),
        (checkpoint) => made(line as never, { a: 0, b: 0 }, { data: { x: data.x.slice(1), y: data.y.slice(1) }, checkpoint }),
      ],
      [
        "columns",
        () => made(line as never, { a: 0, b: 0 }, { data }),
        (checkpoint) => made(line as never, { a: 0, b: 0 }, { data: { y: data.y, x: data.x }, checkpoint }),
      ],
      [
        "data",
        () => made(line as never, { a: 0, b: 0 }, { data }),
        (checkpoint) => made(line as never, { a: 0, b: 0 }, { data: { x: data.x, y: data.y.with(50, 0) }, checkpoint }),
      ],
    ];
    for (const [differs, from, to] of checks) expect(difference(from(), to)).toBe(differs);
  });

  it("is the same where a called function or the table are only written otherwise", () => {
    const first = made(outside as never, [-1.2, 1]);
    first.step(5);
    const again = ([x, y]: number[]): number => {
      called.counted += 2;
      return x! * x! + y! * y!;
    };
    expect(made(again as never, [0, 0], { checkpoint: saved(first) }).steps).toBe(5);
    const table = made(line as never, { a: 0, b: 0 }, { data });
    table.step(5);
    const typed = { x: Float64Array.from(data.x), y: data.y.map((y) => [y]) };
    const rewritten = (p: { a: number; b: number }, row: { x: number; y: number }): number => (p.a * row.x + p.b - row.y) ** 2;
    const resumed = made(rewritten as never, { a: 0, b: 0 }, { data: { ...typed, y: data.y }, checkpoint: saved(table) });
    expect(resumed.steps).toBe(5);
    // A column of one number a row has another shape
    expect(() => made(rewritten as never, { a: 0, b: 0 }, { data: typed, checkpoint: saved(table) })).toThrow();
  });

  it("cannot be told by rows that come one after the other, nor in a checkpoint from before there were fingerprints", () => {
    const rows = { x: Float64Array.of(1, 2), y: Float64Array.of(2, 3) };
    const passing = made(line as never, { a: 0, b: 0 }, { data: rows });
    rows.x.set([3, 4]);
    passing.rereadRows();
    expect(made(line as never, { a: 0, b: 0 }, { data: { x: [5, 6], y: [7, 8] }, checkpoint: saved(passing) }).steps).toBe(0);
    const { fingerprint: _, ...old } = saved(made(rosenbrock as never, [-1.2, 1]));
    expect(made(bowl as never, [-1.2, 1], { checkpoint: old }).steps).toBe(0);
  });

  it("is known by the same fingerprint in a process that made other graphs before", () => {
    const before = saved(made(rosenbrock as never, [-1.2, 1])).fingerprint;
    made("exp(x) + sin(y) * x - 100" as never, { x: 1, y: 1 });
    expect(saved(made(rosenbrock as never, [5, 5])).fingerprint).toEqual(before);
  });
});

describe("mini-batches", () => {
  it("of one pass use every row exactly once, whatever the order", () => {
    // The gradient of row·p with respect to p is the row; a rate of −1/n sums what was visited.
    const x = Array.from({ length: 23 }, (_, i) => 2 ** (i % 20) + i);
    const batch = 5;
    const descent = createDescent(
      (p: { a: number }, row: { x: number }) => p.a * row.x,
      { a: 0 },
      { data: { x }, batch, method: "gradient-descent", learningRate: 1, seed: 9 },
    );
    let sum = 0;
    for (let k = 0; k < Math.ceil(x.length / batch); k++) {
      const count = Math.min(batch, x.length - k * batch);
      sum += (descent.gradient as { a: number }).a * count;
      descent.step();
    }
    expect(sum).toBeCloseTo(
      x.reduce((a, b) => a + b),
      6,
    );
  });

  it("of all rows are full batches", () => {
    const full = createDescent(line, { a: 0, b: 0 }, { data, method: "gradient-descent", learningRate: 0.1 });
    const batch = createDescent(
      line,
      { a: 0, b: 0 },
      { data, batch: data.x.length, shuffle: false, method: "gradient-descent", learningRate: 0.1 },
    );
    full.step(20);
    batch.step(20);
    expect(batch.params).toEqual(full.params);
  });

  it("never end with converged", () => {
    const descent = createDescent(line, { a: 0, b: 0 }, { data, batch: 10, maxSteps: 500 }).run();
    expect(descent.solution().verdict).toBe("budget");
  });
});

describe("editing a descent", () => {
  it("moves to another point and evaluates there", () => {
    const descent = createDescent(rosenbrock, [-1.2, 1], { method: "adam" });
    descent.step(10);
    descent.params = [2, 2];
    expect(descent.value).toBe(rosenbrock([2, 2]));
    expect(descent.gradient).toEqual([-2 * (1 - 2) - 400 * 2 * (2 - 4), 200 * (2 - 4)]);
    expect(descent.steps).toBe(10);
  });
});

describe("the history in a checkpoint", () => {
  const options = { method: "gradientDescent", learningRate: 1e-3, maxSteps: 3000 } as const;

  // Oracle: the descent that was not interrupted
  it.each([{ params: true }, { params: false }, { params: false, most: 100 }])("makes the resumed curve the whole one: %j", (history) => {
    const whole = createDescent(rosenbrock, [-1.2, 1], { ...options, history });
    whole.run();
    const first = createDescent(rosenbrock, [-1.2, 1], { ...options, history });
    first.step(1234);
    const checkpoint = JSON.parse(JSON.stringify(first.checkpoint()));
    const second = createDescent(rosenbrock, [-1.2, 1], { ...options, history, checkpoint });
    second.run();
    expect(second.history).toEqual(whole.history);
  });

  it("keeps few entries at equal distances, the first and the last among them", () => {
    const every = createDescent(rosenbrock, [-1.2, 1], { ...options, history: true }).run().history!;
    const few = createDescent(rosenbrock, [-1.2, 1], { ...options, history: { most: 100 } }).run().history!;
    // 3001 entries are more than 100 until only multiples of 32 are kept: 94, and the last step
    expect(Array.from(few.step)).toEqual([...Array.from({ length: 94 }, (_, k) => 32 * k), 3000]);
    few.step.forEach((step, k) => {
      expect(few.value[k]).toBe(every.value[step]);
      expect(Array.from(few.params.subarray(2 * k, 2 * k + 2))).toEqual(Array.from(every.params.subarray(2 * step, 2 * step + 2)));
    });
  });

  it("is left alone where something else is recorded now", () => {
    const first = createDescent(rosenbrock, [-1.2, 1], { ...options, history: true });
    first.step(10);
    const checkpoint = JSON.parse(JSON.stringify(first.checkpoint()));
    const second = createDescent(rosenbrock, [-1.2, 1], { ...options, history: { params: false }, checkpoint });
    second.step(1);
    expect(Array.from(second.history!.step)).toEqual([10, 11]);
  });

  it("refuses a limit that leaves no curve", () => {
    expect(() => createDescent(rosenbrock, [-1.2, 1], { history: { most: 1 } })).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }),
    );
  });
});
