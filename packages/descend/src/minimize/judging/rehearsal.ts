/**
 * Has values evaluated together that judging asks for one after the other, where each evaluation
 * is a pass over rows that are not in memory.
 *
 * What is asked for depends on what was found, so it is rehearsed: the judging runs with guesses in the place of values that are not known,
 * those it asked for are evaluated in one pass, and it runs again, until it meets no guess. What it comes to then rests on values alone,
 * and is what it would have come to asking for one at a time. Guesses say that the objective rises: so it does around a minimizer, and what
 * is guessed wrong costs a value, nothing else.
 */

/** Ends a rehearsal where guesses are no ground to go on. */
class GuessesOnly extends Error {}

export class Rehearsal {
  private readonly valuesAt: (points: readonly Float64Array[]) => readonly number[];
  private readonly guess: () => number;
  private readonly known: Map<string, number> = new Map();
  /** What was guessed in the run in progress. */
  private readonly guessed: Map<string, Float64Array> = new Map();
  private runs = 0;

  /**
   * @param valuesAt - of the same point always the same.
   * @param guess - a value above that of the point that is judged, by more than rounding.
   */
  constructor(valuesAt: (points: readonly Float64Array[]) => readonly number[], guess: () => number) {
    this.valuesAt = valuesAt;
    this.guess = guess;
  }

  /** f(params), or a guess within {@link settled}. */
  value(params: Float64Array): number {
    const key = params.join();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.guessed.set(key, params.slice());
    if (this.runs > 0) return this.guess();
    this.learn();
    return this.known.get(key)!;
  }

  /** What `work` comes to with values in the place of all guesses. Must be the same each time it runs, but for the values. */
  settled<T>(work: () => T): T {
    this.requireValues();
    this.runs++;
    try {
      for (;;) {
        const outcome = this.run(work);
        if (this.guessed.size === 0) return outcome!.of;
        this.learn();
      }
    } finally {
      this.runs--;
    }
  }

  /** To be called before anything else is evaluated: not on the ground of guesses. */
  requireValues(): void {
    if (this.guessed.size > 0) throw new GuessesOnly();
  }

  /** Undefined where guesses were no ground to go on. */
  private run<T>(work: () => T): { readonly of: T } | undefined {
    try {
      return { of: work() };
    } catch (error) {
      if (error instanceof GuessesOnly) return undefined;
      this.guessed.clear();
      throw error;
    }
  }

  private learn(): void {
    const { known, guessed } = this;
    const values = this.valuesAt([...guessed.values()]);
    [...guessed.keys()].forEach((key, k) => known.set(key, values[k]!));
    guessed.clear();
  }
}
