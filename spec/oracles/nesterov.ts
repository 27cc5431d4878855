import { type Naive, naiveSubject, option } from './naive.js';

/**
 * x_k = y_{k−1} − ηg(y_{k−1}), y_k = x_k + β_k(x_k − x_{k−1}): two sequences, y the parameters of the loop
 * (Nesterov 1983; β_k = (k − 1)/(k + 2) as in Su, Boyd and Candès 2016, equation 1).
 */
export const nesterovOracle = naiveSubject('nesterov', (options): Naive => {
  const eta = option(options, 'learningRate', 0.01);
  const beta = option<number | 'sequence'>(options, 'beta', 0.9);
  return {
    // Displacements from x₀, so that no digits are lost to a far-away start.
    start: (x) => [x.map(() => 0), x.map(() => 0)],
    step(_y, g, [previous, lookAhead], k) {
      const factor = beta === 'sequence' ? (k - 1) / (k + 2) : beta;
      const next: number[] = [];
      const ahead: number[] = [];
      for (let i = 0; i < g.length; i++) {
        next.push(lookAhead[i] - eta * g[i]);
        ahead.push(next[i] + factor * (next[i] - previous[i]));
      }
      return { update: ahead.map((y, i) => y - lookAhead[i]), rows: [next, ahead] };
    },
  };
});
