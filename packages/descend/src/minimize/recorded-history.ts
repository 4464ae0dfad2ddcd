/** A history as data that survives JSON, and back: what a checkpoint holds of it. */

import type { RecordedHistory } from "./checkpoint.js";
import type { HistoryRecorder } from "./history.js";

/** What was recorded so far, as copies. */
export function recordedHistory({ every, width, steps, data, isLoose }: HistoryRecorder): RecordedHistory {
  const kept = steps.slice(0, isLoose ? -1 : undefined);
  return { every, width, steps: kept, data: data.slice(0, kept.length * width) };
}

/** Lets a recorder go on from what {@link recordedHistory} gave. @returns false where that recorded something else. */
export function resumeHistory(recorder: HistoryRecorder, { every, width, steps, data }: RecordedHistory): boolean {
  if (width !== recorder.width) return false;
  recorder.every = every;
  recorder.steps = [...steps];
  recorder.data = data.map(Number);
  while (recorder.steps.length > recorder.most) recorder.thin();
  return true;
}
