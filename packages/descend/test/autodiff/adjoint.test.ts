import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jvp } from "../../src/autodiff/jvp.js";
import { vjp } from "../../src/autodiff/vjp.js";
import { constant, input } from "../../src/graph/build.js";
import { type Node, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { bind, inputLength, length, ROW_COUNT, randomGraphs, randomValues, sources } from "./random-graph.js";

const rows = { start: 0, count: ROW_COUNT };
const inner = (a: readonly Float64Array[], b: readonly Float64Array[]): number =>
  a.reduce((total, part, i) => total + part.reduce((s, x, j) => s + x * b[i]![j]!, 0), 0);
const size = (parts: readonly Float64Array[]): number => Math.sqrt(inner(parts, parts));
const split = (values: readonly number[]): Float64Array[] => {
  const bound = bind(values);
  return sources.map(({ name }) => Float64Array.from(bound[name]!));
};

describe("forward and reverse mode", () => {
  it("are adjoint: ⟨u, Jv⟩ = ⟨Jᵀu, v⟩ on random graphs (oracle: the identity)", () => {
    fc.assert(
      fc.property(
        randomGraphs(),
        randomValues(inputLength),
        randomValues(inputLength),
        randomValues(200),
        ({ inputs, output }, x, v, u) => {
          const uNode = input("u", output.shape);
          const uValues = Float64Array.from({ length: length(output.shape) }, (_, i) => u[i % 200]!);
          const directions = sources.map(({ name, shape }) => input(`d${name}`, shape));
          const forward = jvp([output], inputs, directions);
          const backward = vjp([output], [uNode], inputs);
          validate([...forward, ...backward]);
          const bound: Record<string, ArrayLike<number>> = { ...bind(x), u: uValues };
          for (const [name, values] of Object.entries(bind(v))) bound[`d${name}`] = values;
          const [jv, ...jtu] = evaluate([...forward, ...backward], { inputs: bound, rows });
          const left = inner([uValues], [jv!]);
          const right = inner(jtu, split(v));
          const scale = size([uValues]) * size([jv!]) + size(jtu) * size(split(v));
          // The second term is for derivatives that cancel to rounding.
          if (Number.isFinite(scale))
            expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-12 * scale + 1e-14 * size([uValues]) * size(split(v)));
        },
      ),
      { numRuns: 400, seed: 11 },
    );
  });

  it("agree with central differences along a random direction (oracle: differences; kinks excluded by halving the step)", () => {
    let checked = 0;
    fc.assert(
      fc.property(randomGraphs(10), randomValues(inputLength), randomValues(inputLength), ({ inputs, output }, x, v) => {
        const directions = split(v).map((values, i) => asNode(values, i));
        const tangent = jvp(
          [output],
          inputs,
          directions.map((d) => d.node),
        )[0]!;
        const at = (t: number): Float64Array => evaluate([output], { inputs: bind(x.map((xi, i) => xi + t * v[i]!)), rows })[0]!;
        const bound = { ...bind(x), ...Object.fromEntries(directions.map((d) => [d.name, d.values])) };
        const got = evaluate([tangent], { inputs: bound, rows })[0]!;
        const difference = (h: number): Float64Array => at(h).map((f, i) => (f - at(-h)[i]!) / (2 * h));
        const [coarse, fine] = [difference(2e-5), difference(1e-5)];
        const scale = Math.max(1, ...at(0).map(Math.abs), ...got.map(Math.abs));
        for (const [i, expected] of fine.entries()) {
          if (!(Math.abs(expected - coarse[i]!) < 1e-8 * scale)) continue;
          checked++;
          expect(Math.abs(got[i]! - expected)).toBeLessThanOrEqual(1e-6 * scale);
        }
      }),
      { numRuns: 200, seed: 12 },
    );
    expect(checked).toBeGreaterThan(400);
  });

  it("give constant zeros of the right shape where nothing depends on the variable", () => {
    const x = input("x", [3]);
    const y = input("y", [2, 3]);
    const [zero] = vjp([x], [constant(1, [3])], [y]);
    expect(zero).toMatchObject({ op: "constant", shape: [2, 3], attributes: { value: 0 } });
    expect(jvp([x], [y], [constant(1, [2, 3])])[0]).toMatchObject({ op: "constant", shape: [3], attributes: { value: 0 } });
  });
});

function asNode(values: Float64Array, i: number): { name: string; values: Float64Array; node: Node } {
  const name = `d${i}`;
  return { name, values, node: input(name, sources[i]!.shape) };
}
