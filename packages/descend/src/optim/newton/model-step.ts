/** A step of the model, and by how much the model falls. */
export interface ModelStep {
  readonly step: Float64Array;
  readonly decrease: number;
}
