import { describe, expect, test } from 'vitest';
import { functions, leastSquares, levenbergMarquardt, type SumOfSquares } from '../../../src/index.js';

const sums = [...functions.values()]
  .map((entry) => entry.create())
  .filter((of): of is SumOfSquares => 'residuals' in of);

/** Whether the sum of squares of a result is that of a known minimum, local ones included. */
function isMinimum(of: SumOfSquares, halfSum: number): boolean {
  const minima = of.minima ?? (of.minimum === undefined ? [] : [of.minimum]);
  return minima.some(({ value }) => Math.abs(2 * halfSum - value) <= 1e-8 * (1 + Math.abs(value)));
}

test('the zoo has its sums of squares', () => {
  expect(sums.length).toBeGreaterThanOrEqual(35);
});

describe('from the standard start', () => {
  test.each(sums)('$name is solved, and said to be', (of) => {
    const { value, outcome } = leastSquares(of, of.start, levenbergMarquardt());
    expect(isMinimum(of, value)).toBe(true);
    expect(outcome.kind).toBe('converged');
  });

  test.each(sums)('$name is solved by differences', (of) => {
    const { value } = leastSquares({ residuals: of.residuals }, of.start, levenbergMarquardt());
    expect(isMinimum(of, value)).toBe(true);
  });
});

describe('from ten times the standard start', () => {
  // Osborne's second problem has a plateau on the way.
  test.each(sums.filter(({ name }) => name !== 'osborne2'))('$name is solved', (of) => {
    const { value, outcome } = leastSquares(
      of,
      Array.from(of.start, (xi) => 10 * xi),
      levenbergMarquardt(),
    );
    expect(isMinimum(of, value)).toBe(true);
    expect(outcome.kind).toBe('converged');
  });
});
