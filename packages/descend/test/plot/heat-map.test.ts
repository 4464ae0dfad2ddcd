// Oracle: the values themselves.

import { expect, it } from "vitest";
import { heatMap } from "../../src/plot/heat-map.js";

it("a heat map is darkest where the value is lowest, and crosses what is not finite", () => {
  const svg = heatMap({
    title: "Ends",
    xLabel: "rate",
    yLabel: "decay",
    x: [0.1, 0.2],
    y: [0.5, 0.9],
    values: [3, 1e-8, Number.POSITIVE_INFINITY, 1],
  });
  const shades = [...svg.matchAll(/opacity="([\d.]+)"[^>]*><title>([^<]*)<\/title>/g)].map(([, opacity, value]) => [
    Number(opacity),
    value,
  ]);
  expect(shades.map(([, value]) => value)).toEqual(["3", "10⁻⁸", "1"]);
  const [three, least, one] = shades.map(([opacity]) => opacity as number);
  expect(least).toBeGreaterThan(one!);
  expect(one).toBeGreaterThan(three!);
  expect(svg).toContain(">×<");
});
