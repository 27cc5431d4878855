import { type Naive, naiveSubject, option } from './naive.js';

/** The first gradient only sets v; then m ← β₁m + (1 − β₁)clip(g/max(√v, ε)), x ← x − ηm, and v after it. */
export const adoptOracle = naiveSubject('adopt', (options): Naive => {
  const eta = option(options, 'learningRate', 0.003);
  const beta1 = option(options, 'beta1', 0.9);
  const beta2 = option(options, 'beta2', 0.9999);
  const epsilon = option(options, 'epsilon', 1e-6);
  return {
    start: (x) => [x.map(() => 0), x.map(() => 0)],
    step(_x, g, [m, v], t) {
      if (t === 1) return { update: g.map(() => 0), rows: [m, g.map((gi) => gi * gi)] };
      const most = (t - 1) ** 0.25;
      const mean = g.map((gi, i) => {
        const scaled = gi / Math.max(Math.sqrt(v[i]), epsilon);
        return beta1 * m[i] + (1 - beta1) * Math.min(most, Math.max(-most, scaled));
      });
      const square = g.map((gi, i) => beta2 * v[i] + (1 - beta2) * gi * gi);
      return { update: mean.map((mi) => -eta * mi), rows: [mean, square] };
    },
  };
});
