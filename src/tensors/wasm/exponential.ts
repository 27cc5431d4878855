import { type Code, f32x4, get, i32, i32x4, set, v128 } from '../../wasm/assembler.js';

/** Below, eˣ is less than the least normal float32, and taken for 0. */
const least = -87.33654;

/**
 * eˣ for x ≤ 0, within 2·2⁻²³ of the value: 2ⁿ·e^r with n = round(x/ln 2), r = x − n·ln 2 in two parts, and
 * e^r ≈ 1 + r + r²·P(r). NaN stays NaN.
 * The value is left in `result`; t and n are registers to work in.
 *
 * Source: Moshier 1989, Cephes `expf`, coefficients and the split of ln 2.
 */
export function exponential(x: Code, t: number, n: number, result: number): Code[] {
  const coefficients = [
    1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 0.5,
  ];
  const [highest, ...rest] = coefficients.map(f32x4.const);
  const polynomial = rest.reduce((sum, c) => f32x4.add(f32x4.mul(sum, get(t)), c), highest);
  const log2 = { high: 0.693359375, low: -2.1219444e-4 };
  return [
    set(result, x),
    // Held where 2ⁿ is a normal number; what lies below is set to 0 at the end.
    set(t, f32x4.max(get(result), f32x4.const(least))),
    set(n, f32x4.nearest(f32x4.mul(get(t), f32x4.const(Math.LOG2E)))),
    set(t, f32x4.sub(get(t), f32x4.mul(get(n), f32x4.const(log2.high)))),
    set(t, f32x4.sub(get(t), f32x4.mul(get(n), f32x4.const(log2.low)))),
    set(t, f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(get(t), get(t)), polynomial), get(t)), f32x4.const(1))),
    set(n, i32x4.shiftLeft(i32x4.add(i32x4.fromFloats(get(n)), i32x4.splat(i32.const(127))), i32.const(23))),
    set(result, v128.andNot(f32x4.mul(get(t), get(n)), f32x4.lessThan(get(result), f32x4.const(least)))),
  ];
}
