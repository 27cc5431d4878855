import type { TestFunction } from './test-function.js';

/**
 * A saddle between two minima: f(x, y) = ½x² − ½y² + ¼y⁴.
 *
 * The saddle is (0, 0), the minima (0, ±1) have the value −¼. The start (1, 0.1) has negative curvature along
 * y: gradient descent falls to (0, 1), undamped Newton climbs to the saddle.
 * Source: Nesterov 2004, section 1.2.3.
 *
 * @example saddle().value(Float64Array.of(0, 1)) // −0.25
 */
export function saddle(): TestFunction {
  return {
    name: 'saddle',
    start: [1, 0.1],
    value: ([x, y]) => (x * x - y * y) / 2 + y ** 4 / 4,
    gradient: ([x, y]) => Float64Array.of(x, y ** 3 - y),
    hessian: ([, y]) => Float64Array.of(1, 0, 0, 3 * y * y - 1),
    minimum: { x: [0, 1], value: -0.25 },
    source: 'Nesterov 2004, section 1.2.3',
  };
}
