import { type SumOfSquares, sumOfSquares } from '../sum-of-squares.js';
import { problem } from './source.js';

const turn = 2 * Math.PI;

/**
 * Fletcher and Powell's helical valley: r = (10(z − 10θ), 10(ρ − 1), z), (ρ, θ) the polar coordinates of (x, y)
 * with θ in turns from −¼ to ¾.
 *
 * Minimum 0 at (1, 0, 0). θ jumps where x = 0 and y < 0.
 * Source: Moré, Garbow and Hillstrom 1981, problem 7.
 *
 * @example helicalValley().value(Float64Array.of(-1, 0, 0)) // 2500
 */
export function helicalValley(): SumOfSquares {
  return sumOfSquares({
    name: 'helicalValley',
    start: [-1, 0, 0],
    m: 3,
    residuals([x, y, z], r) {
      const angle = Math.atan2(y, x) / turn;
      const theta = angle < -0.25 ? angle + 1 : angle;
      r.set([10 * (z - 10 * theta), 10 * (Math.hypot(x, y) - 1), z]);
    },
    jacobian([x, y], j) {
      const square = x * x + y * y;
      const rho = Math.sqrt(square);
      const onTheta = -100 / (turn * square);
      j.set([-onTheta * y, onTheta * x, 10, (10 * x) / rho, (10 * y) / rho, 0, 0, 0, 1]);
    },
    curvature([x, y], w, h) {
      const square = x * x + y * y;
      const theta = (-100 * w[0]) / (turn * square ** 2);
      const rho = (10 * w[1]) / square ** 1.5;
      h[0] = theta * 2 * x * y + rho * y * y;
      h[3] = theta * (y * y - x * x) - rho * x * y;
      h[4] = -theta * 2 * x * y + rho * x * x;
    },
    minima: [{ x: [1, 0, 0], value: 0 }],
    source: problem(7),
  });
}
