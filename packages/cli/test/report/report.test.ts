import { describe, expect, it } from "vitest";
import { type FitReportData, type MinimizeReportData, renderFitReport, renderMinimizeReport } from "../../src/report/index.js";
import { reportTexts } from "../../src/report/texts.js";
import { fitReport, x } from "./fit-report-data.js";

const languages = ["en", "zh"] as const;

const minimizeReport: MinimizeReportData = {
  command: 'descend minimize "x^2 + 2y^2" --start x=3,y=-2',
  formula: "x^2 + 2y^2",
  variables: [
    { name: "x", start: 3, end: 1e-9, gradient: 2e-9 },
    { name: "y", start: -2, end: -1e-9, gradient: -4e-9 },
  ],
  descent: { ...fitReport.descent, history: { unit: "step", at: [0, 1, 2], value: [17, 1, 1e-18] } },
  contour: {
    grid: {
      x: [-4, 4],
      y: [-3, 3],
      columns: 21,
      rows: 21,
      values: Array.from({ length: 441 }, (_, k) => ((k % 21) - 10) ** 2 + 2 * (Math.floor(k / 21) - 10) ** 2),
    },
    path: { x: [3, 1, 0], y: [-2, -0.5, 0] },
  },
};

const classification: FitReportData = {
  ...fitReport,
  model: { kind: "softmax" },
  line: undefined,
  predictions: undefined,
  coefficients: ["ant", "bee", "cat"].map((name, k) => ({ name: "size", class: name, value: k - 1, perDeviation: k - 1 })),
  metrics: [{ name: "accuracy", train: 0.9, test: 0.8 }],
  classification: {
    classes: ["ant", "bee", "cat"],
    confusion: [
      {
        part: "test",
        counts: [
          [5, 1, 0],
          [0, 4, 0],
          [1, 0, 7],
        ],
      },
    ],
    calibration: { probability: x.map((i) => i / 30), outcome: x.map((i) => (i > 15 ? 1 : 0)) },
  },
};

/** Element names that are opened and closed in order; void elements have no end. A browser repairs silently what this refuses. */
function checkBalance(html: string): void {
  const open: string[] = [];
  for (const [, close, name, , empty] of html
    .replace(/<!doctype html>/, "")
    .matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
    if (close === "/") expect(open.pop()).toBe(name);
    else if (empty !== "/" && !["meta", "link"].includes(name!)) open.push(name!);
  }
  expect(open).toEqual([]);
}

const figuresIn = (html: string): string[] => [...html.matchAll(/data-figure="([a-z-]+)"/g)].map(([, kind]) => kind!);

describe.each(languages)("report of a fit in %s", (language) => {
  const texts = reportTexts[language];
  const html = renderFitReport(fitReport, language);

  it("says the verdict first, in words, with every test and its answer", () => {
    const main = html.slice(html.indexOf("<main>"));
    const verdict = main.slice(0, main.indexOf("</section>"));
    expect(verdict).toContain(texts.verdicts.converged.headline);
    expect(verdict).toContain(texts.bestFit.slice(0, 12));
    expect(verdict.match(/class="passed"/g)).toHaveLength(2);
    expect(main.indexOf(texts.verdicts.converged.headline)).toBeLessThan(main.indexOf(texts.summary.heading));
  });

  it("names what was done to rows and columns, the coefficients, metrics, curvature, the command and the seed", () => {
    for (const part of [
      "data.csv",
      "12.5",
      "red",
      "α = 0.25",
      "± 0.1",
      "17.3",
      "0.75 ± 0.05",
      "2×10⁻¹³",
      "descend fit data.csv --target &#34;price&#34;",
      "<dd>17</dd>",
      texts.data.reasons.constant("4"),
      texts.data.scalings.standard,
      texts.descent.conditionNumber,
      texts.descent.conditionMeaning(4),
      texts.metrics.meanings.RMSE!,
    ]) {
      expect(html).toContain(part);
    }
  });

  it("draws what suits a regression on one feature, and what suits a classifier", () => {
    expect(figuresIn(html)).toEqual([
      "scatter-with-line",
      "predicted-against-actual",
      "residual-plot",
      "histogram",
      "coefficient-plot",
      "loss-curve",
      "loss-curve",
      "loss-curve",
    ]);
    const kinds = figuresIn(renderFitReport(classification, language));
    expect(kinds).toEqual([
      "confusion-matrix",
      "calibration-curve",
      "coefficient-plot",
      "coefficient-plot",
      "coefficient-plot",
      "loss-curve",
      "loss-curve",
      "loss-curve",
    ]);
  });

  it("draws the surface of a regression on two features, and says why there is none for more", () => {
    const two: FitReportData = {
      ...fitReport,
      line: undefined,
      surface: { features: ["size", "age"], grid: { x: [0, 1], y: [0, 1], columns: 2, rows: 2, values: [1, 2, 3, 4] } },
    };
    expect(figuresIn(renderFitReport(two, language))[0]).toBe("surface");
    const more: FitReportData = {
      ...fitReport,
      line: undefined,
      columns: [...fitReport.columns, { name: "a", role: "feature" }, { name: "b", role: "feature" }],
    };
    expect(renderFitReport(more, language)).toContain(texts.figures.noPicture(4));
  });

  it("speaks of every verdict, with advice where it is not a minimum", () => {
    for (const verdict of Object.keys(texts.verdicts) as (keyof typeof texts.verdicts)[]) {
      const page = renderFitReport({ ...fitReport, descent: { ...fitReport.descent, verdict, tests: [] } }, language);
      expect(page).toContain(texts.verdicts[verdict].headline);
      expect(page).toContain(texts.tests.none);
      const good = verdict === "converged" || verdict === "precision-floor";
      expect(page.includes('<section class="verdict good">')).toBe(good);
      expect(page.includes(texts.bestFit)).toBe(good);
      if (!good) expect(texts.verdicts[verdict].advice.length).toBeGreaterThan(0);
    }
  });

  it("says of values that grew without end that they did, not that they rest", () => {
    const descent = { ...fitReport.descent, verdict: "stalled", terminationReason: "diverged" } as const;
    const page = renderFitReport({ ...fitReport, descent }, language);
    expect(page).toContain(texts.diverged.headline);
    expect(page).not.toContain(texts.verdicts.stalled.headline);
  });

  it("shows as text what a hostile table puts into its names", () => {
    const hostile = `<img src=x onerror="alert(1)">&'</script></style>`;
    const page = renderFitReport(
      {
        ...fitReport,
        command: hostile,
        source: hostile,
        target: hostile,
        targetUnit: hostile,
        columns: [
          {
            name: hostile,
            type: hostile,
            role: "feature",
            coding: { kind: "categories", base: hostile, levels: 2 },
            reason: { code: "other", detail: hostile },
          },
        ],
        findings: [{ code: "OTHER", severity: "info", message: hostile }],
        coefficients: [{ name: hostile, class: hostile, value: 1, perDeviation: 1 }],
        metrics: [{ name: hostile, train: 1 }],
        line: { feature: hostile, unit: hostile, train: { x: [1], y: [1] }, fitted: { x: [1], y: [1] } },
        descent: {
          ...fitReport.descent,
          method: hostile,
          warnings: [hostile],
          tests: [{ name: hostile as "gradient", passed: false, value: 1, threshold: 0, evidence: hostile }],
        },
      },
      language,
    );
    expect(page).not.toMatch(/<img|onerror="|<\/script/);
    expect(page.match(/<\/style>/g)).toHaveLength(figuresIn(page).length + 1);
    checkBalance(page);
  });

  it("has a text for everything, and nothing undefined", () => {
    for (const page of [html, renderFitReport(classification, language), renderMinimizeReport(minimizeReport, language)]) {
      expect(page.replace(/<style>[\s\S]*?<\/style>/g, "")).not.toMatch(/undefined|\[object|NaN/);
      checkBalance(page);
    }
  });
});

describe.each(languages)("report of a minimum in %s", (language) => {
  it("draws the map with the path for two variables, the values for any number", () => {
    expect(figuresIn(renderMinimizeReport(minimizeReport, language))).toEqual(["contour-with-path", "loss-curve", "loss-curve"]);
    const one = renderMinimizeReport({ ...minimizeReport, variables: minimizeReport.variables.slice(0, 1), contour: undefined }, language);
    expect(figuresIn(one)).toEqual(["loss-curve", "loss-curve"]);
    expect(one).toContain(reportTexts[language].minimize.noContour(1));
  });
});

describe("reports", () => {
  it("ask for nothing from anywhere, run no script, and forbid both by their policy", () => {
    for (const page of [renderFitReport(fitReport, "en"), renderMinimizeReport(minimizeReport, "zh")]) {
      const bare = page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "");
      expect(bare).not.toMatch(/https?:|<script|<iframe|<img|@import|url\(| src=| on[a-z]+="/);
      expect([...bare.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)).toEqual(["data:,"]);
      expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    }
  });

  it("in Chinese leave nothing in English but names, numbers and what the table holds", () => {
    const page = renderFitReport({ ...fitReport, findings: [] }, "zh");
    const words = page
      .replace(/<style>[\s\S]*?<\/style>/g, "")
      .replace(/<head>[\s\S]*?<\/head>/, "")
      .replace(/<[^>]*>/g, " ")
      .match(/[A-Za-z]{3,}/g)!;
    const known = new Set([
      "price",
      "size",
      "color",
      "constant",
      "red",
      "DOUBLE",
      "BIGINT",
      "VARCHAR",
      "intercept",
      "descend",
      "fit",
      "data",
      "csv",
      "target",
      "lbfgs",
      "RMSE",
      "MAE",
      "Hessian",
      "Descend",
    ]);
    expect([...new Set(words)].filter((word) => !known.has(word))).toEqual([]);
  });

  it("of a descent without steps and a model without metrics still have verdict, data and command", () => {
    const { history: _history, curvature: _curvature, ...descent } = fitReport.descent;
    const { predictions: _predictions, line: _line, ...rest } = fitReport;
    const page = renderFitReport({ ...rest, descent, metrics: [], coefficients: [], findings: [], columns: [] }, "en");
    expect(figuresIn(page)).toEqual([]);
    expect(page).toContain("How to make this again");
    checkBalance(page);
  });

  it("show the distance to the lowest value on the logarithmic axis where the loss itself hardly falls", () => {
    const history = { unit: "step" as const, at: [0, 1, 2, 3], value: [2, 1.5, 1.1, 1] };
    expect(renderFitReport({ ...fitReport, descent: { ...fitReport.descent, history } }, "en")).toContain("Distance to the lowest value");
    expect(renderFitReport(fitReport, "en")).toContain("Loss, logarithmic");
  });
});
