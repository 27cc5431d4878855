import { type Naive, naiveSubject, option } from './naive.js';

/**
 * With d the change of the gradient, x ← (x − η(m̂ + β₂v̂)/(√n̂ + ε))/(1 + ηλ) (Xie et al. 2022, algorithm 1, with βᵢ
 * for its 1 − βᵢ).
 */
export const adanOracle = naiveSubject('adan', (options): Naive => {
  const eta = option(options, 'learningRate', 0.003);
  const beta1 = option(options, 'beta1', 0.98);
  const beta2 = option(options, 'beta2', 0.92);
  const beta3 = option(options, 'beta3', 0.99);
  const epsilon = option(options, 'epsilon', 1e-8);
  const decay = option(options, 'weightDecay', 0);
  return {
    start: (x) => [x.map(() => 0), x.map(() => 0), x.map(() => 0), x.map(() => 0)],
    step(x, g, [m, v, n, last], t) {
      const d = g.map((gi, i) => (t === 1 ? 0 : gi - last[i]));
      const mean = g.map((gi, i) => beta1 * m[i] + (1 - beta1) * gi);
      const change = d.map((di, i) => beta2 * v[i] + (1 - beta2) * di);
      const square = g.map((gi, i) => beta3 * n[i] + (1 - beta3) * (gi + beta2 * d[i]) ** 2);
      const update = x.map((xi, i) => {
        const ahead = mean[i] / (1 - beta1 ** t) + (beta2 * change[i]) / (1 - beta2 ** t);
        const step = (eta * ahead) / (Math.sqrt(square[i] / (1 - beta3 ** t)) + epsilon);
        return -(step + eta * decay * xi) / (1 + eta * decay); // (x − step)/(1 + ηλ) − x
      });
      return { update, rows: [mean, change, square, g] };
    },
  };
});
