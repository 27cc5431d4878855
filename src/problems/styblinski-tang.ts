import { wholeNumber } from '../algebra/argument.js';
import type { TestFunction } from './test-function.js';

/** The roots of 2x³ − 16x + 2.5, f's slope along each variable: a minimum, and a local one. */
const [least, local] = [-2.903534027771177, 2.746802770990837];

const along = (x: number): number => (((x * x - 16) * x + 5) * x) / 2;

/**
 * The function of Styblinski and Tang: f(x) = ½Σ xᵢ⁴ − 16xᵢ² + 5xᵢ.
 *
 * Minimum −39.166…·n at −2.9035… in every variable; each of the 2ⁿ choices of it or 2.7468… is a local one.
 * Source: Styblinski and Tang 1990.
 *
 * @throws RangeError unless n is a whole number ≥ 2
 * @example styblinskiTang(2).value(Float64Array.of(-2.9035, -2.9035)) // −78.33…
 */
export function styblinskiTang(n = 2): TestFunction {
  wholeNumber('styblinskiTang', 'n', n, '[2, ∞)');
  const each = (one: (x: number) => number) => (x: Float64Array) => x.map(one);
  const minimum = { x: new Float64Array(n).fill(least), value: n * along(least) };
  return {
    name: 'styblinskiTang',
    start: new Float64Array(n).fill(-1),
    value: (x) => x.reduce((total, entry) => total + along(entry), 0),
    gradient: each((x) => 2 * x ** 3 - 16 * x + 2.5),
    hessian(x) {
      const hessian = new Float64Array(n * n);
      x.forEach((entry, i) => {
        hessian[i * (n + 1)] = 6 * entry * entry - 16;
      });
      return hessian;
    },
    minimum,
    minima: Array.from({ length: n + 1 }, (_, k) => ({
      x: Float64Array.from({ length: n }, (_, i) => (i < k ? local : least)),
      value: k * along(local) + (n - k) * along(least),
    })),
    source: 'Styblinski and Tang 1990',
  };
}
