import { type Naive, naiveSubject, option } from './naive.js';

/** ±1, n of them, by a hash of the step: independent of the random numbers of what it is compared with. */
export function signs(n: number, t: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    let hash = Math.imul(t * 64 + i + 1, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) & 1) === 0 ? 1 : -1;
  });
}

/** z∘Hz. */
export function probe(hessian: Float64Array, z: readonly number[]): number[] {
  const n = z.length;
  return z.map((zi, i) => zi * z.reduce((total, zj, j) => total + hessian[i * n + j] * zj, 0));
}

export interface AdahessianParts {
  readonly z?: (n: number, t: number) => number[];
  readonly square?: (d: number) => number;
  readonly correct?: (beta: number, count: number) => number;
  readonly root?: (v: number, k: number) => number;
}

/** AdaHessian, x ← x − η(m̂/(√v̂ᵏ + ε) + λx), v the running mean of (z∘Hz)² (Yao et al. 2021, algorithm 1). */
export function naiveAdahessian(options: Record<string, unknown>, parts: AdahessianParts = {}): Naive {
  const eta = option(options, 'learningRate', 0.15);
  const beta1 = option(options, 'beta1', 0.9);
  const beta2 = option(options, 'beta2', 0.999);
  const epsilon = option(options, 'epsilon', 1e-4);
  const k = option(options, 'power', 1);
  const every = option(options, 'every', 1);
  const decay = option(options, 'weightDecay', 0);
  const {
    z = signs,
    square = (d: number) => d * d,
    correct = (beta: number, count: number) => 1 - beta ** count,
    root = (v: number, power: number) => v ** (power / 2),
  } = parts;
  return {
    start: (x) => [x.map(() => 0), x.map(() => 0), [0]],
    step(x, g, [m, v, [made]], t, hessian) {
      const fresh = (t - 1) % every === 0;
      const d = fresh ? probe(hessian!, z(g.length, t)) : [];
      const probes = made + (fresh ? 1 : 0);
      const mean = g.map((gi, i) => beta1 * m[i] + (1 - beta1) * gi);
      const squares = fresh ? v.map((vi, i) => beta2 * vi + (1 - beta2) * square(d[i])) : [...v];
      const update = x.map((xi, i) => {
        const scale = root(squares[i] / correct(beta2, probes), k);
        return -eta * (mean[i] / correct(beta1, t) / (scale + epsilon) + decay * xi);
      });
      return { update, rows: [mean, squares, [probes]] };
    },
  };
}

export const adahessianOracle = naiveSubject('adahessian', (options) => naiveAdahessian(options));
