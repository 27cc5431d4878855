import type { Algebra } from '../algebra/algebra.js';
import { float64 } from '../algebra/float64.js';
import { HostArray, make } from '../algebra/host-array.js';
import { dot } from './vector.js';

/** The arithmetic of solvers on plain vectors: float64, with inner products summed as {@link dot} sums them. */
export const hostVectors: Algebra<HostArray> = {
  ...float64,
  dot(x, y) {
    const result = make(scalar);
    result.data[0] = dot(x.data, y.data);
    return result;
  },
};

const scalar: readonly number[] = [];

/** A vector as an array that shares its memory and is never given back. */
export function lent(x: Float64Array): HostArray {
  return new HostArray(x, [x.length]);
}
