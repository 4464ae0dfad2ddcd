import type { Answer, Question } from "../../src/optim/search-method.js";

/**
 * Answers to the questions of a search by a plain function; derivatives, where no others are
 * given, by central differences (about 9 digits).
 */
export function answerWith(
  objective: (params: number[]) => number,
  derivatives: { readonly gradient?: (params: number[]) => number[]; readonly hessian?: (params: number[]) => number[][] } = {},
): (question: Question) => Answer {
  const gradientAt =
    derivatives.gradient ?? ((params: number[]): number[] => differences((x) => [objective(x)], params).map((row) => row[0]!));
  const hessianAt = derivatives.hessian ?? ((params: number[]): number[][] => differences(gradientAt, params));
  return (question) => {
    switch (question.kind) {
      case "values":
        return { values: question.points.map((point) => objective([...point])) };
      case "gradient":
        return { values: [objective([...question.params])], vector: Float64Array.from(gradientAt([...question.params])) };
      case "hessian-vector": {
        const { direction } = question;
        return {
          values: [],
          vector: Float64Array.from(hessianAt([...question.params]), (row) => row.reduce((sum, h, j) => sum + h * direction[j]!, 0)),
        };
      }
      case "hessian":
        return { values: [], vector: Float64Array.from(hessianAt([...question.params]).flat()) };
    }
  };
}

/** Rows ∂f/∂xᵢ. */
function differences(f: (params: number[]) => number[], params: number[]): number[][] {
  return params.map((x, i) => {
    const h = Math.cbrt(Number.EPSILON) * Math.max(1, Math.abs(x));
    const ahead = f(params.with(i, x + h));
    const behind = f(params.with(i, x - h));
    return ahead.map((value, k) => (value - behind[k]!) / (2 * h));
  });
}
