import fc from 'fast-check';
import { vectorCourses } from '../arbitraries/courses.js';
import { nonzeroDyadic } from '../arbitraries/dyadic.js';
import { drawn } from '../arbitraries/options.js';
import { flat, vector } from '../subjects/point.js';
import { ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { slack } from './points.js';
import { bounded, type Deviation, forward, threshold, valued } from './tolerance.js';

const rate = fc.integer({ min: 0, max: 8 }).map((k) => 2 ** -k);
const memory = fc.constantFrom(0, 0.5, 0.9, 0.98);
const course = vectorCourses({ zeros: false, steps: { min: 1, max: 6 } });

/** Σ_{s ≤ t} (1 − β)β^{t−s} x_s over a list, the oldest first. */
function running(beta: number, values: readonly number[]): number {
  return values.reduce((total, x, s) => total + (1 - beta) * beta ** (values.length - 1 - s) * x, 0);
}

export const interpolatedSign = law({
  id: '93',
  name: "Lion's sign",
  statement:
    'Each entry moves by −η times the sign of (1−β₁)g_t + β₁(1−β₂)Σ_{s<t} β₂^{t−1−s} g_s, which weighs the newest gradient by itself.',
  tolerance: 'K',
  source: 'Chen et al. 2023, algorithm 2, the recursion written out',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      beta1: fc.constantFrom(0, 0.5, 0.9, 0.95),
      beta2: fc.constantFrom(0, 0.5, 0.9, 0.99),
      course,
    }),
  measure(subject, { course: ridden, ...options }) {
    const { learningRate, beta1, beta2 } = options;
    const path = ride(subject.create({ ...options, weightDecay: 0 }), ridden, subject.epsilon);
    const seen = ridden.gradients.map(flat);
    return path.updates.flatMap((update, t) =>
      [...flat(update)].flatMap((u, i): Deviation[] => {
        const past = seen.slice(0, t).map((g) => g[i]);
        const blend = (1 - beta1) * seen[t][i] + beta1 * running(beta2, past);
        const terms = Math.abs(seen[t][i]) + past.reduce((total, g) => total + Math.abs(g), 0);
        if (Math.abs(blend) <= threshold * (t + 1) * subject.epsilon * terms) return []; // the sign is rounding
        const error = Math.abs(u + learningRate * Math.sign(blend));
        const allowed = subject.epsilon * learningRate + slack(subject, path, t, i);
        const expected = -learningRate * Math.sign(blend);
        return [valued(bounded(`update ${t + 1}, entry ${i}`, error, allowed), expected, u)];
      }),
    );
  },
});

export const differenceWeight = law({
  id: '94',
  name: 'Adan under gradients that grow evenly',
  statement:
    'For g_t = a + bt the mean difference is b(1−β₂^{t−1})/(1−β₂ᵗ), and with ε = 0 the step −η(m̂ + β₂v̂)/√n̂ with n of (g_t + β₂b)²; the first step is −η·sign(g).',
  tolerance: 'K',
  source: 'Xie et al. 2022, algorithm 1: the difference weighs β₂ (there 1 − β₂), near 1',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      beta1: memory,
      beta2: fc.constantFrom(0.25, 0.5, 0.92),
      beta3: memory,
      lines: fc.array(fc.tuple(nonzeroDyadic(), nonzeroDyadic()), { minLength: 1, maxLength: 3 }),
      steps: fc.integer({ min: 1, max: 6 }),
    }),
  measure(subject, { lines, steps, ...options }) {
    const { learningRate, beta1, beta2, beta3 } = options;
    // One sign for both, so that no sum cancels.
    const slopes = lines.map(([a, b]) => [a, Math.sign(a) * Math.abs(b)]);
    const at = (t: number) => slopes.map(([a, b]) => a + b * t);
    const gradients = Array.from({ length: steps }, (_, t) => vector(at(t)));
    const optimizer = subject.create({ ...options, epsilon: 0, weightDecay: 0 });
    const path = ride(optimizer, { start: vector(at(0)), gradients }, subject.epsilon);
    const kappa = 1 / (1 - beta1) + 1 / (1 - beta2) + 1 / (1 - beta3);
    return path.updates.flatMap((update, step) =>
      [...flat(update)].map((u, i) => {
        const t = step + 1;
        const [a, b] = slopes[i];
        const seen = Array.from({ length: t }, (_, s) => a + b * s);
        const mean = running(beta1, seen) / (1 - beta1 ** t);
        const change = (b * (1 - beta2 ** (t - 1))) / (1 - beta2 ** t);
        const ahead = seen.map((g, s) => (g + (s === 0 ? 0 : beta2 * b)) ** 2);
        const root = Math.sqrt(running(beta3, ahead) / (1 - beta3 ** t));
        const expected = (-learningRate * (mean + beta2 * change)) / root;
        const error = Math.max(0, Math.abs(u - expected) - slack(subject, path, step, i));
        const deviation = forward(`update ${t}`, error, Math.abs(expected), t, kappa, subject.epsilon);
        return valued(deviation, expected, u);
      }),
    );
  },
});

export const pastSquare = law({
  id: '95',
  name: 'ADOPT divides by what it knew before',
  statement:
    'The first step is 0; step t+1 is −ηΣ_{s=1..t}(1−β₁)β₁^{t−s}c_s with c_t = g_t/max(√v_{t−1}, ε) in [−t^¼, t^¼] and v_{t−1} = β₂^{t−1}g_0² + (1−β₂)Σ_{s=1..t−1}β₂^{t−1−s}g_s²: the newest gradient is not in its divisor.',
  tolerance: 'K',
  source: 'Taniguchi et al. 2024, algorithm 2, the recursions written out',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      beta1: memory,
      beta2: fc.constantFrom(0, 0.5, 0.9, 0.9999),
      epsilon: fc.constantFrom(0, 1e-6, 0.5),
      course: vectorCourses({ zeros: false, steps: { min: 2, max: 7 } }),
    }),
  measure(subject, { course: ridden, ...options }) {
    const { learningRate, beta1, beta2, epsilon } = options;
    const path = ride(subject.create(options), ridden, subject.epsilon);
    const seen = ridden.gradients.map(flat);
    return path.updates.flatMap((update, t) =>
      [...flat(update)].map((u, i) => {
        const clipped: number[] = [];
        for (let s = 1; s <= t; s++) {
          const past = seen.slice(1, s).map((g) => g[i] ** 2);
          const square = beta2 ** (s - 1) * seen[0][i] ** 2 + running(beta2, past);
          const scaled = seen[s][i] / Math.max(Math.sqrt(square), epsilon);
          clipped.push(Math.max(-(s ** 0.25), Math.min(s ** 0.25, scaled)));
        }
        const expected = -learningRate * running(beta1, clipped);
        const terms = learningRate * running(beta1, clipped.map(Math.abs));
        const error = Math.max(0, Math.abs(u - expected) - slack(subject, path, t, i));
        return valued(forward(`update ${t + 1}`, error, terms, t, 1, subject.epsilon), expected, u);
      }),
    );
  },
});

export const memoryLaws = [interpolatedSign, differenceWeight, pastSquare];
