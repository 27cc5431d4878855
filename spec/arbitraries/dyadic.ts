import type fc from 'fast-check';
import { composed, type Draw } from './composed.js';

const unit = 1024;
const most = 4096;

/**
 * A well-shaped number k/2¹⁰ with |k| ≤ 2¹²: exact in float32 and float64, as are its sums, products with
 * powers of two and sign changes. Shrinks to 0.
 */
export function dyadic(): fc.Arbitrary<number> {
  return composed((draw) => draw.integer(-most, most) / unit);
}

/** A dyadic number other than 0. Shrinks to 1. */
export function nonzeroDyadic(): fc.Arbitrary<number> {
  return composed((draw) => nonzero(draw.integer(-most, most - 1)));
}

/** 2ᵏ with |k| ≤ reach. Shrinks to 1. */
export function scale(reach = 10): fc.Arbitrary<number> {
  return composed((draw) => 2 ** draw.integer(-reach, reach));
}

/** A vector of n dyadic numbers. */
export function dyadicVector(n: number): fc.Arbitrary<number[]> {
  return composed((draw) => drawDyadics(draw, n));
}

export function nonzeroVector(n: number): fc.Arbitrary<number[]> {
  return composed((draw) => drawNonzeroDyadics(draw, n));
}

export function drawDyadics(draw: Draw, n: number): number[] {
  const values = draw.integers(n, -most, most);
  for (let i = 0; i < n; i++) values[i] /= unit;
  return values;
}

export function drawNonzeroDyadics(draw: Draw, n: number): number[] {
  const values = draw.integers(n, -most, most - 1);
  for (let i = 0; i < n; i++) values[i] = nonzero(values[i]);
  return values;
}

/** 0 ↦ 1, and on from 1 down to 1/1024, then up from 1 to 4; −1 ↦ −1 and likewise below. */
function nonzero(k: number): number {
  const sign = k < 0 ? -1 : 1;
  const size = k < 0 ? -1 - k : k;
  return (sign * (size < unit ? unit - size : size + 1)) / unit;
}
