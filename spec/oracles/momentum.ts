import { type Naive, naiveSubject, option } from './naive.js';

/** x⁺ = x − ηg + β(x − x₋), kept as the last displacement (Polyak 1964, equation 9). */
export const momentumOracle = naiveSubject('momentum', (options): Naive => {
  const eta = option(options, 'learningRate', 0.01);
  const beta = option(options, 'beta', 0.9);
  return {
    start: (x) => [x.map(() => 0)],
    step(_x, g, [displacement]) {
      const update = g.map((gi, i) => beta * displacement[i] - eta * gi);
      return { update, rows: [update] };
    },
  };
});
