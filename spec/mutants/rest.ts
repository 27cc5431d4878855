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
  naiveMutant(
    {
      id: 'steps-counted-by-array',
      mistake: 'The steps that the bias corrections know are counted once for every number that is moved.',
      killedBy: '89',
      method: 'adam',
    },
    (options) => {
      const [eta, beta1, beta2] = [
        option(options, 'learningRate', 0.001),
        option(options, 'beta1', 0.9),
        option(options, 'beta2', 0.999),
      ];
      const epsilon = option(options, 'epsilon', 1e-8);
      return {
        start: (x) => [x.map(() => 0), x.map(() => 0)],
        step(x, g, [m, v], t) {
          const mean = m.map((mi, i) => beta1 * mi + (1 - beta1) * g[i]);
          const square = v.map((vi, i) => beta2 * vi + (1 - beta2) * g[i] * g[i]);
          const update = mean.map((mi, i) => {
            const count = (t - 1) * x.length + i + 1;
            const root = Math.sqrt(square[i] / (1 - beta2 ** count));
            return (-eta * mi) / (1 - beta1 ** count) / (root + epsilon);
          });
          return { update, rows: [mean, square] };
        },
      };
    },
  ),
];
