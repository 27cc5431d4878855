const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** ε/2 of float32: what rounding to it makes of a value, relatively. */
export const singleNoise = 2 ** -24;

/**
 * Whether a function's values are rounded to float32, as a GPU's are: all of them are float32 numbers, and some use its
 * last eight places, which exact values of few digits leave at 0.
 */
export function isSinglePrecision(...lists: readonly Float64Array[]): boolean {
  let last = false;
  for (const values of lists) {
    for (let i = 0; i < values.length; i++) {
      single[0] = values[i];
      if (single[0] !== values[i]) return false;
      last ||= (bits[0] & 0xff) !== 0;
    }
  }
  return last;
}
