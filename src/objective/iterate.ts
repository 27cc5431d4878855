/** Where a solver stands. The arrays are its own: copy what should outlive the next iteration. */
export interface Iterate {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
}
