import { naiveAdam } from './adam.js';
import { type Naive, naiveSubject, option } from './naive.js';
import { trusted } from './trust-ratio.js';

/** Leaf by leaf, with u = m̂/(√v̂ + ε) + λx: x ← x − ηu‖x‖/‖u‖ (You et al. 2020, algorithm 2, φ(z) = z). */
export const lambOracle = naiveSubject(
  'lamb',
  (options): Naive => {
    const eta = option(options, 'learningRate', 0.001);
    const decay = option(options, 'weightDecay', 0.01);
    const epsilon = option(options, 'epsilon', 1e-6);
    const adam = naiveAdam({ ...options, epsilon, learningRate: 1 }, 0);
    return {
      start: adam.start,
      step(x, g, rows, t) {
        const { update: descent, rows: next } = adam.step(x, g, rows, t);
        const raw = descent.map((d, i) => -d + decay * x[i]);
        return { update: trusted(x, raw, 1, 0).map((u) => -eta * u), rows: next };
      },
    };
  },
  { leafwise: true },
);
