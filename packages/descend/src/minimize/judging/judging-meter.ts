/**
 * What judging a descent costs, in gradients, and what is left of what it may cost: 60 gradients, or
 * a twentieth of the descent if that is more.
 *
 * A value counts a third of a gradient and a product with the Hessian two. Of an objective whose gradients are differences of values, a
 * gradient is as many values as one takes. Where rows are streamed a pass over them counts, in the place of what is computed meanwhile.
 */

import type { Evaluations } from "../steppers/stepper.js";

/** What judging may cost: gradients, and a share of the descent. */
const JUDGING_GRADIENTS = 60;
const JUDGING_SHARE = 0.05;
export const VALUE_IN_GRADIENTS: number = 1 / 3;
export const PRODUCT_IN_GRADIENTS: number = 2;

/** Evaluations in gradients. */
export type Price = (evaluations: Readonly<Evaluations>) => number;

/** Of an objective that is compiled: a gradient brings its value along. */
export const compiledPrice: Price = ({ value, gradient, hessianVector }) =>
  gradient + PRODUCT_IN_GRADIENTS * hessianVector + VALUE_IN_GRADIENTS * Math.max(0, value - gradient);

/** Of one that is called, with its gradient: products with the Hessian are differences of gradients, which are counted. */
export const calledPrice: Price = (evaluations) => compiledPrice({ ...evaluations, hessianVector: 0 });

/**
 * Of one whose rows are streamed, in passes over them, which values and products share. Less than in memory, so that no less is looked at.
 */
export const streamedPrice =
  (passes: { readonly value: number; readonly product: number }): Price =>
  ({ value, gradient, hessianVector }) =>
    gradient + passes.product * hessianVector + passes.value * Math.max(0, value - gradient);

export class JudgingMeter {
  /** Of all that was evaluated so far, kept up to date by who evaluates. */
  private readonly all: Readonly<Evaluations>;
  private readonly price: Price;
  /** Spent on judging that is over, and what all had cost when the judging in progress began. */
  private before = 0;
  private since: number | undefined;

  /** @param price - default: everything is compiled. */
  constructor(all: Readonly<Evaluations>, price: Price = compiledPrice) {
    this.all = all;
    this.price = price;
  }

  /** Counts the evaluations of `work` as judging. */
  during<T>(work: () => T): T {
    this.since = this.price(this.all);
    const outcome = work();
    this.before = this.spent;
    this.since = undefined;
    return outcome;
  }

  /** Spent on judging so far, in gradients. */
  get spent(): number {
    const all = this.price(this.all);
    return this.before + all - (this.since ?? all);
  }

  /** What judging may still cost, in gradients. */
  get left(): number {
    const { spent } = this;
    return Math.max(JUDGING_GRADIENTS, JUDGING_SHARE * (this.price(this.all) - spent)) - spent;
  }
}
