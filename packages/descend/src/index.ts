/** Descend: gradient descent as a complete, trustworthy system. */
export { DescendError } from "./errors.js";
