import { describe, expect, it } from "vitest";
import {
  boxAround,
  calibrationGroups,
  chooseLevels,
  confusionMatrix,
  contourWithPath,
  histogram,
  lossCurve,
  sampleGrid,
  scatterWithLine,
  surface,
} from "../../src/plot/index.js";
import { elementsOf, inverse, POSITION_ROUNDING, pathPoints, readXml, textOf, withClass, withRole } from "./read-svg.js";

describe("loss curve", () => {
  const x = [0, 1, 2, 5, 10, 20];
  const y = [9, 4, 1.5, 0.25, 1e-3, 1e-7];

  it("has the points of the trace on a linear axis", () => {
    const svg = readXml(lossCurve({ title: "t", yLabel: "loss", series: [{ name: "loss", x, y }] }));
    const points = pathPoints(withRole(svg, "values")[0]!.attributes.d!).map(inverse(svg));
    expect(points).toHaveLength(x.length);
    points.forEach(([px, py], k) => {
      expect(Math.abs(px - x[k]!)).toBeLessThan(20 * POSITION_ROUNDING);
      expect(Math.abs(py - y[k]!)).toBeLessThan(10 * POSITION_ROUNDING);
    });
  });

  it("has the points of the trace on a logarithmic axis, and the distance to a value where that is asked for", () => {
    for (const above of [0, -3]) {
      const svg = readXml(
        lossCurve({ title: "t", yLabel: "loss", series: [{ name: "loss", x, y: y.map((value) => value + above) }], scale: "log", above }),
      );
      const points = pathPoints(withRole(svg, "values")[0]!.attributes.d!).map(inverse(svg));
      expect(points).toHaveLength(x.length);
      // Rounding of the position, times the decades of the axis; −3 + 1e−7 + 3 itself keeps 9 digits
      points.forEach(([, py], k) => {
        expect(Math.abs(py / y[k]! - 1)).toBeLessThan(8.2 * Math.log(10) * POSITION_ROUNDING + 1e-8);
      });
    }
  });

  it("leaves out what a logarithmic axis cannot show, and says so", () => {
    const svg = readXml(lossCurve({ title: "t", yLabel: "loss", series: [{ name: "loss", y: [1, 0, -2, 0.5] }], scale: "log" }));
    expect(pathPoints(withRole(svg, "values")[0]!.attributes.d!)).toHaveLength(2);
    expect(textOf(svg)).toContain("2 points are zero or negative");
  });

  it("draws what was foreseen at its own height, without a say in the axis of values, and lets it leave where it comes to rest", () => {
    const foreseen = { name: "foreseen", x: [0, 1, 2, 3], y: [9, 4.5, 1e-30, 0], above: 0, foreseen: true };
    const measured = { name: "loss", x, y: y.map((value) => value + 5) };
    const spec = { title: "t", yLabel: "loss", scale: "log", above: 5 } as const;
    const [alone, both] = [[measured], [measured, foreseen]].map((series) => readXml(lossCurve({ ...spec, series })));
    const domain = (svg: typeof both): string => withClass(svg!, "df-area")[0]!.attributes["data-y-domain"]!;
    expect(domain(both)).toBe(domain(alone));
    const points = pathPoints(withRole(both!, "foreseen")[0]!.attributes.d!).map(inverse(both!));
    expect(points.map(([px]) => Math.round(px))).toEqual([0, 1, 2, 3]);
    for (const k of [0, 1]) expect(points[k]![1] / foreseen.y[k]!).toBeCloseTo(1, 2);
    for (const k of [2, 3]) expect(points[k]![1]).toBeLessThan(Number(domain(both).split(" ")[0]));
    // Of the points foreseen none is missed
    expect(textOf(both!)).not.toContain("zero or negative");
    expect(textOf(both!)).toContain("foreseen");
  });

  it("smooths a constant to the constant, from the first point on (closed form)", () => {
    const svg = readXml(
      lossCurve({ title: "t", yLabel: "loss", series: [{ name: "loss", y: new Float64Array(50).fill(3) }], smoothing: 10 }),
    );
    const toNumbers = inverse(svg);
    for (const point of pathPoints(withRole(svg, "mean")[0]!.attributes.d!)) expect(toNumbers(point)[1]).toBeCloseTo(3, 4);
  });

  it("keeps the lowest and highest value and both ends of a line that it thins", () => {
    const values = Float64Array.from({ length: 50_000 }, (_, i) => Math.sin(i * 1.7));
    values[31_234] = 40;
    values[12_345] = -40;
    const svg = readXml(lossCurve({ title: "t", yLabel: "loss", series: [{ name: "loss", y: values }] }));
    const points = pathPoints(withRole(svg, "values")[0]!.attributes.d!).map(inverse(svg));
    expect(points.length).toBeLessThan(4000);
    const heights = points.map(([, py]) => py);
    expect(Math.max(...heights)).toBeCloseTo(40, 2);
    expect(Math.min(...heights)).toBeCloseTo(-40, 2);
    expect(points[0]![0]).toBeCloseTo(0, 0);
    expect(points.at(-1)![0]).toBeCloseTo(49_999, 0);
  });
});

describe("scatter with line", () => {
  it("ends the line at the predictions it was given", () => {
    const predict = (x: number): number => 46.2 - 0.0076 * x;
    const ends = [1613, 5140];
    const svg = readXml(
      scatterWithLine({
        title: "t",
        xLabel: "weight",
        yLabel: "mpg",
        groups: [{ name: "data", x: [1613, 3000, 5140], y: [33, 22, 9] }],
        line: { x: ends, y: ends.map(predict) },
      }),
    );
    const points = pathPoints(withRole(svg, "line")[0]!.attributes.d!).map(inverse(svg));
    points.forEach(([x, y], k) => {
      expect(Math.abs(x - ends[k]!)).toBeLessThan(4000 * POSITION_ROUNDING);
      expect(Math.abs(y - predict(ends[k]!))).toBeLessThan(40 * POSITION_ROUNDING);
    });
  });
});

describe("contour with path", () => {
  const bowl = (x: number, y: number): number => (x * x + 10 * y * y) / 2;
  const path = { x: [48, 33, 22.7, 15.6], y: [30, -21, 14.7, -10.3] };
  const box = boxAround(path.x, path.y);
  const svg = readXml(contourWithPath({ title: "bowl", xLabel: "x", yLabel: "y", grid: sampleGrid(bowl, box.x, box.y), paths: [path] }));
  const toNumbers = inverse(svg);

  it("passes through the iterates", () => {
    const points = pathPoints(withRole(svg, "path")[0]!.attributes.d!).map(toNumbers);
    expect(points).toHaveLength(4);
    points.forEach(([x, y], k) => {
      expect(Math.abs(x - path.x[k]!)).toBeLessThan(100 * POSITION_ROUNDING);
      expect(Math.abs(y - path.y[k]!)).toBeLessThan(100 * POSITION_ROUNDING);
    });
  });

  it("draws each level line where the objective has that value", () => {
    const levels = withClass(svg, "df-level");
    expect(levels.length).toBeGreaterThan(4);
    const inside = ([x, y]: readonly [number, number]): boolean =>
      x > box.x[0] + 0.5 && x < box.x[1] - 0.5 && y > box.y[0] + 0.5 && y < box.y[1] - 0.5;
    for (const { attributes } of levels) {
      const level = Number(attributes["data-level"]);
      const points = pathPoints(attributes.d!).map(toNumbers).filter(inside);
      expect(points.length).toBeGreaterThan(10);
      // A twentieth of a unit of rounding, at the steepest slope of the box
      const rounding = (0.05 * (box.x[1] - box.x[0])) / 300;
      for (const [x, y] of points) expect(Math.abs(bowl(x, y) - level)).toBeLessThan(Math.hypot(x, 10 * y) * rounding + 10 * 0.5 ** 2);
    }
  });

  it("states the spacing it draws: equal steps, or equal ratios above the lowest value", () => {
    const even = chooseLevels(sampleGrid((x, y) => x + y, [0, 1], [0, 1], 21, 21).values);
    expect(even.kind).toBe("even");
    if (even.kind === "even") even.values.slice(1).forEach((value, k) => expect(value - even.values[k]!).toBeCloseTo(even.step, 12));
    const steep = chooseLevels(sampleGrid((x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2, [-2, 2], [-1, 3], 81, 81).values);
    expect(steep.kind).toBe("geometric");
    if (steep.kind === "geometric") {
      steep.values
        .slice(1)
        .forEach((value, k) => expect((value - steep.floor) / (steep.values[k]! - steep.floor)).toBeCloseTo(steep.ratio, 9));
      expect(steep.values.length).toBeLessThanOrEqual(15);
    }
  });

  it("points arrows straight down the gradient on axes with equal units", () => {
    const withArrow = readXml(
      contourWithPath({
        title: "t",
        xLabel: "x",
        yLabel: "y",
        grid: sampleGrid(bowl, [-4, 4], [-3, 3]),
        paths: [{ x: [2], y: [1], gradients: [{ at: 0, x: 2, y: 10 }] }],
      }),
    );
    const arrows = withRole(withArrow, "downhill")
      .map(({ attributes }) => pathPoints(attributes.d!))
      .filter(([from]) => from![0] > 30);
    const [[from, to]] = arrows as [[[number, number], [number, number]]];
    // −∇ = (−2, −10): left and down; the y of the screen runs downwards
    expect((to[0] - from[0]) / (to[1] - from[1])).toBeCloseTo(-0.2, 3);
    expect(to[1]).toBeGreaterThan(from[1]);
  });

  it("marks where the objective is not a number instead of drawing levels there", () => {
    const root = readXml(
      contourWithPath({ title: "t", xLabel: "x", yLabel: "y", grid: sampleGrid((x, y) => Math.log(x) + y, [-1, 1], [0, 1], 21, 21) }),
    );
    expect(textOf(root)).toContain("not finite here");
    const toValues = inverse(root);
    const voids = withClass(root, "df-void").filter(({ name, attributes }) => name === "path" && attributes.d !== "");
    for (const [x] of voids.flatMap(({ attributes }) => pathPoints(attributes.d!)).map(toValues)) expect(x).toBeLessThan(0.15);
  });
});

describe("surface", () => {
  it("puts the heights of a path where the height axis has them", () => {
    const f = (x: number, y: number): number => x * x + y * y;
    const at = [
      [0, 0],
      [1, 0],
      [1, 1],
    ] as const;
    const root = readXml(
      surface({
        title: "t",
        xLabel: "x",
        yLabel: "y",
        zLabel: "f",
        grid: sampleGrid(f, [-1, 1], [-1, 1], 11, 11),
        path: { x: at.map(([x]) => x), y: at.map(([, y]) => y), z: at.map(([x, y]) => f(x, y)) },
      }),
    );
    const flat = readXml(
      surface({
        title: "t",
        xLabel: "x",
        yLabel: "y",
        zLabel: "f",
        grid: sampleGrid(f, [-1, 1], [-1, 1], 11, 11),
        path: { x: at.map(([x]) => x), y: at.map(([, y]) => y), z: [0, 0, 0] },
      }),
    );
    const [high, ground] = [root, flat].map((svg) => pathPoints(withRole(svg, "path")[0]!.attributes.d!)) as [
      [number, number][],
      [number, number][],
    ];
    const [area] = withClass(root, "df-area");
    const [z0, z1] = area!.attributes["data-z-domain"]!.split(" ").map(Number) as [number, number];
    const [r0, r1] = area!.attributes["data-z-range"]!.split(" ").map(Number) as [number, number];
    at.forEach(([x, y], k) => {
      expect(high[k]![0]).toBeCloseTo(ground[k]![0], 2);
      expect(ground[k]![1] - high[k]![1]).toBeCloseTo((f(x, y) / (z1 - z0)) * (r1 - r0), 2);
    });
  });
});

describe("histogram", () => {
  it("counts each finite value once", () => {
    const values = Float64Array.from({ length: 997 }, (_, i) => Math.sin(i) * 10);
    const svg = readXml(histogram({ title: "t", values: [...values, Number.NaN], xLabel: "x" }));
    const counts = elementsOf(svg).flatMap(({ attributes }) =>
      attributes["data-count"] === undefined ? [] : [Number(attributes["data-count"])],
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(997);
    expect(counts.length).toBeLessThanOrEqual(41);
  });
});

describe("calibration", () => {
  it("has Wilson's interval: 8 of 10 lie between 0.490 and 0.943 (Brown, Cai and DasGupta 2001, formula 4)", () => {
    const [group] = calibrationGroups(new Float64Array(10).fill(0.7), [1, 1, 1, 1, 1, 1, 1, 1, 0, 0], 10);
    expect(group).toMatchObject({ observedShare: 0.8, rows: 10 });
    expect(group!.low).toBeCloseTo(0.4902, 4);
    expect(group!.high).toBeCloseTo(0.9433, 4);
  });

  it("puts every row into one group, and equal probabilities into the same", () => {
    const probability = Array.from({ length: 101 }, (_, i) => Math.floor(i / 3) / 40);
    const groups = calibrationGroups(
      probability,
      probability.map(() => 1),
      10,
    );
    expect(groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(101);
    for (const { rows } of groups.slice(0, -1)) expect(rows % 3).toBe(0);
  });
});

describe("confusion matrix", () => {
  it("shows every count, actual classes by row", () => {
    const svg = readXml(
      confusionMatrix({
        title: "t",
        classes: ["no", "yes"],
        counts: [
          [35, 4],
          [7, 21],
        ],
      }),
    );
    expect(withClass(svg, "df-strong").map(textOf)).toEqual(["35", "4", "7", "21"]);
    expect(textOf(svg)).toContain("90 %");
  });

  it("says 100 % only where nothing is missing", () => {
    const svg = textOf(
      readXml(
        confusionMatrix({
          title: "t",
          classes: ["no", "yes"],
          counts: [
            [99999, 1],
            [0, 5],
          ],
        }),
      ),
    );
    expect(svg).toContain(">99 %");
    expect(svg).toContain("<1 %");
  });
});
