/** How many steps to make in one call of compiled code: enough that the call costs nothing, few enough to look at the clock in time. */

/** Milliseconds of compiled steps between two looks at clock and signal. */
const CHUNK_MILLISECONDS = 4;
/** Steps of the first chunk; short, so that the engine can replace its first, slow code between chunks. */
const FIRST_CHUNK = 16;
const LARGEST_CHUNK = 1e7;

export class Pace {
  /** Steps of the next call. */
  chunk: number = FIRST_CHUNK;

  /** Adapts to what a call of `passes` steps took. A call cut short for another reason says nothing. */
  adapt(passes: number, milliseconds: number): void {
    if (passes < this.chunk) return;
    if (milliseconds < CHUNK_MILLISECONDS / 2) this.chunk = Math.min(2 * this.chunk, LARGEST_CHUNK);
    else if (milliseconds > 2 * CHUNK_MILLISECONDS) this.chunk = Math.max(1, Math.floor(this.chunk / 2));
  }
}
