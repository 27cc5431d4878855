import { type Naive, naiveSubject, option } from './naive.js';
import { trusted } from './trust-ratio.js';

/**
 * Leaf by leaf, with u = g + λx: v ← βv + u·c‖x‖/‖u‖, x ← x − ηv (You, Gitman and Ginsburg 2017, algorithm 1,
 * the norm of the sum below the fraction bar).
 */
export const larsOracle = naiveSubject(
  'lars',
  (options): Naive => {
    const eta = option(options, 'learningRate', 1);
    const beta = option(options, 'beta', 0.9);
    const decay = option(options, 'weightDecay', 1e-4);
    const coefficient = option(options, 'coefficient', 0.001);
    return {
      start: (x) => [x.map(() => 0)],
      step(x, g, [velocity]) {
        const raw = g.map((gi, i) => gi + decay * x[i]);
        const u = trusted(x, raw, coefficient, 0);
        const next = u.map((ui, i) => beta * velocity[i] + ui);
        return { update: next.map((v) => -eta * v), rows: [next] };
      },
    };
  },
  { leafwise: true },
);
