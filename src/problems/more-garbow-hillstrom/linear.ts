import { wholeNumber } from '../../algebra/argument.js';
import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

/** r = Ax − 1 from the start (1, …, 1), A given by its entries with indices from 1. */
function linear(
  name: string,
  n: number,
  m: number,
  entry: (i: number, j: number) => number,
  minimum: { x: Float64Array; value: number },
  number: number,
): SumOfSquares {
  const fill = (j: Float64Array) => {
    for (let i = 0; i < m; i++) for (let k = 0; k < n; k++) j[i * n + k] = entry(i + 1, k + 1);
  };
  const a = new Float64Array(m * n);
  fill(a);
  return sumOfSquares({
    name,
    start: new Float64Array(n).fill(1),
    m,
    residuals(x, r) {
      for (let i = 0; i < m; i++) {
        r[i] = -1;
        for (let k = 0; k < n; k++) r[i] += a[i * n + k] * x[k];
      }
    },
    jacobian: (_, j) => j.set(a),
    minima: [minimum],
    source: problem(number),
  });
}

function sizes(name: string, n: number, m: number): void {
  wholeNumber(name, 'n', n, '[3, ∞)');
  wholeNumber(name, 'm', m, `[${n}, ∞)`);
}

/**
 * Linear residuals of full rank: rᵢ = xᵢ − (2/m)Σxⱼ − 1 for i ≤ n, −(2/m)Σxⱼ − 1 beyond.
 *
 * Minimum m − n at (−1, …, −1).
 * Source: Moré, Garbow and Hillstrom 1981, problem 32.
 *
 * @throws RangeError unless n ≥ 3 and m ≥ n are whole numbers
 * @example linearFullRank(10, 20).minimum // value 10
 */
export function linearFullRank(n = 10, m = 2 * n): SumOfSquares {
  sizes('linearFullRank', n, m);
  const minimum = { x: new Float64Array(n).fill(-1), value: m - n };
  return linear('linearFullRank', n, m, (i, j) => (i === j ? 1 : 0) - 2 / m, minimum, 32);
}

/**
 * Linear residuals of rank one: rᵢ = iΣ jxⱼ − 1.
 *
 * Minimum m(m − 1)/(2(2m + 1)) wherever Σ jxⱼ = 3/(2m + 1).
 * Source: Moré, Garbow and Hillstrom 1981, problem 33.
 *
 * @throws RangeError unless n ≥ 3 and m ≥ n are whole numbers
 * @example linearRankOne(10, 20).hessian(new Float64Array(10)) // of rank 1
 */
export function linearRankOne(n = 10, m = 2 * n): SumOfSquares {
  sizes('linearRankOne', n, m);
  const x = new Float64Array(n);
  x[0] = 3 / (2 * m + 1);
  return linear('linearRankOne', n, m, (i, j) => i * j, { x, value: (m * (m - 1)) / (4 * m + 2) }, 33);
}

/**
 * The same with zeros: rᵢ = (i − 1)Σ_{1<j<n} jxⱼ − 1 for 1 < i < m, and r₁ = rₘ = −1.
 *
 * Minimum (m² + 3m − 6)/(2(2m − 3)) wherever Σ_{1<j<n} jxⱼ = 3/(2m − 3).
 * Source: Moré, Garbow and Hillstrom 1981, problem 34.
 *
 * @throws RangeError unless n ≥ 3 and m ≥ n are whole numbers
 * @example linearRankOneWithZeros(10, 20).minimum
 */
export function linearRankOneWithZeros(n = 10, m = 2 * n): SumOfSquares {
  sizes('linearRankOneWithZeros', n, m);
  const x = new Float64Array(n);
  x[1] = 3 / (2 * (2 * m - 3));
  const inside = (i: number, j: number) => i > 1 && i < m && j > 1 && j < n;
  return linear(
    'linearRankOneWithZeros',
    n,
    m,
    (i, j) => (inside(i, j) ? (i - 1) * j : 0),
    { x, value: (m * m + 3 * m - 6) / (4 * m - 6) },
    34,
  );
}
