import type { RegressionModel } from './regression.js';

/** b₁x^b₂. */
export const power: RegressionModel = {
  value: (b, x) => b[0] * x ** b[1],
  gradient(b, x, into, at) {
    into[at] = x ** b[1];
    into[at + 1] = b[0] * into[at] * Math.log(x);
  },
};

/** b₁(b₂ + x)^(−1/b₃). */
export const shiftedPower: RegressionModel = {
  value: (b, x) => b[0] * (b[1] + x) ** (-1 / b[2]),
  gradient(b, x, into, at) {
    const shifted = b[1] + x;
    into[at] = shifted ** (-1 / b[2]);
    into[at + 1] = (-b[0] * into[at]) / (b[2] * shifted);
    into[at + 2] = (b[0] * into[at] * Math.log(shifted)) / (b[2] * b[2]);
  },
};

/**
 * b₁(1 − (1 + b₂x/k)^(−k)): growth that saturates like a power; for k → ∞ it is `saturation`.
 *
 * @example leastSquares(regression(powerSaturation(2), [1, 2, 4], [1, 1.6, 2.3]), [3, 0.5], levenbergMarquardt())
 */
export function powerSaturation(k: number): RegressionModel {
  return {
    value: (b, x) => -b[0] * Math.expm1(-k * Math.log1p((b[1] * x) / k)),
    gradient(b, x, into, at) {
      const base = Math.log1p((b[1] * x) / k);
      into[at] = -Math.expm1(-k * base);
      into[at + 1] = b[0] * x * Math.exp(-(k + 1) * base);
    },
  };
}

/** b₁ − b₂x − arctan(b₃/(x − b₄))/π. */
export const arctangentOnLine: RegressionModel = {
  value: (b, x) => b[0] - b[1] * x - Math.atan(b[2] / (x - b[3])) / Math.PI,
  gradient(b, x, into, at) {
    const shifted = x - b[3];
    const scale = 1 / (Math.PI * (shifted * shifted + b[2] * b[2]));
    into[at] = 1;
    into[at + 1] = -x;
    into[at + 2] = -shifted * scale;
    into[at + 3] = -b[2] * scale;
  },
};

/** b₁ plus three cycles, of period 12 with b₂cos + b₃sin, of b₄ with b₅ and b₆, of b₇ with b₈ and b₉. */
export const threeCycles: RegressionModel = {
  value: (b, x) =>
    b[0] +
    cycle(b[1], b[2], (2 * Math.PI * x) / 12) +
    cycle(b[4], b[5], (2 * Math.PI * x) / b[3]) +
    cycle(b[7], b[8], (2 * Math.PI * x) / b[6]),
  gradient(b, x, into, at) {
    into[at] = 1;
    into[at + 1] = Math.cos((2 * Math.PI * x) / 12);
    into[at + 2] = Math.sin((2 * Math.PI * x) / 12);
    for (let k = 3; k < 9; k += 3) {
      const angle = (2 * Math.PI * x) / b[k];
      into[at + k + 1] = Math.cos(angle);
      into[at + k + 2] = Math.sin(angle);
      into[at + k] = ((b[k + 1] * into[at + k + 2] - b[k + 2] * into[at + k + 1]) * angle) / b[k];
    }
  },
};

function cycle(cosine: number, sine: number, angle: number): number {
  return cosine * Math.cos(angle) + sine * Math.sin(angle);
}
