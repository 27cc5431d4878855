/** Derivatives of a vector function by differences, with what they are worth. */
export interface Differences {
  /** estimates[j][i] ≈ ∂fᵢ/∂xⱼ. */
  readonly estimates: readonly Float64Array[];
  /** What an exact derivative should differ by at most. */
  readonly tolerances: readonly Float64Array[];
}

/**
 * Central differences, extrapolated to a vanishing step, with an error estimate of their own: for a check. The plain
 * ones a search falls back on are in `search/differences.ts`.
 *
 * With D(h) = (f(x + h) − f(x − h))/2h and h = ε^⅓·max(1, |xⱼ|), the estimate is (4D(h/2) − D(h))/3, whose
 * error is O(h⁴). Its tolerance adds
 * - 2|D(h/2) − D(h)|, for the truncation,
 * - 30(σ + ε·max|f|)/h, for the rounding in f, where σ is the noise seen in the fourth differences of the five
 *   values, |δ⁴f|/√70, the largest over all directions and along the diagonal: where f ends in a cancellation, five
 *   values alone now and then show none of it,
 * - 30·ε·max|f″|·max(1, |x|), for the rounding in x.
 *
 * Costs 4n + 9 evaluations.
 * Source: Richardson 1911 for the estimate; Moré and Wild 2011, section 3, for the noise. 30 is LAPACK's
 * threshold for a backward error.
 */
export function extrapolatedDifferences(
  f: (x: Float64Array) => Float64Array,
  x: Float64Array,
  epsilon: number,
): Differences {
  const middle = f(x);
  const m = middle.length;
  const n = x.length;
  const scale = x.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 1);
  const noise = middle.map((value) => epsilon * Math.abs(value));
  const curvature = new Float64Array(m);
  const estimates: Float64Array[] = [];
  const tolerances: Float64Array[] = [];
  const steps = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    // A power of two, so that x + h, x + h/2 and their mirrors lie exactly where they should (|x| < 2/ε^⅔).
    const h = 2 ** Math.round(Math.log2(Math.cbrt(epsilon) * Math.max(1, Math.abs(x[j]))));
    steps[j] = h;
    const [farBelow, below, above, farAbove] = [-h, -h / 2, h / 2, h].map((shift) => {
      const moved = x.slice();
      moved[j] += shift;
      return f(moved);
    });
    estimates.push(new Float64Array(m));
    tolerances.push(new Float64Array(m));
    for (let i = 0; i < m; i++) {
      const wide = (farAbove[i] - farBelow[i]) / (2 * h);
      const narrow = (above[i] - below[i]) / h;
      estimates[j][i] = (4 * narrow - wide) / 3;
      tolerances[j][i] = 2 * Math.abs(narrow - wide);
      const fourth = farAbove[i] - 4 * above[i] + 6 * middle[i] - 4 * below[i] + farBelow[i];
      const largest = Math.max(Math.abs(farAbove[i]), Math.abs(farBelow[i]));
      noise[i] = Math.max(noise[i], Math.abs(fourth) / Math.sqrt(70) + epsilon * largest);
      curvature[i] = Math.max(curvature[i], Math.abs(farAbove[i] - 2 * middle[i] + farBelow[i]) / h ** 2);
    }
  }
  // Half a step and no whole one, so that no point is one of those before.
  const diagonal = Array.from({ length: 9 }, (_, k) =>
    f(x.map((entry, j) => entry + ((2 * k - 7) / 4) * steps[j])),
  );
  for (let k = 0; k + 4 < diagonal.length; k++) {
    for (let i = 0; i < m; i++) {
      const [a, b, c, d, e] = diagonal.slice(k, k + 5).map((values) => values[i]);
      const fourth = a - 4 * b + 6 * c - 4 * d + e;
      if (Number.isFinite(fourth)) noise[i] = Math.max(noise[i], Math.abs(fourth) / Math.sqrt(70));
    }
  }
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < m; i++) {
      tolerances[j][i] += 30 * (noise[i] / steps[j] + epsilon * curvature[i] * scale);
    }
  }
  return { estimates, tolerances };
}
