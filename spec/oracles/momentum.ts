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

/** The velocity v ← βv + g, stepped by with a rate that falls by a factor at every step. */
export const scheduledMomentumOracle = naiveSubject('scheduledMomentum', (options): Naive => {
  const beta = option(options, 'beta', 0.9);
  const factor = option(options, 'factor', 0.9);
  return {
    start: (x) => [x.map(() => 0)],
    step(_x, g, [velocity], t) {
      const next = g.map((gi, i) => beta * velocity[i] + gi);
      return { update: next.map((vi) => -(factor ** (t - 1)) * vi), rows: [next] };
    },
  };
});
