import { describe, expect, it } from "vitest";
import { learnScaling } from "../../src/data/scaling/scaling.js";
import { OptionError } from "../../src/errors.js";
import { minimize } from "../../src/minimize/minimize.js";
import type { RegressionModel } from "../../src/models/model.js";
import { createOnlineModel } from "../../src/models/online-model.js";

const rows = 200;
const x = Float64Array.from({ length: rows }, (_, i) => Math.sin(i));
const z = Float64Array.from({ length: rows }, (_, i) => Math.cos(3 * i));
const y = Float64Array.from({ length: rows }, (_, i) => 3 + 2 * x[i]! - z[i]! + 0.1 * Math.sin(i * i));

describe("a model that learns from rows as they come", () => {
  // Oracle: the same rows at once, in order
  it.each([
    ["gradientDescent", 1, 0.05],
    ["gradientDescent", 8, 0.05],
    ["momentum", 1, 0.01],
    ["adam", 4, 0.01],
  ] as const)(
    "makes the updates of mini-batches over the whole table, those of gradient descent bit for bit: %s, %i rows an update",
    (method, batch, learningRate) => {
      const online = createOnlineModel({ model: "linear", featureNames: ["x", "z"], method, batch, learningRate });
      // In pieces of all sizes
      for (let from = 0, size = 1; from < rows; from += size++) {
        online.partialFit({ x: x.slice(from, from + size), z: z.slice(from, from + size) }, y.slice(from, from + size));
      }
      expect([online.rows, online.updates]).toEqual([rows, rows / batch]);
      const whole = minimize(
        (p: { b: number; w: number[] }, row: { x: number; z: number; y: number }) =>
          (p.b + p.w[0]! * row.x + p.w[1]! * row.z - row.y) ** 2 / 2,
        { b: 0, w: [0, 0] },
        { data: { x, z, y }, method, batch, learningRate, shuffle: false, maxSteps: rows / batch },
      );
      const model = online.model() as RegressionModel;
      const got = [model.intercept, ...model.weights];
      [whole.params.b, ...whole.params.w].forEach((value, k) => {
        if (batch === 1 && method === "gradientDescent") expect(got[k]).toBe(value);
        else expect(got[k]).toBeCloseTo(value, 13);
      });
    },
  );

  it("comes near the least squares of a long stream with a scaling from its first rows", () => {
    const stream = (i: number): [number[], number] => [
      [1000 + 50 * Math.sin(i), 1e-3 * Math.cos(3 * i)],
      7 + 0.2 * (1000 + 50 * Math.sin(i)) - 4e3 * 1e-3 * Math.cos(3 * i),
    ];
    const first = Array.from({ length: 50 }, (_, i) => stream(i)[0]);
    const online = createOnlineModel({
      model: "linear",
      featureNames: ["a", "b"],
      learningRate: 0.05,
      scaling: learnScaling(first, { featureNames: ["a", "b"] }).toJSON(),
    });
    for (let i = 0; i < 3000; i++) online.partialFit([stream(i)[0]], [stream(i)[1]]);
    const model = online.model() as RegressionModel;
    // The stream has no noise: the coefficients are those it was made with
    expect(model.weights[0]).toBeCloseTo(0.2, 8);
    expect(model.weights[1]! / -4e3).toBeCloseTo(1, 8);
  });

  it("learns classes, and predicts them with labels", () => {
    const online = createOnlineModel({ model: "logistic", featureNames: ["x"], classes: ["low", "high"], learningRate: 0.5 });
    for (let i = 0; i < 400; i++) online.partialFit([[Math.sin(i)]], [Math.sin(i) > 0 ? "high" : "low"]);
    expect(online.model().predict([[-0.9], [0.9]])).toEqual(["low", "high"]);
    const three = createOnlineModel({ model: "softmax", featureNames: ["x"], classes: [1, 2, 3], learningRate: 0.5 });
    for (let i = 0; i < 3000; i++) three.partialFit([[(i % 3) - 1]], [(i % 3) + 1]);
    expect(three.model().predict([[-1], [0], [1]])).toEqual([1, 2, 3]);
  });

  it("refuses what cannot be learned from, and learns nothing of it", () => {
    const online = createOnlineModel({ model: "logistic", featureNames: ["x"], classes: ["a", "b"], learningRate: 0.1 });
    expect(() => online.partialFit([[Number.NaN]], ["a"])).toThrow(expect.objectContaining({ code: "DATA_NOT_FINITE" }));
    expect(() => online.partialFit([[1]], ["c"])).toThrow(expect.objectContaining({ code: "CLASS_UNKNOWN" }));
    expect(online.rows).toBe(0);
    expect(() => createOnlineModel({ model: "logistic", featureNames: ["x"] })).toThrow(
      expect.objectContaining({ code: "OPTIONS_CONFLICT" }),
    );
    expect(() => createOnlineModel({ model: "linear", featureNames: ["x"], batch: 0 })).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }),
    );
  });

  it.each(["linear", "logistic", "softmax"] as const)(
    "goes on from a saved %s model as if it had never stopped (oracle: one run over all rows)",
    (model) => {
      const labels = ["low", "middle", "high"].slice(0, model === "softmax" ? 3 : 2);
      const target = Array.from(y, (value) =>
        model === "linear" ? value : labels[Math.min(labels.length - 1, Math.max(0, Math.floor(value - 2)))]!,
      );
      const scaling = learnScaling({ x: x.map((value) => 5 + 3 * value), z }).toJSON();
      const shared = { model, featureNames: ["x", "z"], learningRate: 0.05, scaling, classes: model === "linear" ? undefined : labels };
      const feed = (online: ReturnType<typeof createOnlineModel>, from: number, to: number): void =>
        online.partialFit({ x: x.slice(from, to).map((value) => 5 + 3 * value), z: z.slice(from, to) }, target.slice(from, to));
      const whole = createOnlineModel(shared);
      feed(whole, 0, rows);
      const first = createOnlineModel(shared);
      feed(first, 0, 120);
      const saved = first.model().toJSON();
      // Another scaling would make other steps: the model itself is the same in any
      const second = createOnlineModel({ ...shared, start: JSON.parse(JSON.stringify(saved)) });
      feed(second, 120, rows);
      const [a, b] = [whole.model().toJSON(), second.model().toJSON()];
      a.coefficients.forEach((row, o) => {
        expect(b.offsets[o]).toBeCloseTo(a.offsets[o]!, 12);
        row.forEach((value, k) => {
          expect(b.coefficients[o]![k]).toBeCloseTo(value, 12);
        });
      });
      expect(() => createOnlineModel({ ...shared, featureNames: ["x", "other"], start: saved })).toThrow(OptionError);
    },
  );
});
