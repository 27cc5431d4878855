import fc from 'fast-check';
import { dyadicVector, nonzeroDyadic } from '../arbitraries/dyadic.js';
import { drawn } from '../arbitraries/options.js';
import { flat, vector } from '../subjects/point.js';
import { ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { backward } from './tolerance.js';

const rate = fc.integer({ min: 0, max: 8 }).map((k) => 2 ** -k);

export const decoupledDecay = law({
  id: '52',
  name: 'decoupled decay',
  statement: 'Under gradients 0 the parameters are θ(1 − ηλ)ᵗ.',
  tolerance: 'R',
  source: 'Loshchilov and Hutter 2019, equation 1',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      weightDecay: fc.constantFrom(0.5, 2 ** -6, 0.01),
      start: fc.integer({ min: 1, max: 3 }).chain(dyadicVector),
      steps: fc.integer({ min: 1, max: 8 }),
    }),
  measure(subject, { start, steps, ...options }) {
    const n = start.length;
    const hessian = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)); // for those that ask
    const course = { start: vector(start), gradients: zeros(n, steps), hessian };
    const { parameters } = ride(subject.create(options), course, subject.epsilon);
    const factor = 1 - options.learningRate * options.weightDecay;
    return parameters.flatMap((point, t) =>
      [...flat(point)].map((x, i) => {
        const residual = Math.abs(x - start[i] * factor ** t);
        return backward(`θ after ${t} steps`, residual, Math.abs(start[i]), Math.max(1, t), subject.epsilon);
      }),
    );
  },
});

export const decayAndGradient = law({
  id: '52b',
  name: 'decay of the parameters before the step',
  statement:
    'The update with decay is the update without it, less ηλθ with the parameters θ from before the step.',
  tolerance: 'R',
  source: 'Loshchilov and Hutter 2019, algorithm 2, line 12',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      weightDecay: fc.constantFrom(0.5, 2 ** -6, 0.01),
      entries: fc.array(fc.tuple(nonzeroDyadic(), nonzeroDyadic()), { minLength: 1, maxLength: 3 }),
    }),
  measure(subject, { entries, learningRate, weightDecay }) {
    const start = entries.map(([x]) => x);
    const course = { start: vector(start), gradients: [vector(entries.map(([, g]) => g))] };
    const [plain, decayed] = [0, weightDecay].map((decay) => {
      const optimizer = subject.create({ learningRate, weightDecay: decay });
      return flat(ride(optimizer, course, subject.epsilon).updates[0]);
    });
    return start.map((x, i) => {
      const residual = Math.abs(decayed[i] - (plain[i] - learningRate * weightDecay * x));
      const rounded = subject.answersPoints ? Math.abs(x) : 0;
      const norms = Math.abs(plain[i]) + learningRate * weightDecay * Math.abs(x) + rounded;
      return backward('update with decay', residual, norms, 1, subject.epsilon);
    });
  },
});

export const proximalDecay = law({
  id: '52c',
  name: 'decay at the end of the step',
  statement:
    'The step with decay ends at (x + Δ)/(1 + ηλ), with Δ the update without it; under gradients 0 the parameters are θ/(1 + ηλ)ᵗ.',
  tolerance: 'R',
  source: 'Xie et al. 2022, algorithm 1, line 7; Zhuang et al. 2022, equation 5',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      weightDecay: fc.constantFrom(0.5, 2 ** -6, 0.01),
      entries: fc.array(fc.tuple(nonzeroDyadic(), nonzeroDyadic()), { minLength: 1, maxLength: 3 }),
      steps: fc.integer({ min: 1, max: 8 }),
    }),
  measure(subject, { entries, steps, learningRate, weightDecay }) {
    const { epsilon } = subject;
    const start = entries.map(([x]) => x);
    const course = { start: vector(start), gradients: [vector(entries.map(([, g]) => g))] };
    const [plain, decayed] = [0, weightDecay].map((decay) => {
      const optimizer = subject.create({ learningRate, weightDecay: decay });
      return flat(ride(optimizer, course, epsilon).updates[0]);
    });
    const shrink = 1 + learningRate * weightDecay;
    const found = start.map((x, i) => {
      const residual = Math.abs((x + decayed[i]) * shrink - (x + plain[i]));
      return backward('end of the step', residual, Math.abs(x) + Math.abs(plain[i]), 1, epsilon);
    });
    const still = { start: vector(start), gradients: zeros(start.length, steps) };
    const { parameters } = ride(subject.create({ learningRate, weightDecay }), still, epsilon);
    parameters.forEach((point, t) => {
      start.forEach((x, i) => {
        const residual = Math.abs(flat(point)[i] - x / shrink ** t);
        found.push(backward(`θ after ${t} steps`, residual, Math.abs(x), Math.max(1, t), epsilon));
      });
    });
    return found;
  },
});

export const decayLaws = [decoupledDecay, decayAndGradient, proximalDecay];

function zeros(n: number, steps: number) {
  return Array.from({ length: steps }, () => vector(new Float64Array(n)));
}
