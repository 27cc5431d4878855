import { symmetricEigen } from '../linalg/symmetric-eigen.js';
import type { SubproblemEnd } from './quadratic-model.js';

const mostIterations = 200;
/** ‖p‖ is brought to Δ to this relative precision. */
const precision = 1e-12;

/**
 * The exact trust region step for any symmetric H, by its eigenvectors: p = −Σ g̃ᵢ/(λᵢ + λ)·vᵢ.
 *
 * The hard case, g without a part in the lowest eigenspace and ‖p(−λ₁)‖ < Δ: p is completed to the boundary
 * along v₁, which leaves (H + λI)p = −g true. A Hessian that is not finite answers with p = NaN.
 * Source: Moré and Sorensen 1983, sections 2 and 3.
 */
export function stepInEigenbasis(
  h: Float64Array,
  gradient: Float64Array,
  radius: number,
  p: Float64Array,
): SubproblemEnd {
  const n = gradient.length;
  const eigen = symmetricEigen(h, n);
  if (eigen.kind !== 'decomposed') {
    p.fill(Number.NaN);
    return { multiplier: Number.NaN, onBoundary: false, negativeCurvature: false };
  }
  const { values, vectors } = eigen;
  const g = new Float64Array(n); // the gradient in the eigenbasis
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) g[k] += vectors[i * n + k] * gradient[i];

  // Parts of g below the eigenvectors' own error are no parts: they must not decide the step.
  const size = Math.hypot(...g);
  const spread = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
  const negligible = 10 * n * Number.EPSILON;
  const lowest = values[0];
  let lowestPart = 0;
  for (let k = 0; k < n && values[k] - lowest <= negligible * spread; k++)
    lowestPart = Math.hypot(lowestPart, g[k]);
  const hard = lowestPart <= negligible * size;

  const least = Math.max(0, -lowest);
  const lengthAt = (lambda: number) => {
    let total = 0;
    for (let k = 0; k < n; k++) {
      const gap = values[k] + lambda;
      if (gap > negligible * spread || !hard) total += (g[k] / gap) ** 2;
    }
    return Math.sqrt(total);
  };

  let lambda = least;
  let completion = 0;
  const leastLength = lengthAt(least);
  if (hard && leastLength < radius) {
    if (lowest < 0) completion = Math.sqrt((radius - leastLength) * (radius + leastLength));
  } else if (!(leastLength <= radius)) lambda = secularRoot(values, g, radius, least, least + size / radius);

  const coefficient = (k: number) => {
    const gap = values[k] + lambda;
    return hard && gap <= negligible * spread ? 0 : -g[k] / gap;
  };
  p.fill(0);
  for (let k = 0; k < n; k++) {
    const along = coefficient(k) + (k === 0 ? completion : 0);
    for (let i = 0; i < n; i++) p[i] += along * vectors[i * n + k];
  }
  return { multiplier: lambda, onBoundary: lambda > 0, negativeCurvature: lowest < 0 };
}

/** The λ in (low, high] with ‖p(λ)‖ = Δ: Newton's iteration on 1/Δ − 1/‖p(λ)‖, bisected where it leaves. */
function secularRoot(
  values: Float64Array,
  g: Float64Array,
  radius: number,
  low: number,
  high: number,
): number {
  let below = low;
  let above = high;
  let lambda = high;
  for (let k = 0; k < mostIterations; k++) {
    let squares = 0;
    let derivative = 0; // −½ d‖p‖²/dλ
    for (let i = 0; i < g.length; i++) {
      const gap = values[i] + lambda;
      const part = (g[i] / gap) ** 2;
      squares += part;
      derivative += part / gap;
    }
    const length = Math.sqrt(squares);
    if (Math.abs(length - radius) <= precision * radius) break;
    if (length > radius) below = lambda;
    else above = lambda;
    const next = lambda + (squares / derivative) * ((length - radius) / radius);
    lambda = next > below && next < above ? next : (below + above) / 2;
    if (!(lambda > below && lambda < above)) break;
  }
  return lambda;
}
