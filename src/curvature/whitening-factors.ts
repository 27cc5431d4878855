import type { Algebra } from '../algebra/algebra.js';
import { allFinite } from '../linalg/finite.js';
import { multiply } from '../linalg/product.js';
import { triangularSolve } from '../linalg/triangular.js';
import { dot, largest } from '../linalg/vector.js';
import { alongAxes, gram, gramDiagonal } from './along-axes.js';
import { identity } from './eigenbasis.js';

/*
 * A whitening P = QᵀQ with Q = Q₀ ⊗ Q₁ ⊗ …, one factor an axis: upper triangular with a positive diagonal, or a
 * diagonal, kept as a vector. What P fits is the least E[gᵀPg + vᵀP⁻¹v], v standard normal: without the factors'
 * bounds, P = E[ggᵀ]^(−½).
 */

/** The first factors for a tensor of this shape: multiples of I whose product is `scale`·I. */
export function firstFactors<T>(
  algebra: Algebra<T>,
  shape: readonly number[],
  longest: number,
  scale: number,
): T[] {
  const each = scale ** (1 / shape.length);
  return shape.map((n) =>
    shape.length === 1 || n > longest
      ? algebra.fill([n], each)
      : algebra.array(
          identity(n).map((entry) => entry * each),
          [n, n],
        ),
  );
}

/** Pg = QᵀQg. */
export function whitened<T>(algebra: Algebra<T>, factors: readonly T[], g: T): T {
  return alongAxes(algebra, alongAxes(algebra, g, factors, true), factors);
}

/**
 * The factors after one step of gradient descent in the group, Qₖ ← (I − (μ/ℓ)·triu(Tₖ − Uₖ))Qₖ, with
 * Tₖ = A₍ₖ₎A₍ₖ₎ᵀ of A = Qg, Uₖ = B₍ₖ₎B₍ₖ₎ᵀ of B = Q⁻ᵀv, and ℓ near ‖Tₖ + Uₖ‖ from below. As no entry on the diagonal of
 * Tₖ + Uₖ is above ℓ, diagonals stay positive for μ < 1.
 *
 * Without a probe v, Uₖ is its mean over all v: Qₖ⁻ᵀQₖ⁻¹·∏ⱼ≠ₖ‖Qⱼ⁻¹‖². The factors are made equally large, which
 * changes their product by rounding alone. Where g is 0 they stay as they are. Runs on the host in float64 but for
 * the products along axes.
 *
 * Source: Li 2018, section 4 (the group of triangular matrices and its step); Li 2024 (the criterion).
 *
 * @returns undefined where a factor is no longer finite
 */
export function fitted<T>(
  algebra: Algebra<T>,
  factors: readonly T[],
  g: T,
  rate: number,
  probe: T | undefined,
): readonly T[] | undefined {
  const shapes = factors.map((factor) => algebra.shape(factor));
  const spread = (x: T, k: number) =>
    algebra.values(shapes[k].length === 2 ? gram(algebra, x, k) : gramDiagonal(algebra, x, k));
  const a = alongAxes(algebra, g, factors, true);
  const seen = factors.map((_, k) => spread(a, k));
  if (largest(seen[0]) === 0) return factors;

  const hosted = factors.map((factor) => algebra.values(factor));
  const inverses = hosted.map((q, k) => inverted(q, shapes[k]));
  const norms = inverses.map((inverse) => dot(inverse, inverse));
  const b =
    probe &&
    alongAxes(
      algebra,
      probe,
      inverses.map((inverse, k) => algebra.array(inverse, shapes[k])),
    );
  const next = hosted.map((q, k) => {
    const others = norms.reduce((product, norm, j) => (j === k ? product : product * norm), 1);
    const expected =
      b === undefined ? squareOf(inverses[k], shapes[k]).map((entry) => entry * others) : spread(b, k);
    return stepped(q, seen[k], expected, shapes[k], rate);
  });
  const sizes = next.map(largest);
  const middle = sizes.reduce((product, size) => product * size ** (1 / sizes.length), 1);
  const even = next.map((q, k) => q.map((entry) => (entry * middle) / sizes[k]));
  return even.every(allFinite) ? even.map((q, k) => algebra.array(q, shapes[k])) : undefined;
}

function inverted(q: Float64Array, shape: readonly number[]): Float64Array {
  if (shape.length === 1) return q.map((entry) => 1 / entry);
  const solved = triangularSolve('upper', q, shape[0], identity(shape[0]), shape[0]);
  return solved.kind === 'solved' ? solved.x : q.map(() => Number.NaN);
}

/** WᵀW. */
function squareOf(w: Float64Array, shape: readonly number[]): Float64Array {
  if (shape.length === 1) return w.map((entry) => entry * entry);
  const [n] = shape;
  return multiply(w, w, n, n, n, 'left');
}

function stepped(
  q: Float64Array,
  seen: Float64Array,
  expected: Float64Array,
  shape: readonly number[],
  rate: number,
): Float64Array {
  const sum = seen.map((entry, at) => entry + expected[at]);
  if (shape.length === 1) {
    const factor = rate / largest(sum);
    return q.map((entry, at) => entry - factor * (seen[at] - expected[at]) * entry);
  }
  const [n] = shape;
  const factor = rate / normFromBelow(sum, n);
  const step = seen.map((entry, at) => (at % n >= Math.floor(at / n) ? factor * (entry - expected[at]) : 0));
  const change = multiply(step, q, n, n, n);
  return q.map((entry, at) => entry - change[at]);
}

/**
 * A bound from below of the spectral norm of a symmetric positive semidefinite S: ‖Sx‖/‖x‖ for x = S·(its longest
 * column), which is at least the longest column, and so at least every entry.
 */
function normFromBelow(s: Float64Array, n: number): number {
  const size = largest(s);
  if (!(size > 0 && size < Number.POSITIVE_INFINITY)) return size;
  const unit = s.map((entry) => entry / size);
  const row = (i: number) => unit.subarray(i * n, (i + 1) * n);
  let longest = 0;
  let most = 0;
  for (let i = 0; i < n; i++) {
    const length = dot(row(i), row(i));
    if (length > most) [most, longest] = [length, i];
  }
  const x = multiply(unit, row(longest), n, n, 1);
  const y = multiply(unit, x, n, n, 1);
  return size * Math.sqrt(dot(y, y) / dot(x, x));
}
