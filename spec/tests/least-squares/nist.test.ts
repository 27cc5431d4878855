import { describe, expect, test } from 'vitest';
import { leastSquares, levenbergMarquardt } from '../../../src/index.js';
import { correctDigits, type ReferenceSet, referenceSets } from './reference-sets.js';

const cases = referenceSets.flatMap((set) =>
  set.starts.map((start, i) => ({ name: `${set.name} from start ${i + 1}`, set, start })),
);

function fitted({ problem }: ReferenceSet, start: readonly number[], derivatives: 'given' | 'differences') {
  const { residuals } = problem;
  return leastSquares(derivatives === 'given' ? problem : { residuals }, start, levenbergMarquardt());
}

test('there are 27 sets and 54 runs', () => {
  expect([referenceSets.length, cases.length]).toEqual([27, 54]);
});

test.each(referenceSets)('$name: the model has the certified sum of squares', ({ problem, ...set }) => {
  const r = problem.residuals(Float64Array.from(set.certified));
  const sum = r.reduce((total, ri) => total + ri * ri, 0);
  // Eleven digits are certified, of the sum itself and of the parameters, whose error enters squared; the sum of
  // Lanczos1 is of the data's own rounding.
  if (set.name === 'Lanczos1') expect(sum).toBeLessThan(1e-20);
  else expect(Math.abs(sum / set.sumOfSquares - 1)).toBeLessThan(1e-10);
});

test.each(cases)('$name: the Jacobian is the one of differences', ({ set, start }) => {
  const { problem } = set;
  for (const point of [start, set.certified]) {
    const b = Float64Array.from(point);
    const j = problem.jacobian(b);
    const n = b.length;
    const size = largest(problem.residuals(b)) + largest(set.y);
    for (let k = 0; k < n; k++) {
      const h = Math.cbrt(2 ** -52) * Math.abs(b[k]);
      const [wide, narrow] = [quotient(problem.residuals, b, k, h), quotient(problem.residuals, b, k, h / 2)];
      wide.forEach((w, i) => {
        // Halving h quarters the error of truncation; that of rounding is ε|f|/h.
        const truncation = 4 * Math.abs(w - narrow[i]);
        const rounding = (100 * 2 ** -52 * size) / h;
        expect(Math.abs(j[i * n + k] - narrow[i])).toBeLessThanOrEqual(truncation + rounding);
      });
    }
  }
});

const largest = (x: ArrayLike<number>) => Array.from(x).reduce((most, xi) => Math.max(most, Math.abs(xi)), 0);

function quotient(residuals: (b: Float64Array) => Float64Array, b: Float64Array, k: number, h: number) {
  const [above, below] = [b.slice(), b.slice()];
  above[k] += h;
  below[k] -= h;
  const low = residuals(below);
  return residuals(above).map((r, i) => (r - low[i]) / (above[k] - below[k]));
}

describe.each([
  ['with their Jacobians', 'given', 9.8],
  ['with differences', 'differences', 7.7],
] as const)('%s', (_, derivatives, mean) => {
  const digits: number[] = [];

  test.each(cases)('$name: six digits or more', ({ set, start }) => {
    const result = fitted(set, start, derivatives);
    digits.push(correctDigits(result.x, set.certified));
    expect(digits.at(-1)).toBeGreaterThanOrEqual(6);
    expect(result.outcome.kind).toBe('converged');
    expect(result.derivatives).toBe(derivatives);
    if (derivatives === 'differences') expect(result.evaluations.jacobian).toBe(0);
  });

  test(`more than ${mean} on average`, () => {
    expect(digits).toHaveLength(54);
    expect(digits.reduce((total, d) => total + d, 0) / 54).toBeGreaterThan(mean);
  });
});
