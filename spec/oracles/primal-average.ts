import { type Naive, naiveSubject, option } from './naive.js';

/** y = μ_y x + (1 − μ_y)z, z⁺ = z − γg(y), x⁺ = μₓx + (1 − μₓ)z⁺ (Defazio 2020). */
export const primalAverageOracle = naiveSubject('primalAverage', (options): Naive => {
  const rate = option(options, 'rate', 0.001);
  const memory = option(options, 'memory', 0.9);
  const lookahead = option(options, 'lookahead', 0.9);
  return {
    start: (x) => [x, x],
    step(y, g, [z, x]) {
      const fast = z.map((zi, i) => zi - rate * g[i]);
      const slow = x.map((xi, i) => xi + (1 - memory) * (fast[i] - xi));
      const update = y.map((yi, i) => slow[i] + (1 - lookahead) * (fast[i] - slow[i]) - yi);
      return { update, rows: [fast, slow] };
    },
  };
});
