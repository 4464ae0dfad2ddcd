import { describe, expect, it } from "vitest";
import { binary, constant, input, rowCount, sum } from "../../src/graph/build.js";
import { ROWS } from "../../src/graph/graph.js";
import { type Procedure, type Program, procedureOutputs, validateProgram } from "../../src/graph/program.js";

const x = input("x", [2]);
const column = input("column", [ROWS]);
const step: Procedure = { name: "step", writes: [{ cell: "x", node: binary("mul", x, constant(0.5)) }] };
const program = (procedure: Partial<Procedure>): Program => ({
  dtype: "float64",
  cells: [
    { name: "x", shape: [2] },
    { name: "kept", shape: [2] },
    { name: "total", shape: [] },
    { name: "column", shape: [ROWS] },
  ],
  procedures: [{ ...step, ...procedure }],
});
const rows = { start: constant(0), count: constant(3) };
const repeat = { require: [constant(1)], stop: [constant(0)] };

describe("validating a program", () => {
  it("accepts procedures whose cells exist with their shapes", () => {
    expect(() => validateProgram(program({}))).not.toThrow();
    expect(() => validateProgram(program({ writes: [{ cell: "total", node: sum(column) }], rows }))).not.toThrow();
    expect(() =>
      validateProgram(program({ repeat: { ...repeat, keeps: [{ from: "x", to: "kept", when: constant(1) }], record: [sum(x), x] } })),
    ).not.toThrow();
  });

  it.each<[string, Partial<Procedure>]>([
    ["a write to a cell of another shape", { writes: [{ cell: "total", node: x }] }],
    ["a write to a cell that does not exist", { writes: [{ cell: "none", node: x }] }],
    ["a read of a cell that does not exist", { writes: [{ cell: "total", node: input("none", []) }] }],
    ["a read of a cell as another shape", { writes: [{ cell: "total", node: sum(input("x", [3])) }] }],
    ["two writes to one cell", { writes: [...step.writes, ...step.writes] }],
    [
      "a keep and a write to one cell",
      { writes: [{ cell: "kept", node: x }], repeat: { ...repeat, keeps: [{ from: "x", to: "kept", when: constant(1) }] } },
    ],
    ["a keep between shapes", { repeat: { ...repeat, keeps: [{ from: "x", to: "total", when: constant(1) }] } }],
    ["a condition that is no scalar", { repeat: { ...repeat, require: [x] } }],
    ["rows without a range", { writes: [{ cell: "total", node: sum(column) }] }],
    ["a count of rows without a range", { writes: [{ cell: "total", node: rowCount() }] }],
    ["a range that depends on rows", { rows: { start: constant(0), count: sum(column) } }],
    ["a record of rows", { rows, repeat: { ...repeat, record: [column] } }],
  ])("refuses %s", (_, procedure) => {
    expect(() => validateProgram(program(procedure))).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });

  it("lists every node that is evaluated for its own sake", () => {
    const when = constant(1);
    const record = sum(x);
    const outputs = procedureOutputs({ ...step, rows, repeat: { ...repeat, keeps: [{ from: "x", to: "kept", when }], record: [record] } });
    expect(outputs).toEqual([step.writes[0]!.node, rows.start, rows.count, ...repeat.require, ...repeat.stop, when, record]);
  });
});
