import { type Naive, naiveSubject, option } from './naive.js';

/** s ← s + g², x ← x − ηg/(√s + ε) (Duchi, Hazan and Singer 2011, figure 1, diagonal). */
export const adagradOracle = naiveSubject('adagrad', (options): Naive => {
  const eta = option(options, 'learningRate', 0.01);
  const epsilon = option(options, 'epsilon', 1e-10);
  const initial = option(options, 'initial', 0);
  const inside = option<unknown>(options, 'epsilonPlace', 'beside') === 'inside';
  return {
    start: (x) => [x.map(() => initial)],
    step(_x, g, [before]) {
      const update: number[] = [];
      const sums: number[] = [];
      for (let i = 0; i < g.length; i++) {
        sums.push(before[i] + g[i] * g[i]);
        const divisor = inside ? Math.sqrt(sums[i] + epsilon) : Math.sqrt(sums[i]) + epsilon;
        update.push((-eta * g[i]) / divisor);
      }
      return { update, rows: [sums] };
    },
  };
});
