import { type Naive, naiveSubject, option } from './naive.js';

/** x ← x − ηg (Cauchy 1847). */
export const gradientDescentOracle = naiveSubject('gradientDescent', (options): Naive => {
  const eta = option(options, 'learningRate', 0.1);
  return {
    start: () => [],
    step: (_x, g) => ({ update: g.map((gi) => -eta * gi), rows: [] }),
  };
});
