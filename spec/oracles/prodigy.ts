import { type Naive, naiveSubject, option } from './naive.js';

/** Prodigy as printed (Mishchenko and Defazio 2023, algorithm 4), one vector, d in its own units. */
export const prodigyOracle = naiveSubject('prodigy', (options) => naiveProdigy(options));

export interface ProdigyMistake {
  /** The next estimate, of the last one, r and s. */
  readonly estimate?: (d: number, r: number, s: readonly number[]) => number;
  /** β₃, from β₂. */
  readonly memory?: (beta2: number) => number;
  /** The weight of a gradient in the moments, from d. */
  readonly weight?: (d: number) => number;
  /** The estimate that scales the step, of the last and the new one. */
  readonly scale?: (before: number, after: number) => number;
  readonly travelled?: (x0: number, x: number) => number;
}

export function naiveProdigy(options: Record<string, unknown>, mistake: ProdigyMistake = {}): Naive {
  const rate = option(options, 'learningRate', 1);
  const beta1 = option(options, 'beta1', 0.9);
  const beta2 = option(options, 'beta2', 0.999);
  const epsilon = option(options, 'epsilon', 1e-8);
  const {
    estimate = (d, r, s) => {
      const length = s.reduce((total, si) => total + Math.abs(si), 0);
      return length === 0 ? d : Math.max(d, r / length);
    },
    memory = Math.sqrt,
    weight = (d) => d,
    scale = (before) => before,
    travelled = (x0, x) => x0 - x,
  } = mistake;
  const beta3 = memory(beta2);
  return {
    start: (x) => [[option(options, 'initial', 1e-6), 0], x, x.map(() => 0), x.map(() => 0), x.map(() => 0)],
    step(x, g, [[d, r], start, m, v, s]) {
      const share = (1 - beta3) * rate * d * d;
      const mean = g.map((gi, i) => beta1 * m[i] + (1 - beta1) * weight(d) * gi);
      const square = g.map((gi, i) => beta2 * v[i] + (1 - beta2) * (weight(d) * gi) ** 2);
      const along = g.reduce((total, gi, i) => total + gi * travelled(start[i], x[i]), 0);
      const numerator = beta3 * r + share * along;
      const weighted = g.map((gi, i) => beta3 * s[i] + share * gi);
      const next = estimate(d, numerator, weighted);
      const used = scale(d, next);
      const update = mean.map((mi, i) => (-rate * used * mi) / (Math.sqrt(square[i]) + d * epsilon));
      return { update, rows: [[next, numerator], start, mean, square, weighted] };
    },
  };
}
