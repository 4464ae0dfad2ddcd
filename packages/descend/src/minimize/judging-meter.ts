/**
 * What judging a descent costs, in gradients, and what is left of what it may cost: 60 gradients, or a twentieth of the descent if that is more.
 *
 * A value counts a third of a gradient and a product with the Hessian two. Of an objective whose gradients are differences of values, a gradient is as many
 * values as one takes.
 */

import { invariant } from "../errors.js";
import type { Evaluations } from "./stepper.js";

/** What judging may cost: gradients, and a share of the descent. */
const JUDGING_GRADIENTS = 60;
const JUDGING_SHARE = 0.05;
const VALUE_IN_GRADIENTS = 1 / 3;
export const PRODUCT_IN_GRADIENTS = 2;

/** How the objective is evaluated, which decides what counts. */
export interface Pricing {
  /** Whether gradients come with the program, and products with the Hessian too. */
  readonly exact: boolean;
  /** Values that a gradient by differences takes; undefined where gradients are not made of values. */
  readonly valuesAGradient: number | undefined;
}

/** Evaluations in gradients. Counts of products by differences of gradients are in the gradients already. */
export function inGradients({ value, gradient, hessianVector }: Readonly<Evaluations>, { exact, valuesAGradient }: Pricing): number {
  if (valuesAGradient !== undefined) return value / valuesAGradient;
  const products = exact ? PRODUCT_IN_GRADIENTS * hessianVector : 0;
  // A gradient brings its value along.
  return gradient + products + VALUE_IN_GRADIENTS * Math.max(0, value - gradient);
}

export class JudgingMeter {
  /** Of all that was evaluated so far, kept up to date by who evaluates. */
  private readonly all: Readonly<Evaluations>;
  private readonly pricing: Pricing;
  private readonly before: Evaluations = { value: 0, gradient: 0, hessianVector: 0 };
  /** What was counted when the judging in progress began. */
  private since: Evaluations | undefined;

  constructor(all: Readonly<Evaluations>, pricing: Pricing) {
    this.all = all;
    this.pricing = pricing;
  }

  /** Counts the evaluations of `work` as judging. */
  during<T>(work: () => T): T {
    invariant(this.since === undefined, "judging is not judged");
    this.since = { ...this.all };
    try {
      return work();
    } finally {
      Object.assign(this.before, this.evaluations);
      this.since = undefined;
    }
  }

  /** Evaluations that judging took so far. */
  get evaluations(): Evaluations {
    const { before, all, since = all } = this;
    return {
      value: before.value + all.value - since.value,
      gradient: before.gradient + all.gradient - since.gradient,
      hessianVector: before.hessianVector + all.hessianVector - since.hessianVector,
    };
  }

  /** Spent on judging so far, in gradients. */
  get spent(): number {
    return inGradients(this.evaluations, this.pricing);
  }

  /** What judging may still cost, in gradients. */
  get left(): number {
    const { spent } = this;
    return Math.max(JUDGING_GRADIENTS, JUDGING_SHARE * (inGradients(this.all, this.pricing) - spent)) - spent;
  }
}
