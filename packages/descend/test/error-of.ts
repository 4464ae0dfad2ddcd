import { DescendError } from "../src/errors.js";

/** The error of Descend that an action throws; any other one is passed on. */
export function errorOf(action: () => unknown): DescendError {
  try {
    action();
  } catch (error) {
    if (error instanceof DescendError) return error;
    throw error;
  }
  throw new Error("expected an error");
}
