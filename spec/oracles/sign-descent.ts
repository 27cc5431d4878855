import { type Naive, naiveSubject, option } from './naive.js';

/** x ← x − η·sign(g) (Bernstein et al. 2018, algorithm 1). */
export const signDescentOracle = naiveSubject('signDescent', (options): Naive => {
  const eta = option(options, 'learningRate', 0.001);
  return {
    start: () => [],
    step(_x, g) {
      const update: number[] = [];
      for (const gi of g) {
        if (gi > 0) update.push(-eta);
        else if (gi < 0) update.push(eta);
        else update.push(gi * 0);
      }
      return { update, rows: [] };
    },
  };
});
