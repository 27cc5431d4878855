import type { RegressionModel } from './regression.js';

/** b₁(1 − e^(−b₂x)): growth that saturates. */
export const saturation: RegressionModel = {
  value: (b, x) => -b[0] * Math.expm1(-b[1] * x),
  gradient(b, x, into, at) {
    into[at] = -Math.expm1(-b[1] * x);
    into[at + 1] = b[0] * x * Math.exp(-b[1] * x);
  },
};

/** e^(−b₁x) / (b₂ + b₃x). */
export const exponentialOverLine: RegressionModel = {
  value: (b, x) => Math.exp(-b[0] * x) / (b[1] + b[2] * x),
  gradient(b, x, into, at) {
    const line = b[1] + b[2] * x;
    const value = Math.exp(-b[0] * x) / line;
    into[at] = -x * value;
    into[at + 1] = -value / line;
    into[at + 2] = (-x * value) / line;
  },
};

/** b₁e^(−b₂x) + b₃e^(−b₄x) + …, a term for each two parameters. */
export const exponentialSum: RegressionModel = {
  value(b, x) {
    let total = 0;
    for (let k = 0; k < b.length; k += 2) total += b[k] * Math.exp(-b[k + 1] * x);
    return total;
  },
  gradient(b, x, into, at) {
    for (let k = 0; k < b.length; k += 2) {
      const power = Math.exp(-b[k + 1] * x);
      into[at + k] = power;
      into[at + k + 1] = -b[k] * x * power;
    }
  },
};

/** b₁ + b₂e^(−b₄x) + b₃e^(−b₅x). */
export const offsetExponentials: RegressionModel = {
  value: (b, x) => b[0] + b[1] * Math.exp(-b[3] * x) + b[2] * Math.exp(-b[4] * x),
  gradient(b, x, into, at) {
    into[at] = 1;
    into[at + 1] = Math.exp(-b[3] * x);
    into[at + 2] = Math.exp(-b[4] * x);
    into[at + 3] = -x * b[1] * into[at + 1];
    into[at + 4] = -x * b[2] * into[at + 2];
  },
};

/** b₁e^(−b₂x) + b₃e^(−(x − b₄)²/b₅²) + b₆e^(−(x − b₇)²/b₈²): two peaks on a decay. */
export const peaksOnDecay: RegressionModel = {
  value(b, x) {
    const [first, second] = [(x - b[3]) / b[4], (x - b[6]) / b[7]];
    return b[0] * Math.exp(-b[1] * x) + b[2] * Math.exp(-first * first) + b[5] * Math.exp(-second * second);
  },
  gradient(b, x, into, at) {
    into[at] = Math.exp(-b[1] * x);
    into[at + 1] = -x * b[0] * into[at];
    for (let k = 2; k < 8; k += 3) {
      const z = (x - b[k + 1]) / b[k + 2];
      into[at + k] = Math.exp(-z * z);
      into[at + k + 1] = (2 * z * b[k] * into[at + k]) / b[k + 2];
      into[at + k + 2] = z * into[at + k + 1];
    }
  },
};

/** (b₁/b₂)e^(−½((x − b₃)/b₂)²): one peak, its area given. */
export const peak: RegressionModel = {
  value(b, x) {
    const z = (x - b[2]) / b[1];
    return (b[0] / b[1]) * Math.exp((-z * z) / 2);
  },
  gradient(b, x, into, at) {
    const z = (x - b[2]) / b[1];
    into[at] = Math.exp((-z * z) / 2) / b[1];
    into[at + 1] = ((z * z - 1) * b[0] * into[at]) / b[1];
    into[at + 2] = (z * b[0] * into[at]) / b[1];
  },
};

/** b₁e^(b₂/(x + b₃)). */
export const reciprocalExponential: RegressionModel = {
  value: (b, x) => b[0] * Math.exp(b[1] / (x + b[2])),
  gradient(b, x, into, at) {
    const shifted = x + b[2];
    into[at] = Math.exp(b[1] / shifted);
    into[at + 1] = (b[0] * into[at]) / shifted;
    into[at + 2] = (-b[1] * into[at + 1]) / shifted;
  },
};

/** b₁ − b₂x₁e^(−b₃x₂), two predictors. */
export const agingLine: RegressionModel<readonly number[]> = {
  value: (b, [first, second]) => b[0] - b[1] * first * Math.exp(-b[2] * second),
  gradient(b, [first, second], into, at) {
    into[at] = 1;
    into[at + 1] = -first * Math.exp(-b[2] * second);
    into[at + 2] = -second * b[1] * into[at + 1];
  },
};

/** b₁/(1 + e^(b₂ − b₃x)). */
export const logistic: RegressionModel = {
  value: (b, x) => b[0] / (1 + Math.exp(b[1] - b[2] * x)),
  gradient(b, x, into, at) {
    const power = Math.exp(b[1] - b[2] * x);
    into[at] = 1 / (1 + power);
    // The factor last is e/(1 + e), 1 where e overflows.
    into[at + 1] = -b[0] * into[at] * (1 / (1 + 1 / power));
    into[at + 2] = -x * into[at + 1];
  },
};

/** b₁/(1 + e^(b₂ − b₃x))^(1/b₄). */
export const generalizedLogistic: RegressionModel = {
  value: (b, x) => b[0] / (1 + Math.exp(b[1] - b[2] * x)) ** (1 / b[3]),
  gradient(b, x, into, at) {
    const power = Math.exp(b[1] - b[2] * x);
    into[at] = (1 + power) ** (-1 / b[3]);
    into[at + 1] = (-b[0] * into[at]) / (1 + 1 / power) / b[3];
    into[at + 2] = -x * into[at + 1];
    into[at + 3] = (b[0] * into[at] * Math.log1p(power)) / (b[3] * b[3]);
  },
};
