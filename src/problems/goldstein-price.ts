import type { TestFunction } from './test-function.js';

/**
 * Goldstein and Price's function: f = (1 + a²u)(30 + b²v) with a = x + y + 1, u = 19 − 14a′ + 3a′², b = 2x − 3y,
 * v = 18 − 16b + 3b², written in s = x + y and b: u = 19 − 14s + 3s².
 *
 * Minimum 3 at (0, −1); local minima 30 at (−0.6, −0.4), 84 at (1.8, 0.2) and 840 at (1.2, 0.8).
 * Source: Goldstein and Price 1971; Dixon and Szegő 1978.
 *
 * @example goldsteinPrice().value(Float64Array.of(0, -1)) // 3
 */
export function goldsteinPrice(): TestFunction {
  /** p = 1 + (s + 1)²(19 − 14s + 3s²) and q = 30 + b²(18 − 16b + 3b²), each with two derivatives. */
  const factors = ([x, y]: Float64Array) => {
    const [s, b] = [x + y, 2 * x - 3 * y];
    return {
      p: 1 + (s + 1) ** 2 * (19 - 14 * s + 3 * s * s),
      p1: 12 * (s + 1) * (s - 1) * (s - 2),
      p2: 12 * ((3 * s - 4) * s - 1),
      q: 30 + b * b * (18 - 16 * b + 3 * b * b),
      q1: 12 * b * (b - 1) * (b - 3),
      q2: 12 * ((3 * b - 8) * b + 3),
    };
  };
  return {
    name: 'goldsteinPrice',
    start: [-1, -1.5],
    value(x) {
      const { p, q } = factors(x);
      return p * q;
    },
    gradient(x) {
      const { p, p1, q, q1 } = factors(x);
      return Float64Array.of(p1 * q + 2 * p * q1, p1 * q - 3 * p * q1);
    },
    hessian(x) {
      const { p, p1, p2, q, q1, q2 } = factors(x);
      const mixed = p2 * q - p1 * q1 - 6 * p * q2;
      return Float64Array.of(
        p2 * q + 4 * p1 * q1 + 4 * p * q2,
        mixed,
        mixed,
        p2 * q - 6 * p1 * q1 + 9 * p * q2,
      );
    },
    minimum: { x: [0, -1], value: 3 },
    minima: [
      { x: [0, -1], value: 3 },
      { x: [-0.6, -0.4], value: 30 },
      { x: [1.8, 0.2], value: 84 },
      { x: [1.2, 0.8], value: 840 },
    ],
    source: 'Goldstein and Price 1971',
  };
}
