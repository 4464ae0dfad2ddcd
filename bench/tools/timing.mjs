/** Honest times: warmed up, batched until a sample is long enough for the clock, and told with their spread. */

/** What bodies return goes here, so that no engine can leave a body out. */
let consumed = 0;

/** Keeps a value alive. */
export function consume(value) {
  consumed += typeof value === "number" ? value : 1;
  return consumed;
}

/**
 * Times a body. It runs `warmUp` milliseconds first (engines compile what is warm), then `samples` times, each sample calling it
 * so often that it lasts at least `sampleTime` milliseconds.
 *
 * @param body - called without arguments; what it returns is consumed.
 * @param options.perCall - units of work in one call (steps, epochs): times are divided by it. Default 1.
 * @returns samples in seconds per unit, in the order they were taken.
 */
export function sampleSeconds(body, { samples = 11, sampleTime = 20, warmUp = 100, perCall = 1 } = {}) {
  const warmUntil = performance.now() + warmUp;
  let calls = 0;
  const start = performance.now();
  do {
    consume(body());
    calls++;
  } while (performance.now() < warmUntil);
  const perSample = Math.max(1, Math.ceil((sampleTime * calls) / (performance.now() - start)));
  const seconds = [];
  for (let sample = 0; sample < samples; sample++) {
    const from = performance.now();
    for (let call = 0; call < perSample; call++) consume(body());
    seconds.push((performance.now() - from) / 1e3 / (perSample * perCall));
  }
  return seconds;
}

/** Middle value; the mean of the two middle ones for an even number. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, median absolute deviation, smallest value and the samples themselves. */
export function summarize(samples) {
  const middle = median(samples);
  return {
    median: middle,
    mad: median(samples.map((value) => Math.abs(value - middle))),
    min: Math.min(...samples),
    max: Math.max(...samples),
    samples,
  };
}
