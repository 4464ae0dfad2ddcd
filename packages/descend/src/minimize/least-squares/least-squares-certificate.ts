/**
 * Is the point where a fit ended a minimizer? Tests on the residuals' own scale.
 *
 * The gradient is measured by the share of the residual that a linear step could still remove; curvature and the remaining step in the
 * coordinates F = P·R⁻¹ in which JᵀJ is the identity: there the Hessian FᵀHF = I + Fᵀ(Σ rᵢ∇²rᵢ)F is 1 for small residuals, its eigenvalues
 * tell how far Gauss–Newton may be trusted, and its inverse gives Newton's step, whatever the units and the condition of J.
 *
 * The idea of the first measure: Bates and Watts 1981, "A relative offset orthogonality convergence criterion for nonlinear least squares".
 */

import { twoNorm } from "../../numeric/blas1.js";
import { type SymmetricEigen, symmetricEigen } from "../../numeric/symmetric-eigen.js";
import { inverseOfTriangle, scaledCondition, type TriangularFactor } from "../../numeric/triangular-factor.js";
import { reducibleNorm } from "../../optim/least-squares/levenberg-marquardt.js";
import type { Certificate, Finding } from "../judging/certificate/certify.js";
import { short, type Test } from "../judging/certificate/test.js";

/** What the tests may look at. */
export interface FitEvidence {
  readonly params: Float64Array;
  /** At `params`. */
  readonly factor: TriangularFactor;
  readonly start: Float64Array;
  /** The last step, [n]. */
  readonly step: Float64Array;
  /** Largest column norms of J on the way, [n]: the size of a change of each parameter in units of the residuals. */
  readonly scale: Float64Array;
  /** Jᵀr at another point. */
  readonly product: (params: Float64Array) => Float64Array;
  readonly norm: (params: Float64Array) => number;
  /** Relative error of J: that of rounding, or of differences. */
  readonly jacobianError: number;
}

export interface FitCertificate extends Certificate {
  readonly finding: Exclude<Finding, "minimizer-to-rounding">;
  /** Newton's step from the point, where the curvature is positive, and the curvature: H⁻¹ = B·V·Λ⁻¹·Vᵀ·Bᵀ. */
  readonly newton: Newton | undefined;
}

export interface Newton {
  readonly step: Float64Array;
  /** B, [n, n] row-major. */
  readonly basis: Float64Array;
  readonly eigen: SymmetricEigen;
}

/** The share of the residual that may be left to a linear step. */
const OFFSET = 1e-6;
/** A Newton step below this share of a parameter is no step. */
const REMAINING_STEP = 1e-6;
/** Condition of the scaled J from which its inverse is rounding alone. */
const SINGULAR = 1e13;
/** A column below this share of its largest norm has vanished. */
const VANISHED = 1e-8;
/** Parameters up to which all of the curvature is measured. */
const MANY = 64;
/** Relative length of the differences of exact gradients, which are one-sided; of differenced ones, which are central. */
const DIFFERENCE = 2 ** -23;
const LONG_DIFFERENCE = 1e-4;
/** Curvature below this, relative to 1, cannot be told from 0 by such differences. */
const FLAT = 1e-3;
const EPSILON = 2 ** -52;

export function certifyFit(point: FitEvidence): FitCertificate {
  const { factor, params } = point;
  const { residualNorm } = factor;
  const gradient = gradientTest(point);
  if (!gradient.passed) return { tests: [gradient], finding: "not-stationary", newton: undefined };

  const condition = scaledCondition(factor);
  const regular = condition < SINGULAR ? inverseOfTriangle(factor) : undefined;
  const n = params.length;
  const rounding = residualRounding(factor, params);
  if (residualNorm <= rounding) {
    const escaping = params.findIndex((x, j) => {
      const moves = Math.abs(point.step[j]!) > REMAINING_STEP * Math.max(Math.abs(x), Math.abs(point.start[j]!));
      return moves && factor.columnNorms[j]! <= VANISHED * point.scale[j]!;
    });
    if (escaping >= 0) {
      const evidence = `the residuals vanish because parameter ${escaping} runs away (${short(params[escaping]!)}): they approach 0 and no point has it`;
      return {
        tests: [gradient, { name: "neighborhood", passed: false, value: residualNorm, threshold: rounding, evidence }],
        finding: "plateau",
        newton: undefined,
      };
    }
    // No sum of squares is below 0: whatever the curvature, this is a minimizer, though not the only one if J has no full rank
    const evidence = `the residuals are 0 to rounding; the condition of the Jacobian is ${short(condition)}`;
    return {
      tests: [gradient, { name: "neighborhood", passed: true, value: residualNorm, threshold: rounding, evidence }],
      finding: "minimizer",
      newton: undefined,
    };
  }
  if (n > MANY) return withoutCurvature(gradient, condition, regular);
  // Columns along which curvature is measured: F, or, where that does not exist, single parameters in units of their columns
  const basis = regular ?? diagonal(point.scale);
  const eigen = scaledHessian(point, basis);
  const { values, vectors } = eigen;
  const [lowest, highest] = [values[0]!, values.at(-1)!];
  const curvature: Test = {
    name: "curvature",
    passed: lowest > FLAT,
    value: lowest,
    threshold: FLAT,
    evidence:
      regular === undefined
        ? `the Jacobian has no full rank (condition ${short(condition)}); curvatures from ${short(lowest)} to ${short(highest)} in units of its columns`
        : `curvatures from ${short(lowest)} to ${short(highest)} in units of the Jacobian's, whose condition is at least ${short(condition)}`,
  };
  if (!curvature.passed) {
    const direction = combination(basis, vectors[0]!, n);
    return { ...uncurved([gradient, curvature], point, direction, lowest, highest), newton: undefined };
  }
  return withRemainingStep(point, [gradient, curvature], basis, eigen);
}

/** The tests at a point so close to that of `before` that the curvature there still holds. */
export function recertifyFit(before: FitCertificate, point: FitEvidence): FitCertificate {
  const gradient = gradientTest(point);
  const curvature = before.tests.find(({ name }) => name === "curvature");
  if (!gradient.passed || before.newton === undefined || curvature === undefined)
    return { tests: [gradient], finding: "not-stationary", newton: undefined };
  return withRemainingStep(point, [gradient, curvature], before.newton.basis, before.newton.eigen);
}

function gradientTest({ factor, params, jacobianError }: FitEvidence): Test {
  const { residualNorm } = factor;
  const offset = reducibleNorm(factor);
  const floor = Math.max(64 * EPSILON, jacobianError * OFFSET) * sizeOfModel(factor, params);
  const threshold = OFFSET * residualNorm + floor;
  return {
    name: "gradient",
    passed: offset <= threshold,
    value: offset,
    threshold,
    evidence: `‖Qᵀr‖ = ${short(offset)} of ‖r‖ = ${short(residualNorm)} lies in the range of the Jacobian`,
  };
}

function withRemainingStep(point: FitEvidence, tests: readonly Test[], basis: Float64Array, eigen: SymmetricEigen): FitCertificate {
  const step = newtonStep(point.factor, basis, eigen);
  const remaining = remainingStep(point, step, basis);
  return { tests: [...tests, remaining], finding: remaining.passed ? "minimizer" : "not-stationary", newton: { step, basis, eigen } };
}

/** What rounding may change in ‖r‖: that of parameters and of residuals as differences of numbers as large as what the parameters make. */
export function residualRounding(factor: TriangularFactor, params: Float64Array): number {
  return 16 * EPSILON * sizeOfModel(factor, params);
}

/** ‖ |J|·|x| ‖, at most: a relative change of the parameters by ε changes the residuals by ε times this. */
function sizeOfModel({ columnNorms, residualNorm }: TriangularFactor, params: Float64Array): number {
  return params.reduce((total, x, j) => total + Math.abs(x) * columnNorms[j]!, residualNorm);
}

/** Jᵀr = P·Rᵀ·Qᵀr. */
export function productOf({ n, triangle, order, transformed }: TriangularFactor): Float64Array {
  const g = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let i = 0; i <= j; i++) g[order[j]!]! += triangle[i * n + j]! * transformed[i]!;
  return g;
}

/** Eigenvalues of BᵀHB for H = ∇²(½‖r‖²), by differences of Jᵀr along the columns of B. */
function scaledHessian({ params, factor, product, scale, jacobianError }: FitEvidence, basis: Float64Array): SymmetricEigen {
  const n = params.length;
  const central = jacobianError > DIFFERENCE * DIFFERENCE;
  const difference = central ? LONG_DIFFERENCE : DIFFERENCE;
  const here = productOf(factor);
  const length = twoNorm(params.map((x, j) => x * scale[j]!));
  const matrix = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const column = Float64Array.from({ length: n }, (_, j) => basis[j * n + c]!);
    let h = Number.POSITIVE_INFINITY;
    for (let j = 0; j < n; j++) {
      const size = Math.max(Math.abs(params[j]!), (1e-3 * (length > 0 ? length : 1)) / scale[j]!);
      if (column[j] !== 0) h = Math.min(h, (difference * size) / Math.abs(column[j]!));
    }
    const ahead = product(params.map((x, j) => x + h * column[j]!));
    const behind = central ? product(params.map((x, j) => x - h * column[j]!)) : here;
    const width = central ? 2 * h : h;
    for (let k = 0; k < n; k++) {
      let value = 0;
      for (let j = 0; j < n; j++) value += basis[j * n + k]! * ((ahead[j]! - behind[j]!) / width);
      matrix[k * n + c] = value;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (matrix[i * n + j]! + matrix[j * n + i]!) / 2;
      matrix[i * n + j] = mean;
      matrix[j * n + i] = mean;
    }
  }
  return symmetricEigen(matrix, n);
}

/** −B·(BᵀHB)⁻¹·Bᵀg with g = Jᵀr. */
function newtonStep(factor: TriangularFactor, basis: Float64Array, { values, vectors }: SymmetricEigen): Float64Array {
  const { n } = factor;
  const product = productOf(factor);
  const g = Float64Array.from({ length: n }, (_, c) => product.reduce((total, value, j) => total + value * basis[j * n + c]!, 0));
  const inner = new Float64Array(n);
  vectors.forEach((vector, k) => {
    const amount = vector.reduce((total, v, i) => total + v * g[i]!, 0) / values[k]!;
    for (let i = 0; i < n; i++) inner[i]! -= amount * vector[i]!;
  });
  return combination(basis, inner, n);
}

function remainingStep({ params, factor, scale }: FitEvidence, step: Float64Array, basis: Float64Array): Test {
  const n = params.length;
  const length = twoNorm(params.map((x, j) => x * scale[j]!));
  let worst = 0;
  let at = 0;
  for (let j = 0; j < n; j++) {
    // A parameter is known to its size, or to what the residuals leave open, or to what it does beside the others
    const open = twoNorm(basis.subarray(j * n, (j + 1) * n)) * factor.residualNorm;
    const size = Math.max(Math.abs(params[j]!), open, (1e-6 * length) / scale[j]!);
    const share = step[j] === 0 ? 0 : Math.abs(step[j]!) / size;
    if (!(share <= worst)) [worst, at] = [share, j];
  }
  return {
    name: "remaining-step",
    passed: worst <= REMAINING_STEP,
    value: worst,
    threshold: REMAINING_STEP,
    evidence: `Newton's step from here changes no parameter by more than ${short(worst)} of its size (that one is ${short(params[at]!)})`,
  };
}

/** A direction without positive curvature: a saddle, or a direction along which the residuals do not change, or higher-order curvature. */
function uncurved(
  tests: Test[],
  { params, factor, norm, scale }: FitEvidence,
  direction: Float64Array,
  lowest: number,
  highest: number,
): Pick<FitCertificate, "tests" | "finding"> {
  if (lowest < -FLAT) return { tests, finding: highest > FLAT ? "saddle" : "maximum" };
  const length = Math.max(twoNorm(params.map((x, j) => x * scale[j]!)), Number.MIN_VALUE);
  const size = twoNorm(direction.map((d, j) => d * scale[j]!));
  const rounding = 64 * EPSILON * sizeOfModel(factor, params) * Math.max(factor.residualNorm, EPSILON * sizeOfModel(factor, params));
  let fall = 0;
  let rise = 0;
  for (const share of [1e-3, 1e-2]) {
    for (const sign of [1, -1]) {
      const moved = norm(params.map((x, j) => x + ((sign * share * length) / size) * direction[j]!));
      const change = moved * moved - factor.residualNorm * factor.residualNorm;
      if (change < fall) fall = change;
      if (!(change <= rise)) rise = change;
    }
  }
  const flat = fall >= -rounding && rise <= rounding;
  const test: Test = {
    name: "neighborhood",
    passed: fall >= -rounding && !flat,
    value: fall,
    threshold: -rounding,
    evidence: `along the flattest direction, up to 1e-2 of the parameters, the sum of squares changes by ${short(fall)} to ${short(rise)}`,
  };
  return { tests: [...tests, test], finding: flat ? "plateau" : test.passed ? "minimizer" : "not-stationary" };
}

/** For many parameters: the rank of J alone, which proves a minimizer for small residuals. */
function withoutCurvature(gradient: Test, condition: number, inverse: Float64Array | undefined): FitCertificate {
  const test: Test = {
    name: "curvature",
    passed: inverse !== undefined,
    value: condition,
    threshold: SINGULAR,
    evidence: `the condition of the Jacobian is ${short(condition)}; with this many parameters the curvature of single residuals is not measured`,
  };
  return { tests: [gradient, test], finding: test.passed ? "minimizer" : "plateau", newton: undefined };
}

function diagonal(scale: Float64Array): Float64Array {
  const n = scale.length;
  const matrix = new Float64Array(n * n);
  for (let j = 0; j < n; j++) matrix[j * n + j] = 1 / scale[j]!;
  return matrix;
}

function combination(basis: Float64Array, amounts: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let c = 0; c < n; c++) out[j]! += basis[j * n + c]! * amounts[c]!;
  return out;
}
