import { option } from '../oracles/naive.js';
import { type Mutant, naiveMutant } from './mutant.js';

export const restMutants: readonly Mutant[] = [
  naiveMutant(
    {
      id: 'rate-in-the-memory',
      mistake: 'The mean takes in updates that the rate has scaled, v ← βv + ηg: old steps keep old rates.',
      seen: 'transformers (issue 34506) and fairseq (5561): Adafactor with β₁ > 0',
      killedBy: '101',
      method: 'scheduledMomentum',
    },
    (options) => {
      const [beta, factor] = [option(options, 'beta', 0.9), option(options, 'factor', 0.9)];
      return {
        start: (x) => [x.map(() => 0)],
        step(_, g, [v], t) {
          const next = v.map((vi, i) => beta * vi + factor ** (t - 1) * g[i]);
          return { update: next.map((vi) => -vi), rows: [next] };
        },
      };
    },
  ),
  naiveMutant(
    {
      id: 'mean-starts-above-zero',
      mistake: 'Both means begin at a small positive number, so that a gradient of 0 moves x down.',
      seen: 'optax’s and TensorFlow Addons’ Yogi',
      killedBy: '102',
      method: 'momentum',
    },
    (options) => {
      const [eta, beta] = [option(options, 'learningRate', 0.01), option(options, 'beta', 0.9)];
      return {
        start: (x) => [x.map(() => 1e-6)],
        step(_, g, [v]) {
          const next = v.map((vi, i) => beta * vi + g[i]);
          return { update: next.map((vi) => -eta * vi), rows: [next] };
        },
      };
    },
  ),
  naiveMutant(
    {
      id: 'scale-of-first-gradient',
      mistake:
        'The first step divides by the size of the first gradient: 0/0 where that is 0, and NaN for good.',
      seen: 'HeavyBall (issue 55) and optax’s dadapt_adamw',
      killedBy: '102',
      method: 'momentum',
    },
    (options) => {
      const eta = option(options, 'learningRate', 0.01);
      return {
        start: () => [[0]],
        step(_, g, [[scale]], t) {
          const size = t === 1 ? 1 / Math.hypot(...g) : scale;
          return { update: g.map((gi) => -eta * size * gi), rows: [[size]] };
        },
      };
    },
  ),
];
