/** What is asked of an `AbortSignal`: types of our own, so that declarations compile where no lib has the host's. */

/** What says that a caller wants to stop: an `AbortSignal`. */
export interface Signal {
  readonly aborted: boolean;
}

/** One that also wakes who waits. */
export interface WakingSignal extends Signal {
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
}
