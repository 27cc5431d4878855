import { type Naive, naiveSubject, option } from './naive.js';

/** x ← x − η(sign(β₁m + (1 − β₁)g) + λx), then m ← β₂m + (1 − β₂)g (Chen et al. 2023, algorithm 2). */
export const lionOracle = naiveSubject('lion', (options): Naive => {
  const eta = option(options, 'learningRate', 0.0006);
  const beta1 = option(options, 'beta1', 0.9);
  const beta2 = option(options, 'beta2', 0.99);
  const decay = option(options, 'weightDecay', 0);
  return {
    start: (x) => [x.map(() => 0)],
    step(x, g, [mean]) {
      const update: number[] = [];
      for (let i = 0; i < g.length; i++) {
        const blend = beta1 * mean[i] + (1 - beta1) * g[i];
        update.push(-eta * (Math.sign(blend) + decay * x[i]));
      }
      return { update, rows: [mean.map((m, i) => beta2 * m + (1 - beta2) * g[i])] };
    },
  };
});
