import type { TestFunction } from './test-function.js';

/** Where x⁴ − 4.2x² + 3.5 = 0, beyond the humps. */
const outer = Math.sqrt(2.1 + Math.sqrt(0.91));
const outerValue = 0.2986384422368593;

/**
 * The three-hump camel: f(x, y) = 2x² − 1.05x⁴ + x⁶/6 + xy + y².
 *
 * Minimum 0 at (0, 0); local ones at ±(1.7476…, −0.8738…).
 * Source: Jamil and Yang 2013, function 29.
 *
 * @example threeHumpCamel().value(Float64Array.of(0, 0)) // 0
 */
export function threeHumpCamel(): TestFunction {
  return {
    name: 'threeHumpCamel',
    start: [2, -2],
    value: ([x, y]) => 2 * x ** 2 - 1.05 * x ** 4 + x ** 6 / 6 + x * y + y * y,
    gradient: ([x, y]) => Float64Array.of(4 * x - 4.2 * x ** 3 + x ** 5 + y, x + 2 * y),
    hessian: ([x]) => Float64Array.of(4 - 12.6 * x ** 2 + 5 * x ** 4, 1, 1, 2),
    minimum: { x: [0, 0], value: 0 },
    minima: [
      { x: [0, 0], value: 0 },
      { x: [outer, -outer / 2], value: outerValue },
      { x: [-outer, outer / 2], value: outerValue },
    ],
    source: 'Jamil and Yang 2013, function 29',
  };
}

/**
 * The six-hump camel: f(x, y) = (4 − 2.1x² + x⁴/3)x² + xy + 4(y² − 1)y².
 *
 * Minimum −1.0316… at ±(0.0898…, −0.7126…), and two more pairs of local minima, one of each listed.
 * Source: Dixon and Szegő 1978; Jamil and Yang 2013, function 30.
 *
 * @example sixHumpCamel().value(Float64Array.of(0.0898, -0.7126)) // −1.0316…
 */
export function sixHumpCamel(): TestFunction {
  return {
    name: 'sixHumpCamel',
    start: [-1.5, 1],
    value: ([x, y]) => (4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + 4 * (y * y - 1) * y * y,
    gradient: ([x, y]) => Float64Array.of(8 * x - 8.4 * x ** 3 + 2 * x ** 5 + y, x - 8 * y + 16 * y ** 3),
    hessian: ([x, y]) => Float64Array.of(8 - 25.2 * x ** 2 + 10 * x ** 4, 1, 1, 48 * y * y - 8),
    minimum: { x: [-0.08984201310031806, 0.7126564030207396], value: -1.0316284534898774 },
    minima: [
      { x: [-0.08984201310031806, 0.7126564030207396], value: -1.0316284534898774 },
      { x: [-1.703606714969981, 0.7960835686726252], value: -0.21546382438371836 },
      { x: [-1.6071047529201978, -0.5686514548841313], value: 2.104250310311258 },
    ],
    source: 'Dixon and Szegő 1978; Jamil and Yang 2013, function 30',
  };
}
