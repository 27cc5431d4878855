import type { TestFunction } from './test-function.js';

/** Coefficients of x, x², x³, x⁴, y, y², y³, y⁴: exact float32 numbers, as the example drew them. */
const coefficients = [
  0.20243525505065918, 0.9623256921768188, 0.060886263847351074, 1, 0.8375757932662964, 0.0591200590133667,
  0.022907614707946777, 1,
] as const;
const cross = 0.1;

/**
 * A quartic of two variables that is nearly flat across y = 0, where Newton's steps leap:
 * f(z) = a·(x, x², x³, x⁴, y, y², y³, y⁴) + 0.1·xy at x = 0.8z₀ − 0.5, y = 2z₁.
 *
 * Minimum −0.3626… near (0.53, −0.29), with condition number 13 there; start (−0.9, 0.4).
 *
 * @example quartic().value(Float64Array.of(-0.9, 0.4))
 */
export function quartic(): TestFunction {
  const [a1, a2, a3, a4, b1, b2, b3, b4] = coefficients;
  const inner = (z: Float64Array) => [0.8 * z[0] - 0.5, 2 * z[1]];
  return {
    name: 'quartic',
    start: [-0.9, 0.4],
    value(z) {
      const [x, y] = inner(z);
      return (
        x * (a1 + x * (a2 + x * (a3 + x * a4))) + y * (b1 + y * (b2 + y * (b3 + y * b4))) + cross * x * y
      );
    },
    gradient(z) {
      const [x, y] = inner(z);
      return Float64Array.of(
        0.8 * (a1 + x * (2 * a2 + x * (3 * a3 + x * 4 * a4)) + cross * y),
        2 * (b1 + y * (2 * b2 + y * (3 * b3 + y * 4 * b4)) + cross * x),
      );
    },
    hessian(z) {
      const [x, y] = inner(z);
      const mixed = 0.8 * 2 * cross;
      return Float64Array.of(
        0.64 * (2 * a2 + x * (6 * a3 + x * 12 * a4)),
        mixed,
        mixed,
        4 * (2 * b2 + y * (6 * b3 + y * 12 * b4)),
      );
    },
    minimum: { x: [0.5316804872489896, -0.2905145637585243], value: -0.36262641479800284 },
  };
}
