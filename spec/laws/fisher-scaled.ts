import fc from 'fast-check';
import { networks } from '../arbitraries/networks.js';
import { denseFisher, lossAndGradient, type Setting } from '../oracles/network/dense-curvature.js';
import { termLosses } from '../oracles/network/losses.js';
import { forward, pull, termsOf } from '../oracles/network/network.js';
import { networkMoment } from '../oracles/network/network-moment.js';
import { flat } from '../subjects/point.js';
import type { OptimizerSubject } from '../subjects/subject.js';
import { law } from './law.js';
import { type Deviation, forward as forwardError, statistical } from './tolerance.js';

const rate = fc.integer({ min: 0, max: 6 }).map((k) => 2 ** -k);
const memory = fc.constantFrom(0, 0.5, 0.9);

/** The updates of an optimizer that stays at one network and batch. */
export function updatesAt(
  subject: OptimizerSubject,
  options: object,
  setting: Setting,
  steps: number,
): Float64Array[] {
  const optimizer = subject.create(options);
  const moment = networkMoment(setting, 0);
  let state = optimizer.init(moment.parameters);
  return Array.from({ length: steps }, (_, step) => {
    const next = optimizer.step(state, { ...moment, step });
    state = next.state;
    return flat(next.update);
  });
}

export const fisherQuotient = law({
  id: '43b',
  name: 'Adam with the exact Fisher matrix',
  statement:
    'At one network and batch, with the exact diagonal d of the Fisher matrix, every step is −η·g/(dᵖ + ε), whatever the memories and `every`.',
  tolerance: 'K',
  source: 'm̂ = g and v̂ = d exactly, near 1/(1−β); d with its labels enumerated, one example at a time',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      options: fc.record({
        learningRate: rate,
        beta1: memory,
        beta2: memory,
        exponent: fc.constantFrom(1, 0.5),
        epsilon: fc.constantFrom(1, 2 ** -4),
        every: fc.constantFrom(1, 3),
      }),
      setting: networks(),
      steps: fc.integer({ min: 1, max: 5 }),
    }),
  measure(subject, { options, setting, steps }) {
    const updates = updatesAt(subject, { ...options, estimate: 'exact' }, setting, steps);
    const n = setting.x.length;
    const fisher = denseFisher(setting);
    const { gradient } = lossAndGradient(setting);
    const { learningRate, exponent, epsilon } = options;
    const terms = setting.inputs.length * 4;
    const [size, most] = [setting.x.map(Math.abs), gradient.map(Math.abs)].map((a) => Math.max(1, ...a));
    const kappa =
      (1 / (1 - options.beta1) + 1 / (1 - options.beta2)) * (1 + Math.sqrt(fisher[0] + 1)) * size * most;
    return updates.flatMap((update, t) =>
      [...gradient].map((g, i): Deviation => {
        const divisor = fisher[i * (n + 1)] ** exponent + epsilon;
        const error = Math.abs(update[i] + (learningRate * g) / divisor);
        const scale = (learningRate * (1 + Math.abs(g))) / Math.min(divisor, epsilon);
        return forwardError(`update ${t + 1}, entry ${i}`, error, scale, terms, kappa, subject.epsilon);
      }),
    );
  },
});

const draws = 100;

export const properFisher = law({
  id: '43',
  name: 'the proper Fisher',
  statement:
    'At one network and batch the running estimates have diag F for their mean, labels enumerated: |z| ≤ 6 over 100 batches of sampled labels.',
  tolerance: 'S',
  source:
    'T·ĝ² and T·Σĝᵢ² of sampled labels have the mean diag F: the square of a mean of T is T times smaller; variance by the fourth moments',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      estimate: fc.constantFrom('batch', 'examples'),
      setting: networks({
        losses: ['squared', 'softmax'],
        depth: { min: 1, max: 2 },
        sharing: { min: 1, max: 1 },
        examples: { min: 3, max: 5 },
      }),
    }),
  measure(subject, { estimate, setting }) {
    const { gradient } = lossAndGradient(setting);
    const beta2 = 0.999;
    const options = { learningRate: 1, beta1: 0, beta2, exponent: 1, epsilon: 2 ** -20, estimate };
    const last = updatesAt(subject, options, setting, draws)[draws - 1];
    return [...moments(setting, estimate)].flatMap(([mean, variance], i): Deviation[] => {
      // Rare labels make the sum of few draws anything but normal; without gradient there is no quotient.
      if (gradient[i] === 0 || !(variance < 25 * mean * mean) || mean < 1e-6) return [];
      const got = -gradient[i] / last[i] - 2 ** -20;
      const sigma = Math.sqrt(variance) * spread(beta2) + 1e-6 * mean;
      return [statistical(`entry ${i}`, (got - mean) / sigma)];
    });
  },
});

/** Mean and variance of one estimate of each entry, from the moments of its terms with their labels enumerated. */
function moments(setting: Setting, estimate: string): [mean: number, variance: number][] {
  const { network, x, inputs } = setting;
  const passed = forward(network, x, inputs);
  const terms = termsOf(network, passed.rows);
  const width = passed.outputs.length / terms;
  const squares = Array.from({ length: terms }, () => new Float64Array(x.length));
  const fourths = Array.from({ length: terms }, () => new Float64Array(x.length));
  for (let t = 0; t < terms; t++) {
    const z = passed.outputs.subarray(t * width, (t + 1) * width);
    for (const { weight, residual } of termLosses[network.loss].enumerate(z)) {
      const u = new Float64Array(passed.outputs.length);
      u.set(residual, t * width);
      pull(network, x, passed, u).gradient.forEach((s, i) => {
        squares[t][i] += weight * s ** 2;
        fourths[t][i] += weight * s ** 4;
      });
    }
  }
  return Array.from(x, (_, i) => {
    const [s2, s4] = [squares.map((s) => s[i]), fourths.map((s) => s[i])];
    const total = s2.reduce((a, b) => a + b, 0);
    const mean = total / terms;
    const own = s4.reduce((a, b) => a + b, 0);
    const pairs = total ** 2 - s2.reduce((a, b) => a + b * b, 0);
    if (estimate === 'examples') return [mean, (own - s2.reduce((a, b) => a + b * b, 0)) / terms ** 2];
    return [mean, (own + 3 * pairs) / terms ** 2 - mean ** 2];
  });
}

/** √Σw² of the weights of a bias-corrected running mean over all draws. */
function spread(beta: number): number {
  const weights = Array.from({ length: draws }, (_, k) => beta ** k);
  const total = weights.reduce((sum, w) => sum + w, 0);
  return Math.sqrt(weights.reduce((sum, w) => sum + (w / total) ** 2, 0));
}

export const fisherScaledLaws = [properFisher, fisherQuotient];
