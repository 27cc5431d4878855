import type { Algebra } from '../algebra/algebra.js';
import { blockInverse, diagonalOf, inverseResidual } from './block-inverse.js';
import { dampingShifts } from './kronecker-damping.js';
import type { KroneckerFactors } from './kronecker-factors.js';
import { inverseFromHost, invertKronecker, type KroneckerInversion } from './kronecker-inverse.js';

/** Factors of up to so many rows are inverted on the host, where that takes no longer. */
const smallSide = 256;

const singlePrecision = 2 ** -30;

/** The most that an inverse may be off, relatively; beyond it the host inverts anew, in float64. */
const mostResidual = 0.01;

/**
 * (A ⊗ G + λI)⁻¹ of the factored damping: large factors by their blocks in their own arithmetic, where products are
 * quick and reads slow; those that are small, or too near to singular for that arithmetic, on the host.
 *
 * @param large factors with more rows are inverted by their blocks
 */
export function invertFactors<T>(
  algebra: Algebra<T>,
  { a, g }: KroneckerFactors<T>,
  damping: number,
  large = smallSide,
): KroneckerInversion<T> {
  const [n, m] = [algebra.shape(a)[0], algebra.shape(g)[0]];
  // A device that is far is asked once, for all; in float64 the host is the device.
  if (Math.max(n, m) > large && algebra.later === undefined && algebra.epsilon > singlePrecision) {
    const found = byBlocks(algebra, { a, g }, damping);
    if (found !== undefined) return found;
  }
  const found = invertKronecker(algebra.values(a), n, algebra.values(g), m, damping);
  return found.kind === 'inverted' ? { ...found, inverse: inverseFromHost(algebra, found.inverse) } : found;
}

function byBlocks<T>(
  algebra: Algebra<T>,
  { a, g }: KroneckerFactors<T>,
  damping: number,
): KroneckerInversion<T> | undefined {
  const means = [a, g].map((factor) => mean(diagonalOf(algebra, factor)));
  const [n, m] = [algebra.shape(a)[0], algebra.shape(g)[0]];
  const shifts = dampingShifts(means[0], n, means[1], m, damping);
  if (shifts === undefined) return undefined;
  const left = checked(algebra, a, shifts.a);
  if (left === undefined) return undefined;
  const right = checked(algebra, g, shifts.g);
  if (right === undefined) {
    algebra.release(left);
    return undefined;
  }
  const [ofA, ofG] = [left, right].map((inverse) => mean(diagonalOf(algebra, inverse)));
  const conditioning = (means[0] + shifts.a) * (means[1] + shifts.g) * ofA * ofG;
  return { kind: 'inverted', inverse: { left, right }, pi: shifts.pi, conditioning };
}

function checked<T>(algebra: Algebra<T>, factor: T, shift: number): T | undefined {
  const inverse = blockInverse(algebra, factor, shift);
  if (inverse === undefined || inverseResidual(algebra, factor, shift, inverse) <= mostResidual)
    return inverse;
  algebra.release(inverse);
  return undefined;
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
