/** Ctrl-C during long work: the first asks the work to stop and keep what it has, the second ends the process. */

export interface Interrupt {
  readonly requested: boolean;
  /** Stops listening. */
  release(): void;
}

export function listenForInterrupt(): Interrupt {
  let requested = false;
  const onSignal = (): void => {
    requested = true;
    process.removeListener("SIGINT", onSignal);
  };
  process.on("SIGINT", onSignal);
  return {
    get requested() {
      return requested;
    },
    release: () => process.removeListener("SIGINT", onSignal),
  };
}
