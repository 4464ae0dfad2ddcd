import type { Transformation } from "../transformation.js";

/** A complete update rule: a transformation whose result is ready to be added to params, learning rate and minus sign included. */
export type Method = Transformation;
