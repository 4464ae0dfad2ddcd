/**
 * Progress of long work: one line that moves on a terminal, plain lines now and then elsewhere, nothing for short work.
 * Always on standard error, so that standard output holds the result alone.
 */

import { cutToWidth } from "./format.js";

/** Milliseconds between two drawings on a terminal. */
const TERMINAL_PERIOD = 100;
/** Milliseconds before the first line elsewhere, and between two. */
const PLAIN_DELAY = 1000;
const PLAIN_PERIOD = 10_000;

export interface Progress {
  /** Shows the text if it is time to. The text is only built then. */
  update(text: () => string): void;
  /** Removes the moving line. */
  finish(): void;
}

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const interactive = stream.isTTY === true;
  let next = performance.now() + (interactive ? TERMINAL_PERIOD : PLAIN_DELAY);
  let drawn = false;
  return {
    update(text) {
      const now = performance.now();
      if (now < next) return;
      next = now + (interactive ? TERMINAL_PERIOD : PLAIN_PERIOD);
      if (interactive) {
        // A line longer than the terminal would wrap and leave its first part behind
        stream.write(`\r\x1b[2K${cutToWidth(text(), widthOf(stream) - 1)}`);
        drawn = true;
      } else {
        stream.write(`${text()}\n`);
      }
    },
    finish() {
      if (drawn) stream.write("\r\x1b[2K");
      drawn = false;
    },
  };
}

/** Some terminals do not know their width and say 0. */
function widthOf({ columns }: NodeJS.WriteStream): number {
  return columns > 10 ? columns : 80;
}
