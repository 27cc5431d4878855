import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const times = Array.from({ length: 20 }, (_, i) => (i + 1) / 5);

/**
 * The function of Brown and Dennis: rᵢ = (a + tb − eᵗ)² + (c + d·sin t − cos t)², t = i/5, i = 1, …, 20.
 *
 * Minimum 85822.2…: the residuals stay large, where Gauss–Newton's model of the curvature fails.
 * Source: Moré, Garbow and Hillstrom 1981, problem 16.
 *
 * @example brownDennis().value(Float64Array.of(25, 5, -5, -1)) // 7.926…e6
 */
export function brownDennis(): SumOfSquares {
  const parts = (t: number, [a, b, c, d]: Float64Array) => [
    a + t * b - Math.exp(t),
    c + d * Math.sin(t) - Math.cos(t),
  ];
  return sumOfSquares({
    name: 'brownDennis',
    start: [25, 5, -5, -1],
    m: 20,
    residuals(x, r) {
      times.forEach((t, i) => {
        const [p, q] = parts(t, x);
        r[i] = p * p + q * q;
      });
    },
    jacobian(x, j) {
      times.forEach((t, i) => {
        const [p, q] = parts(t, x);
        j.set([2 * p, 2 * p * t, 2 * q, 2 * q * Math.sin(t)], 4 * i);
      });
    },
    curvature(_, w, h) {
      times.forEach((t, i) => {
        h[0] += 2 * w[i];
        h[4] += 2 * w[i] * t;
        h[5] += 2 * w[i] * t * t;
        h[10] += 2 * w[i];
        h[14] += 2 * w[i] * Math.sin(t);
        h[15] += 2 * w[i] * Math.sin(t) ** 2;
      });
    },
    minima: [
      {
        x: [-11.594439904762163, 13.203630051207202, -0.40343948817685954, 0.23677877445573628],
        value: 85822.20162635634,
      },
    ],
    source: problem(16),
  });
}
