import { type Naive, naiveSubject, option } from './naive.js';

/** Adam with (g − m)² in place of g², and ε added to it at every step (Zhuang et al. 2020, algorithm 2). */
export const adabeliefOracle = naiveSubject('adabelief', (options): Naive => {
  const eta = option(options, 'learningRate', 0.001);
  const beta1 = option(options, 'beta1', 0.9);
  const beta2 = option(options, 'beta2', 0.999);
  const epsilon = option(options, 'epsilon', 1e-16);
  return {
    start: (x) => [x.map(() => 0), x.map(() => 0)],
    step(_x, g, [m, s], t) {
      const update: number[] = [];
      const mean: number[] = [];
      const surprise: number[] = [];
      for (let i = 0; i < g.length; i++) {
        mean.push(beta1 * m[i] + (1 - beta1) * g[i]);
        surprise.push(beta2 * s[i] + (1 - beta2) * (g[i] - mean[i]) ** 2 + epsilon);
        const mHat = mean[i] / (1 - beta1 ** t);
        const sHat = surprise[i] / (1 - beta2 ** t);
        update.push((-eta * mHat) / (Math.sqrt(sHat) + epsilon));
      }
      return { update, rows: [mean, surprise] };
    },
  };
});
