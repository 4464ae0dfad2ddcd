/**
 * The clock of a descent that was given none. The only place in the library that reads time: limits and chunk lengths need it,
 * results never depend on it.
 */
export function defaultClock(): number {
  // biome-ignore lint/style/noRestrictedGlobals: the default of the option `clock`, replaceable by the caller
  return performance.now();
}
