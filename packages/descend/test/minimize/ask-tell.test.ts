/** Searches whose objective lives elsewhere, or answers later; the oracles are minima in closed form and the synchronous search. */

import { describe, expect, it } from "vitest";
import { cmaes, createSearch, minimize, minimizeAsync, nelderMead } from "../../src/index.js";

const bowl = ({ x, y }: { x: number; y: number }): number => (x - 1) ** 2 + 3 * (y + 2) ** 2 + x * y;
const start = { x: 3, y: 3 };
/** Where 2(x − 1) + y = 0 and 6(y + 2) + x = 0. */
const lowest = { x: 24 / 11, y: -26 / 11 };
const rosenbrock = ([x, y]: number[]): number => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
const METHODS = [
  "lbfgsb",
  "barzilaiBorwein",

  "nelderMead",
  "powell",
  "coordinateSearch",
  "compassSearch",
  "cmaes",
  "differentialEvolution",
  "simulatedAnnealing",
  "geneticAlgorithm",
];

describe.each(METHODS)("createSearch with %s", (method) => {
  it("asks, is told, and ends at the minimum", () => {
    const search = createSearch(start, { method, bounds: { x: [-5, 5], y: [-5, 5] }, seed: 2 });
    while (!search.done) search.tell(search.ask().map(bowl));
    expect(search.best!.params.x).toBeCloseTo(lowest.x, 6);
    expect(search.best!.params.y).toBeCloseTo(lowest.y, 6);
    expect(search.best!.value).toBe(bowl(search.best!.params));
    expect(search.ask()).toEqual([]);
  });

  it("goes on with the same bits from a checkpoint taken anywhere, also within a step", () => {
    const options = { method, seed: 4 } as const;
    const whole = createSearch(start, options);
    const saved: string[] = [];
    for (let k = 0; k < 60 && !whole.done; k++) {
      saved.push(JSON.stringify(whole.checkpoint()));
      whole.tell(whole.ask().map(bowl));
    }
    for (const k of [0, 1, 2, 7, 23, saved.length - 1]) {
      if (k >= saved.length) continue;
      const rest = createSearch(start, { ...options, checkpoint: JSON.parse(saved[k]!) });
      for (let j = k; j < saved.length; j++) {
        expect(JSON.stringify(rest.checkpoint())).toBe(saved[j]);
        rest.tell(rest.ask().map(bowl));
      }
      expect(rest.best).toEqual(whole.best);
    }
  });
});

describe("createSearch", () => {
  it("asks for the same points until they are told, and in the order of the values", () => {
    const search = createSearch([1, 2], { method: cmaes(), seed: 1 });
    search.tell(search.ask().map(() => 5));
    const asked = search.ask();
    expect(asked.length).toBeGreaterThan(4);
    expect(search.ask()).toEqual(asked);
    expect(() => search.tell([1])).toThrow(
      expect.objectContaining({ code: "DATA_LENGTH_MISMATCH", details: expect.objectContaining({ got: 1 }) }),
    );
    search.tell(asked.map((_, k) => (k === 2 ? -1 : Number.NaN)));
    expect(search.best).toEqual({ params: asked[2], value: -1 });
  });

  it("refuses methods that need second derivatives or break bounds, starts outside, unknown options, checkpoints of others", () => {
    expect(() => createSearch([1], { method: "newton" })).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }));
    expect(() => createSearch([1], { method: "adam" })).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }));
    expect(() => createSearch([1], { method: "lbfgs", bounds: [0, 2] })).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }));
    expect(() => createSearch([1], { method: "lbfgs", variables: "integer" })).toThrow(
      expect.objectContaining({ code: "INTEGERS_UNSUPPORTED" }),
    );
    expect(() => createSearch([9], { bounds: [0, 1] })).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE", details: expect.objectContaining({ option: "start[0]" }) }),
    );
    expect(() => createSearch([1], { budget: 1 } as never)).toThrow(expect.objectContaining({ code: "OPTION_UNKNOWN" }));
    const checkpoint = createSearch([1], { method: "cmaes" }).checkpoint();
    for (const other of [
      () => createSearch([1], { method: "powell", checkpoint }),
      () => createSearch([1, 2], { method: "cmaes", checkpoint }),
      () => createSearch([1], { method: "cmaes", checkpoint, seed: 1 }),
      () => createSearch([2], { method: "cmaes", checkpoint }),
      () => createSearch([1], { method: "cmaes", checkpoint: {} as never }),
    ]) {
      expect(other).toThrow(expect.objectContaining({ code: "CHECKPOINT_INVALID" }));
    }
  });

  it("counts whole numbers and categories", () => {
    const cost = [5, 9, 0, 9];
    const search = createSearch({ kind: 0, n: 0 }, { variables: { kind: "category", n: "integer" }, bounds: { kind: [0, 3], n: [-9, 9] } });
    expect(search.method).toBe("geneticAlgorithm");
    while (!search.done) search.tell(search.ask().map(({ kind, n }) => cost[kind]! + (n - 4) ** 2));
    expect(search.best).toEqual({ params: { kind: 2, n: 4 }, value: 0 });
  });
});

describe("minimizeAsync", () => {
  it("does as the synchronous search does, bit for bit, whatever answers first", async () => {
    const plain = createSearch(start, { method: "cmaes", seed: 3 });
    while (!plain.done) plain.tell(plain.ask().map(bowl));
    for (const concurrency of [1, 3, 64]) {
      let k = 0;
      // Later points answer first.
      const later = async (p: typeof start): Promise<number> => {
        k = (k + 7) % 5;
        for (let turn = k; turn > 0; turn--) await Promise.resolve();
        return bowl(p);
      };
      const solution = await minimizeAsync(later, start, { method: "cmaes", seed: 3, concurrency });
      expect({ params: solution.params, value: solution.value }).toEqual(plain.best);
      expect(solution.verdict).toBe("converged");
      expect(solution.tests.every((test) => test.passed)).toBe(true);
    }
  });

  it("waits for as many values at once as it may", async () => {
    let [open, most] = [0, 0];
    const slow = async (p: typeof start): Promise<number> => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      return bowl(p);
    };
    await minimizeAsync(slow, start, { method: "differentialEvolution", concurrency: 4, maxEvaluations: 200 });
    expect(most).toBe(4);
  });

  it("counts what is rejected as infinitely bad, and throws only if nothing ever answers", async () => {
    const broken = async (p: typeof start): Promise<number> => {
      if (p.x > 2.9) throw new Error("the machine is on fire");
      return p.y > 3.2 ? Number.NaN : bowl(p);
    };
    const solution = await minimizeAsync(broken, { x: 2, y: 3 }, { method: nelderMead() });
    expect(solution.params.x).toBeCloseTo(lowest.x, 6);
    expect(solution.failures).toBeGreaterThan(0);
    await expect(minimizeAsync(() => Promise.reject(new Error("no")), start, { maxEvaluations: 20 })).rejects.toThrow("no");
  });

  it("ends by budget, target, abort, or the caller, and is then not converged", async () => {
    const later = async (p: typeof start): Promise<number> => bowl(p);
    expect(await minimizeAsync(later, start, { maxEvaluations: 30 })).toMatchObject({
      verdict: "budget",
      terminationReason: "max-evaluations",
      converged: false,
    });
    expect(await minimizeAsync(later, start, { targetValue: 40 })).toMatchObject({ verdict: "stopped", terminationReason: "target-value" });
    expect(await minimizeAsync(later, start, { onStep: () => "stop" })).toMatchObject({ verdict: "stopped", steps: 1 });
    const told: number[] = [];
    const onStep = async ({ step }: { step: number }): Promise<unknown> => {
      await Promise.resolve();
      told.push(step);
      return step === 2 ? "stop" : undefined;
    };
    expect(await minimizeAsync(later, start, { onStep })).toMatchObject({ terminationReason: "stopped-by-caller", steps: 2 });
    expect(told).toEqual([1, 2]);
    const controller = new AbortController();
    // Values that are there at once leave a timer no turn by themselves
    const clicked = new AbortController();
    setTimeout(() => clicked.abort());
    const busy = ({ x }: typeof start): number => {
      for (const end = performance.now() + 1; performance.now() < end; );
      return Math.cos(1e3 * x) + x ** 2;
    };
    const aborted = await minimizeAsync(busy, start, { signal: clicked.signal, maxEvaluations: 2000, method: "simulatedAnnealing" });
    expect(aborted.terminationReason).toBe("stopped-by-caller");
    const never = (p: typeof start): Promise<number> => (p.x === 3 ? Promise.resolve(1) : new Promise(() => controller.abort()));
    expect(await minimizeAsync(never, start, { signal: controller.signal })).toMatchObject({
      verdict: "stopped",
      terminationReason: "stopped-by-caller",
      value: 1,
    });
  });

  it("does not call a point converged that is none", async () => {
    // A search that is told to end early: the mesh is still wide.
    const solution = await minimizeAsync(async (p: typeof start) => bowl(p), start, {
      method: "compassSearch",
      methodOptions: { tolerance: 0.05 },
    });
    expect(solution.terminationReason).toBe("step-tolerance");
    expect(solution.verdict).toBe("stalled");
  });

  it("refuses what makes no sense", async () => {
    await expect(minimizeAsync(async () => 1, [1], { concurrency: 0 })).rejects.toMatchObject({ code: "OPTION_OUT_OF_RANGE" });
    await expect(minimizeAsync(async () => 1, [1], { paralel: 2 } as never)).rejects.toMatchObject({ code: "OPTION_UNKNOWN" });
    await expect(minimizeAsync(async () => 1, [1], { method: "newton" })).rejects.toMatchObject({ code: "OPTIONS_CONFLICT" });
  });
});

describe("searches by gradients from values alone", () => {
  it.each([
    ["lbfgs", [-1.2, 1], undefined],
    ["bfgs", [-1.2, 1], undefined],
    ["conjugateGradient", [-1.2, 1], undefined],
    ["barzilaiBorwein", [-1.2, 1], undefined],
    ["lbfgsb", [-1.2, 0.4], [-2, 0.5]],
  ] as const)("%s goes the way of minimize with central differences, bit for bit", async (method, from, bounds) => {
    // Called, not read: a compiled square may round elsewhere.
    const called = { objective: rosenbrock };
    const options = { method, ...(bounds === undefined ? {} : { bounds }) };
    const plain = minimize((x: number[]) => called.objective(x), [...from], options);
    expect(plain.gradientSource).toBe("finite-difference");
    const solution = await minimizeAsync(async (x: number[]) => rosenbrock(x), [...from], { ...options, concurrency: 5 });
    expect(solution.params).toEqual(plain.params);
    expect(solution.steps).toBe(plain.steps);
    expect(solution.verdict).toBe("converged");
    expect(plain.verdict).toBe("converged");
  });

  it("asks for a gradient at once, and again where a neighbor has no value", () => {
    const search = createSearch([1, 2], { method: "lbfgs" });
    const asked = search.ask();
    expect(asked).toHaveLength(5);
    // Nothing to the left of 1.
    search.tell(asked.map(([x, y]) => (x! < 1 ? Number.NaN : x! + y! ** 2)));
    expect(search.ask()).toHaveLength(1);
    expect(search.ask()[0]![0]).toBeGreaterThan(1);
    expect(search.steps).toBe(0);
  });

  it("ends where nothing has a value", () => {
    const search = createSearch([1, 2], { method: "lbfgs" });
    search.tell(search.ask().map(() => Number.NaN));
    expect(search.done).toBe(true);
    expect(search.reason).toBe("non-finite-gradient");
    expect(search.best).toBeUndefined();
  });
});
