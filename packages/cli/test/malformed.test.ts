import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const lines = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join("\n");
const target = ["--target", "y"];

interface Case {
  readonly content: string | Uint8Array;
  /** Extension of the file. Default csv. */
  readonly type?: string;
  readonly args?: readonly string[];
  readonly code: 0 | 2 | 3;
  readonly error?: string;
  /** What the record of a fit that goes through must hold. */
  readonly record?: object;
  /** What the message must say. */
  readonly says?: string;
}

/** What is wrong → what comes of it. Every documented treatment is code 0; data that cannot be used 3; a command that cannot be meant 2. */
const cases: Record<string, Case> = {
  "an empty file": { content: "", code: 3, error: "DATA_EMPTY" },
  "a file of blanks": { content: " \n\n  \n", code: 3, error: "DATA_EMPTY" },
  "a byte-order mark alone": { content: "\ufeff", code: 3, error: "DATA_EMPTY" },
  "a header only": { content: "x,y\n", code: 3, error: "DATA_EMPTY" },
  "a header only, with CRLF": { content: "x,y\r\n", code: 3, error: "DATA_EMPTY" },
  "lines that end with CR LF and LF by turns": {
    content: Array.from({ length: 12 }, (_, i) => (i === 0 ? "x,z,y\r\n" : `${i},${i % 5},${2 * i}${i % 2 === 0 ? "\r\n" : "\n"}`)).join(
      "",
    ),
    code: 3,
    error: "TABLE_MALFORMED",
    says: "CR LF",
  },
  "lines that end with CR alone": { content: "x,y\r1,2\r2,4\r3,6\r4,8\r5,9\r", code: 0, record: { features: ["x"] } },
  "a quote that is never closed": { content: `x,y\n1,2\n2,4\n3,5\n"4,8\n5,9\n`, code: 3, error: "TABLE_MALFORMED" },
  "a comma at the end of every line": { content: "x,y,\n1,2,\n2,4,\n3,6,\n4,8,\n5,9,\n", code: 0, record: { features: ["x"] } },
  "numbers too small for their squares": {
    content: "x,y\n1e-310,2\n2e-310,4\n3e-310,6\n4e-310,8\n5e-310,9\n6e-310,12\n",
    code: 3,
    error: "FEATURES_EMPTY",
  },
  "a number in place of a table": { content: "42", type: "json", code: 3, error: "COLUMN_UNKNOWN" },
  "one row": { content: "x,y\n1,2\n", code: 3, error: "ROWS_TOO_FEW" },
  "a target that is not a column": {
    content: "x,price\n1,2\n2,3\n",
    args: ["--target", "prise"],
    code: 3,
    error: "COLUMN_UNKNOWN",
    says: 'Did you mean "price"?',
  },
  "a feature that is not a column": {
    content: "size,y\n1,2\n2,3\n",
    args: [...target, "--features", "sise"],
    code: 3,
    error: "COLUMN_UNKNOWN",
    says: 'Did you mean "size"?',
  },
  "the target as a feature": { content: "x,y\n1,2\n2,3\n", args: [...target, "--features", "y"], code: 3, error: "COLUMN_UNKNOWN" },
  "a target of names": { content: "x,y\n1,a\n2,b\n3,c\n", code: 3, error: "CLASSES_TOO_MANY" },
  "a target of 10 000 categories": { content: `x,y\n${lines(20_000, (i) => `${i},c${i % 10_000}`)}`, code: 3, error: "CLASSES_TOO_MANY" },
  "a target of text for a model of numbers": {
    content: "x,y\n1,a\n2,b\n3,a\n4,b\n",
    args: [...target, "--model", "ridge"],
    code: 3,
    error: "COLUMN_NOT_NUMERIC",
  },
  "a target of dates": { content: "x,y\n1,2020-01-01\n2,2020-01-02\n", code: 3, error: "COLUMN_NOT_NUMERIC" },
  "a target of lists": { content: '[{"x":1,"y":[1,2]},{"x":2,"y":[3]}]', type: "json", code: 3, error: "COLUMN_NOT_NUMERIC" },
  "a target with one number that is none": {
    content: `x,y\n${lines(30, (i) => `${i},${i === 7 ? "12 kg" : i * i}`)}`,
    code: 3,
    error: "CLASSES_TOO_MANY",
    says: '"12 kg"',
  },
  "a constant target": { content: "x,y\n1,5\n2,5\n3,5\n", code: 3, error: "TARGET_CONSTANT" },
  "a target of one class": { content: "x,y\n1,a\n2,a\n3,a\n", code: 3, error: "CLASSES_TOO_FEW" },
  "three classes for a logistic model": {
    content: `x,y\n${lines(30, (i) => `${i},${"abc"[i % 3]}`)}`,
    args: [...target, "--model", "logistic"],
    code: 3,
    error: "CLASSES_TOO_MANY",
  },
  "no column but the target": { content: "y\n1\n2\n3\n", code: 3, error: "FEATURES_EMPTY" },
  "names only beside the target": { content: "a,y\nu,1\nv,2\nw,3\n", code: 3, error: "FEATURES_EMPTY", says: "names or free text" },
  "constant columns only beside the target": {
    content: "a,b,y\n7,u,1\n7,u,2\n7,u,3\n",
    code: 3,
    error: "FEATURES_EMPTY",
    says: "constant",
  },
  "columns without any value": { content: "a,y\n,1\n,2\n,3\n", code: 3, error: "FEATURES_EMPTY", says: "no values" },
  "a missing value in every row that are to be left out": {
    content: "a,b,y\n1,,1\n,2,2\n3,,3\n",
    args: [...target, "--missing", "drop"],
    code: 3,
    error: "DATA_EMPTY",
  },
  "a target without any value": { content: "x,y\n1,\n2,\n3,\n", code: 3, error: "DATA_EMPTY" },
  "an infinite target throughout": { content: "x,y\n1,inf\n2,-inf\n3,inf\n", code: 3 },
  "a line with too few fields": { content: "a,b,y\n1,2,3\n4,5\n6,7,8\n", code: 3, error: "TABLE_MALFORMED", says: "line 3" },
  "a line with too many fields": { content: "a,b,y\n1,2,3\n4,5,6,7\n6,7,8\n", code: 3, error: "TABLE_MALFORMED", says: "line 3" },
  "a quote that never closes": { content: 'a,y\n"1,2\n3,4\n5,6\n', code: 3 },
  "a binary file": { content: Uint8Array.from({ length: 512 }, (_, i) => (i * 7) % 256), code: 3, error: "TABLE_MALFORMED" },
  "zero bytes in the text": { content: "x,y\n1,2\0\n3,4\n", code: 3, error: "TABLE_MALFORMED" },
  "UTF-16": { content: Buffer.from("\ufeffx,y\n1,2\n3,4\n", "utf16le"), code: 3, error: "TABLE_MALFORMED", says: "iconv" },
  "Chinese in an older encoding": {
    content: Uint8Array.of(0xc3, 0xe6, 0xbb, 0xfd, 0x2c, 0x79, 0x0a, 0x31, 0x2c, 0x32, 0x0a),
    code: 3,
    error: "TABLE_MALFORMED",
    says: "GB18030",
  },
  "numbers where names should be": { content: "1,2\n3,4\n5,7\n", code: 3, error: "TABLE_MALFORMED", says: "--no-header" },
  "JSON that breaks off": { content: '[{"a":1,', type: "json", code: 3, error: "TABLE_MALFORMED" },
  "an empty list of JSON": { content: "[]", type: "json", code: 3 },
  "a number of JSON": { content: "42", type: "json", code: 3 },
  "text called Parquet": { content: "hello", type: "parquet", code: 3, error: "TABLE_MALFORMED" },
  "Parquet that breaks off": { content: Buffer.from("PAR1 and no more"), type: "parquet", code: 3, error: "TABLE_MALFORMED" },
  "a compressed file that breaks off": {
    content: gzipSync(`x,y\n${lines(50, (i) => `${i},${i}`)}`).subarray(0, 40),
    type: "csv.gz",
    code: 3,
    error: "TABLE_MALFORMED",
  },
  "more folds than rows": { content: "x,y\n1,2\n2,3\n4,4\n3,3\n", args: [...target, "--cv", "40"], code: 3, error: "ROWS_TOO_FEW" },
  "a target whose squares overflow": { content: `x,y\n${lines(20, (i) => `${i},${i % 3}e305`)}`, code: 3, error: "DATA_NOT_FINITE" },

  "a fraction of 1": { content: "x,y\n1,2\n2,3\n", args: [...target, "--test-fraction", "1"], code: 2 },
  "a seed that is no whole number": { content: "x,y\n1,2\n2,3\n", args: [...target, "--seed", "1.5"], code: 2 },
  "a learning rate of 0": { content: "x,y\n1,2\n2,3\n", args: [...target, "--learning-rate", "0"], code: 2 },
  "a learning rate that is no number": { content: "x,y\n1,2\n2,3\n", args: [...target, "--learning-rate", "1e"], code: 2 },
  "an unknown flag": { content: "x,y\n1,2\n2,3\n", args: [...target, "--lerning-rate", "1"], code: 2 },
  "an unknown method": { content: "x,y\n1,2\n2,3\n4,4\n", args: [...target, "--method", "adamm"], code: 2, error: "OPTION_UNKNOWN" },
  "an unknown model": {
    content: "x,y\n1,2\n2,3\n4,4\n",
    args: [...target, "--model", "rigde"],
    code: 2,
    error: "OPTION_UNKNOWN",
    says: "ridge",
  },
  "a penalty for a model without one": {
    content: "x,y\n1,2\n2,3\n4,4\n",
    args: [...target, "--model", "linear", "--l2", "1"],
    code: 2,
    error: "OPTIONS_CONFLICT",
  },
  "a penalty said in two ways": {
    content: "x,y\n1,2\n2,3\n4,4\n",
    args: [...target, "--model", "elastic-net", "--l2", "1", "--alpha", "1"],
    code: 2,
    error: "OPTIONS_CONFLICT",
  },
  "a batch larger than the table": {
    content: "x,y\n1,2\n2,3\n4,4\n",
    args: [...target, "--batch", "50"],
    code: 2,
    error: "OPTION_OUT_OF_RANGE",
  },
  "no target": { content: "x,y\n1,2\n2,3\n", args: [], code: 2 },
  "SQL that cannot be read": {
    content: "x,y\n1,2\n2,3\n",
    args: [...target, "--query", "SELEC * FROM data"],
    code: 2,
    error: "OPTION_OUT_OF_RANGE",
  },
  "SQL that changes something": {
    content: "x,y\n1,2\n2,3\n",
    args: [...target, "--query", "SELECT 1 AS y; CREATE TABLE t (a INT)"],
    code: 2,
    error: "OPTION_OUT_OF_RANGE",
  },
  "SQL that leaves its brackets": {
    content: "x,y\n1,2\n2,3\n",
    args: [...target, "--query", "SELECT * FROM data); DROP VIEW data; SELECT * FROM (SELECT 1"],
    code: 2,
    error: "OPTION_OUT_OF_RANGE",
  },
  "SQL with a column that is not there": {
    content: "x,y\n1,2\n2,3\n",
    args: [...target, "--query", "SELECT yy FROM data"],
    code: 2,
    error: "OPTION_OUT_OF_RANGE",
    says: "Did you mean y?",
  },
  "SQL that gives no rows": {
    content: "x,y\n1,2\n2,3\n",
    args: [...target, "--query", "SELECT * FROM data WHERE x > 5"],
    code: 3,
    error: "DATA_EMPTY",
  },
  "SQL about a file that is not there": {
    content: "x,y\n1,2\n2,3\n",
    args: [...target, "--query", "SELECT * FROM 'nowhere.csv'"],
    code: 3,
    error: "FILE_UNREADABLE",
  },

  "duplicate names": {
    content: `x,x,y\n${lines(20, (i) => `${i},${i * i},${2 * i + (i % 3)}`)}`,
    code: 0,
    record: { features: ["x", "x_1"], findings: [{ code: "DUPLICATE_NAMES", columns: ["x"] }] },
  },
  "duplicate columns": {
    content: `a,b,y\n${lines(20, (i) => `${i % 7},${i % 7},${i}`)}`,
    code: 0,
    record: { features: ["a"], setAside: [{ column: "b", code: "duplicate", detail: "a" }] },
  },
  "10 000 categories": {
    content: `c,x,y\n${lines(20_000, (i) => `c${i % 10_000},${i % 7},${i % 11}`)}`,
    code: 0,
    record: { features: ["x"], setAside: [{ column: "c", code: "too-many-categories" }] },
  },
  "more different names than are kept apart": {
    content: `c,x,y\n${lines(15_000, (i) => `c${i},${i % 7},${i % 11}`)}`,
    code: 0,
    record: { features: ["x"], setAside: [{ column: "c", code: "identifier" }] },
  },
  "gaps that a spreadsheet wrote": {
    content: `x,y\n${lines(20, (i) => `${i === 3 ? "n/a" : i === 4 ? "#N/A" : i},${2 * i + (i % 2)}`)}`,
    code: 0,
    record: { rows: { filled: { x: 2 } } },
  },
  "prices with their sign for a target": {
    content: `x,y\n${lines(20, (i) => `${i},$${2 * i}.50`)}`,
    code: 3,
    error: "CLASSES_TOO_MANY",
    says: 'such as "$0.50"; for its numbers: --query',
  },
  "text in an old encoding": {
    content: Buffer.from(`gr\xf6\xdfe,y\n${lines(20, (i) => `${i},${i}`)}`, "latin1"),
    code: 3,
    error: "TABLE_MALFORMED",
    says: "WINDOWS-1252",
  },
  "huge integers": {
    content: `x,y\n${lines(20, (i) => `${i}00000000000000000000000000000000000000000,${i}`)}`,
    code: 0,
    record: { features: ["x"] },
  },
  "a column whose squares overflow": {
    content: `x,z,y\n${lines(20, (i) => `${i}e300,${i},${2 * i + (i % 3)}`)}`,
    code: 0,
    record: { features: ["z"], setAside: [{ column: "x", code: "other" }] },
  },
  "infinities in some rows": {
    content: `x,y\n${lines(20, (i) => `${i === 3 ? "inf" : i},${i === 5 ? "-inf" : 2 * i + (i % 2)}`)}`,
    code: 0,
    record: { rows: { droppedInfinite: 2 } },
  },
  "text NaN in numbers": {
    content: `x,y\n${lines(20, (i) => `${i === 3 ? "NaN" : i},${2 * i + (i % 2)}`)}`,
    code: 0,
    record: { rows: { filled: { x: 1 } } },
  },
  "more columns than rows": { content: "a,b,c,y\n1,2,4,1\n2,1,3,2\n3,5,1,4\n", args: [...target, "--test-fraction", "0"], code: 0 },
  "a column that is all missing beside good ones": {
    content: `a,x,y\n${lines(20, (i) => `,${i},${2 * i + (i % 3)}`)}`,
    code: 0,
    record: { setAside: [{ column: "a", code: "empty" }] },
  },
  "nested JSON beside good columns": {
    content: JSON.stringify(Array.from({ length: 20 }, (_, i) => ({ n: { a: i }, x: i, y: 2 * i + (i % 3) }))),
    type: "json",
    code: 0,
    record: { features: ["x"], setAside: [{ column: "n", code: "nested" }] },
  },
  "JSON whose rows have different keys": {
    content: lines(20, (i) => (i % 2 === 0 ? `{"x":${i},"y":${2 * i}}` : `{"z":${i * i},"y":${2 * i}}`)),
    type: "ndjson",
    code: 0,
    record: { features: ["x", "x missing", "z", "z missing"] },
  },
};

describe("descend fit on malformed input", () => {
  it.each(Object.entries(cases))(
    "%s: an error or a stated treatment, and nothing written over",
    async (what, { content, type = "csv", args = target, code, error, record, says }) => {
      const path = folder.write(`${what.replaceAll(/[ /]/g, "-")}.${type}`, content);
      const save = folder.write("there-before.json", "untouched");
      const run = await callDescend("fit", path, ...args, "--json", "--save", save);
      expect(`${run.code} ${run.stderr}`).toMatch(code === 0 ? /^[01] / : new RegExp(`^${code} `));
      expect(run.stderr).not.toMatch(/^\s+at /m);
      expect(run.stderr).not.toContain("INTERNAL");
      expect(readFileSync(path)).toEqual(Buffer.from(content));
      if (code === 0) {
        if (record !== undefined) expect(run.json()).toMatchObject(record);
        return;
      }
      expect(readFileSync(save, "utf8")).toBe("untouched");
      expect(run.stderr.trim()).not.toBe("");
      if (error !== undefined) expect(run.json().error.code).toBe(error);
      if (says !== undefined) expect(run.json().error.message).toContain(says);
    },
  );

  it("a file that is not there is named, with one that may be meant", async () => {
    folder.write("prices.csv", "x,y\n1,2\n");
    const run = await callDescend("fit", join(folder.path, "price.csv"), ...target, "--json");
    expect(run.code).toBe(3);
    expect(run.json().error).toMatchObject({ code: "FILE_UNREADABLE" });
    expect(run.json().error.message).toContain("prices.csv");
  });

  it.skipIf(process.getuid?.() === 0)(
    "a file without permission is refused (the superuser may read everything, so not tried as one)",
    async () => {
      const path = folder.write("secret.csv", "x,y\n1,2\n2,3\n");
      chmodSync(path, 0);
      const run = await callDescend("fit", path, ...target, "--json");
      expect(run.code).toBe(3);
      expect(run.json().error.code).toBe("FILE_UNREADABLE");
    },
  );

  it("a directory is refused", async () => {
    mkdirSync(join(folder.path, "directory.csv"));
    const run = await callDescend("fit", join(folder.path, "directory.csv"), ...target, "--json");
    expect(run.code).toBe(3);
    expect(run.json().error.code).toBe("FILE_UNREADABLE");
  });

  it.each([
    ["--save", "nowhere/model.json", 3, "FILE_UNWRITABLE"],
    ["--report", "nowhere/report.html", 3, "FILE_UNWRITABLE"],
    ["--plot", ".", 3, "FILE_UNWRITABLE"],
    ["--checkpoint", "nowhere/checkpoint.json", 3, "FILE_UNWRITABLE"],
    ["--save", "table.csv", 2, "OPTIONS_CONFLICT"],
    ["--report", "table.csv", 2, "OPTIONS_CONFLICT"],
  ])("%s %s is refused before anything is read", async (option, name, code, error) => {
    const table = folder.write("table.csv", "x,y\n1,2\n2,3\n3,5\n");
    const run = await callDescend("fit", table, ...target, option, join(folder.path, name), "--json");
    expect(run.code).toBe(code);
    expect(run.json().error.code).toBe(error);
    expect(readFileSync(table, "utf8")).toBe("x,y\n1,2\n2,3\n3,5\n");
    expect(existsSync(join(folder.path, "nowhere"))).toBe(false);
  });

  it("the query that is proposed for prices with a sign gives their numbers (oracle: the table without signs)", async () => {
    const price = (i: number): string => `${2 * i + (i % 3)}.50`;
    const table = folder.write("prices.csv", `x,y\n${lines(20, (i) => `${i},$${price(i)}`)}`);
    const { stderr } = await callDescend("fit", table, ...target);
    const query = /--query '(.*)'/.exec(stderr)![1]!;
    const plain = folder.write("plain.csv", `x,y\n${lines(20, (i) => `${i},${price(i)}`)}`);
    const [proposed, oracle] = [
      await callDescend("fit", table, ...target, "--query", query, "--json"),
      await callDescend("fit", plain, ...target, "--json"),
    ];
    expect(proposed.json().coefficients).toEqual(oracle.json().coefficients);
    expect((await callDescend("fit", table, ...target, "--lang", "zh")).stderr).toMatch(
      /它按文本读入，例如“\$0\.50”；要取其中的数：--query/,
    );
  });
});
