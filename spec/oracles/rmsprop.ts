import { type Naive, naiveSubject, option } from './naive.js';

/** v ← βv + (1 − β)g², x ← x − ηg/(√v + ε) (Tieleman and Hinton 2012, lecture 6.5). */
export const rmspropOracle = naiveSubject('rmsprop', (options): Naive => {
  const eta = option(options, 'learningRate', 0.001);
  const beta = option(options, 'beta', 0.9);
  const epsilon = option(options, 'epsilon', 1e-8);
  const inside = option<unknown>(options, 'epsilonPlace', 'beside') === 'inside';
  return {
    start: (x) => [x.map(() => 0)],
    step(_x, g, [before]) {
      const update: number[] = [];
      const means: number[] = [];
      for (let i = 0; i < g.length; i++) {
        means.push(beta * before[i] + (1 - beta) * g[i] * g[i]);
        const divisor = inside ? Math.sqrt(means[i] + epsilon) : Math.sqrt(means[i]) + epsilon;
        update.push((-eta * g[i]) / divisor);
      }
      return { update, rows: [means] };
    },
  };
});
