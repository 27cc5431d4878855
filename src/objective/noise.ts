import { norm } from '../linalg/vector.js';

/** So many values after the first, from as many steps. */
const steps = 6;
/** Estimates from differences of three orders in a row that agree to this factor are noise, no longer the function. */
const agreement = 4;
/** Steps that are too short to show the noise, or so long that they show the function, are changed by this factor. */
const widen = 2 ** 8;
const mostRounds = 5;
/** A component that changes by a larger fraction of itself over the steps is seen from too far. */
const near = 0.1;

/**
 * What rounding does to each component of a function near x: the standard deviation of F's noise, by differences of
 * F along a line of seven points, each component at least ε/2 of its size.
 *
 * The k-th difference of a smooth F falls as the k-th power of the step, that of noise of deviation σ is √((2k)!)/k!·σ.
 * `spacing` is the step to begin with; it is lengthened until values differ (float32 values are alike over thousands
 * of float64 steps) and shortened while they show the function. Six evaluations a round, five rounds at most.
 * Source: Moré and Wild 2011, section 3 (ECnoise).
 */
export function noiseLevels(
  evaluate: (x: Float64Array, into: Float64Array) => void,
  x: Float64Array,
  middle: Float64Array,
  spacing: Float64Array,
): Float64Array {
  const m = middle.length;
  const floor = middle.map((value) => (Number.EPSILON / 2) * Math.abs(value));
  const table = Array.from({ length: steps + 1 }, () => new Float64Array(m));
  const at = new Float64Array(x.length);
  let [factor, shorter, longer] = [1, 0, Number.POSITIVE_INFINITY];
  for (let round = 0; round < mostRounds; round++) {
    let finite = true;
    table[0].set(middle);
    for (let k = 1; k <= steps && finite; k++) {
      for (let j = 0; j < x.length; j++) at[j] = x[j] + k * factor * spacing[j];
      evaluate(at, table[k]);
      finite = table[k].every(Number.isFinite);
    }
    const seen = finite ? judged(table) : 'function';
    if (typeof seen !== 'string') return seen.map((level, i) => Math.max(level, floor[i]));
    if (seen === 'nothing') shorter = factor;
    else longer = factor;
    const next = seen === 'nothing' ? factor * widen : factor / widen;
    factor = next <= shorter || next >= longer ? Math.sqrt(shorter * longer) : next;
    // Between neighbouring x there are no points to look at.
    const told = x.every(
      (xj, j) => factor * Math.abs(spacing[j]) >= Number.EPSILON * Math.abs(xj) || spacing[j] === 0,
    );
    if (!told || longer <= 2 * shorter) break;
  }
  return floor;
}

/** The noise of each component; or that the steps show nothing, or nothing but the function. */
function judged(table: readonly Float64Array[]): Float64Array | 'nothing' | 'function' {
  const m = table[0].length;
  let [same, range, size] = [0, 0, 0];
  for (let i = 0; i < m; i++) {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let k = 0; k <= steps; k++) {
      least = Math.min(least, table[k][i]);
      most = Math.max(most, table[k][i]);
      if (k > 0 && table[k][i] === table[k - 1][i]) same++;
    }
    range = Math.max(range, most - least);
    size = Math.max(size, Math.abs(most), Math.abs(least));
  }
  if (range > near * size) return 'function';
  if (same > (steps * m) / 2) return 'nothing';
  // Differences in place: after round k, row l holds the k-th difference from l on.
  const difference = table.map((row) => row.slice());
  const levels: Float64Array[] = [];
  const totals: number[] = [];
  let gamma = 1;
  for (let k = 1; k <= steps; k++) {
    gamma *= k / (2 * (2 * k - 1));
    const level = new Float64Array(m);
    for (let l = 0; l + k <= steps; l++) {
      for (let i = 0; i < m; i++) {
        difference[l][i] = difference[l + 1][i] - difference[l][i];
        level[i] += difference[l][i] ** 2;
      }
    }
    for (let i = 0; i < m; i++) level[i] = Math.sqrt((gamma * level[i]) / (steps + 1 - k));
    levels.push(level);
    totals.push(norm(level));
  }
  for (let k = 0; k + 2 < steps; k++) {
    const [least, most] = [Math.min(...totals.slice(k, k + 3)), Math.max(...totals.slice(k, k + 3))];
    if (most <= agreement * least && most > 0) return levels[k];
  }
  return 'function';
}
