import { probe, signs } from './adahessian.js';
import { type Naive, naiveSubject, option } from './naive.js';

export interface SophiaParts {
  readonly z?: (n: number, t: number) => number[];
  readonly below?: (h: number, gamma: number, epsilon: number) => number;
  readonly clip?: (m: number, below: number) => number;
  readonly estimate?: (d: number) => number;
}

/** Sophia-H, x ← x − η(clip(m/max(γh, ε), ±1) + λx), h the running mean of z∘Hz (Liu et al. 2024, algorithm 3). */
export function naiveSophia(options: Record<string, unknown>, parts: SophiaParts = {}): Naive {
  const eta = option(options, 'learningRate', 0.001);
  const beta1 = option(options, 'beta1', 0.965);
  const beta2 = option(options, 'beta2', 0.99);
  const gamma = option(options, 'gamma', 0.01);
  const epsilon = option(options, 'epsilon', 1e-12);
  const every = option(options, 'every', 10);
  const decay = option(options, 'weightDecay', 0);
  const {
    z = signs,
    below = (h: number, c: number, e: number) => Math.max(c * h, e),
    clip = (m: number, by: number) => Math.max(-1, Math.min(1, m / by)),
    estimate = (d: number) => d,
  } = parts;
  return {
    start: (x) => [x.map(() => 0), x.map(() => 0)],
    step(x, g, [m, h], t, hessian) {
      const mean = g.map((gi, i) => beta1 * m[i] + (1 - beta1) * gi);
      const d = (t - 1) % every === 0 ? probe(hessian!, z(g.length, t)) : null;
      const curvature = d === null ? [...h] : h.map((hi, i) => beta2 * hi + (1 - beta2) * estimate(d[i]));
      const update = x.map(
        (xi, i) => -eta * (clip(mean[i], below(curvature[i], gamma, epsilon)) + decay * xi),
      );
      return { update, rows: [mean, curvature] };
    },
  };
}

export const sophiaOracle = naiveSubject('sophia', (options) => naiveSophia(options));
