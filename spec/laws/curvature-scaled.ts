import fc from 'fast-check';
import { dyadic, nonzeroDyadic } from '../arbitraries/dyadic.js';
import { flat, vector } from '../subjects/point.js';
import type { OptimizerSubject } from '../subjects/subject.js';
import { law } from './law.js';
import { type Deviation, forward, statistical } from './tolerance.js';

const rate = fc.integer({ min: 0, max: 6 }).map((k) => 2 ** -k);
const memory = fc.constantFrom(0, 0.5, 0.9);
/** Signed powers of two. */
const curvature = fc
  .tuple(fc.integer({ min: -3, max: 3 }), fc.boolean())
  .map(([k, up]) => (up ? 1 : -1) * 2 ** k);
const entries = fc.array(fc.tuple(nonzeroDyadic(), curvature), { minLength: 1, maxLength: 4 });

/** The updates of an optimizer that is shown one gradient and one Hessian again and again. */
function updatesUnder(
  subject: OptimizerSubject,
  options: object,
  gradient: readonly number[],
  hessian: Float64Array,
  steps: number,
): Float64Array[] {
  const optimizer = subject.create(options);
  const parameters = vector(gradient.map(() => 0));
  let state = optimizer.init(parameters);
  return Array.from({ length: steps }, (_, step) => {
    const next = optimizer.step(state, { parameters, gradient: vector(gradient), loss: 1, step, hessian });
    state = next.state;
    return flat(next.update);
  });
}

const diagonal = (d: readonly number[]) =>
  Float64Array.from({ length: d.length ** 2 }, (_, at) =>
    at % (d.length + 1) === 0 ? d[at / (d.length + 1)] : 0,
  );

/** A symmetric matrix by its lower triangle of 3 rows, with a diagonal that outweighs the rest. */
const dominant = fc.array(dyadic(), { minLength: 3, maxLength: 3 }).map(([a, b, c]) => {
  const [ab, ac, bc] = [a, b, c].map((x) => x / 4);
  const weight = 1 + Math.abs(ab) + Math.abs(ac) + Math.abs(bc);
  return Float64Array.of(2 * weight, ab, ac, ab, 3 * weight, bc, ac, bc, 4 * weight);
});

export const dividesByDiagonal = law({
  id: '39',
  name: 'AdaHessian under a constant diagonal Hessian',
  statement:
    'For constant g and H = diag(d), ε = 0 and power k, every step is −η·g/|d|ᵏ, whatever the memories and `every`.',
  tolerance: 'K',
  source: 'Yao et al. 2021, algorithm 1: m̂ = g and v̂ = d² exactly, near 1/(1−β)',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      beta1: memory,
      beta2: memory,
      power: fc.constantFrom(1, 0.5),
      every: fc.constantFrom(1, 3),
      entries,
      steps: fc.integer({ min: 1, max: 6 }),
    }),
  measure(subject, { entries: pairs, steps, ...options }) {
    const [g, d] = [pairs.map(([gi]) => gi), pairs.map(([, di]) => di)];
    const updates = updatesUnder(subject, { ...options, epsilon: 0, weightDecay: 0 }, g, diagonal(d), steps);
    const expected = g.map((gi, i) => (-options.learningRate * gi) / Math.abs(d[i]) ** options.power);
    const kappa = 1 / (1 - options.beta1) + 1 / (1 - options.beta2);
    return updates.flatMap((update, t) => entrywise(t, update, expected, kappa, subject.epsilon));
  },
});

const probes = 400;

export const rowNorms = law({
  id: '87',
  name: "AdaHessian's square",
  statement:
    'Under constant g and H the mean square v̂ of the probes estimates Σⱼ H²ᵢⱼ, the square of a row’s norm: |z| ≤ 6 over 400 probes.',
  tolerance: 'S',
  source: 'E[(Hz)ᵢ²] = Σⱼ H²ᵢⱼ for Rademacher z; its variance is at most 2(Σⱼ H²ᵢⱼ)²',
  kind: 'optimizer',
  sample: () =>
    fc.record({ g: fc.array(nonzeroDyadic(), { minLength: 3, maxLength: 3 }), hessian: dominant }),
  measure(subject, { g, hessian }) {
    const beta2 = 0.999;
    const options = { learningRate: 1, beta1: 0, beta2, epsilon: 0, power: 1, every: 1, weightDecay: 0 };
    const last = updatesUnder(subject, options, g, hessian, probes)[probes - 1];
    return g.map((gi, i): Deviation => {
      const square = (gi / last[i]) ** 2;
      const norm = hessian.subarray(3 * i, 3 * i + 3).reduce((total, h) => total + h * h, 0);
      return statistical(`entry ${i}`, (square - norm) / (norm * spread(beta2) * Math.SQRT2 + 1e-12));
    });
  },
});

export const unbiasedDiagonal = law({
  id: '38',
  name: "Hutchinson's diagonal",
  statement:
    'Under constant g and H, Sophia’s running curvature over 1 − β₂ᵗ estimates the diagonal of H with variance Σ_{j≠i} H²ᵢⱼ a probe: |z| ≤ 6 over 400 probes.',
  tolerance: 'S',
  source: 'Hutchinson 1990',
  kind: 'optimizer',
  sample: () =>
    fc.record({ g: fc.array(nonzeroDyadic(), { minLength: 3, maxLength: 3 }), hessian: dominant }),
  measure(subject, { g, hessian }) {
    const beta2 = 0.999;
    const gamma = 2 ** 14; // so that nothing is clipped
    const options = { learningRate: 1, beta1: 0, beta2, gamma, epsilon: 1e-12, every: 1, weightDecay: 0 };
    const last = updatesUnder(subject, options, g, hessian, probes)[probes - 1];
    return g.map((gi, i): Deviation => {
      const estimate = -gi / (gamma * last[i] * (1 - beta2 ** probes));
      const row = hessian.subarray(3 * i, 3 * i + 3);
      const rest = row.reduce((total, h, j) => total + (j === i ? 0 : h * h), 0);
      // Rounding alone where the row has nothing beside its diagonal.
      const sigma = Math.sqrt(rest) * spread(beta2) + 1e-6 * row[i];
      return statistical(`entry ${i}`, (estimate - row[i]) / sigma);
    });
  },
});

function entrywise(
  t: number,
  update: Float64Array,
  expected: readonly number[],
  kappa: number,
  epsilon: number,
): Deviation[] {
  return expected.map((value, i) =>
    forward(`update ${t + 1}, entry ${i}`, Math.abs(update[i] - value), Math.abs(value), 1, kappa, epsilon),
  );
}

/** √Σw² of the weights of a bias-corrected running mean over all probes. */
function spread(beta: number): number {
  const weights = Array.from({ length: probes }, (_, k) => beta ** k);
  const total = weights.reduce((sum, w) => sum + w, 0);
  return Math.sqrt(weights.reduce((sum, w) => sum + (w / total) ** 2, 0));
}

export const clippedQuotient = law({
  id: '97',
  name: "Sophia's clipped step",
  statement:
    'For constant g and H = diag(d) every step is −η·clip((1−β₁ᵗ)g / max(γ(1−β₂ˢ)d, ε), ±1), s the estimates made so far; a sign where d ≤ 0.',
  tolerance: 'K',
  source: 'Liu et al. 2024, algorithm 3, the running means written out',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      beta1: memory,
      beta2: memory,
      gamma: fc.constantFrom(0.01, 1, 16),
      every: fc.constantFrom(1, 3),
      entries,
      steps: fc.integer({ min: 1, max: 6 }),
    }),
  measure(subject, { entries: pairs, steps, ...options }) {
    const { learningRate, beta1, beta2, gamma, every } = options;
    const [g, d] = [pairs.map(([gi]) => gi), pairs.map(([, di]) => di)];
    const epsilon = 2 ** -20;
    const updates = updatesUnder(subject, { ...options, epsilon, weightDecay: 0 }, g, diagonal(d), steps);
    const kappa = 1 / (1 - beta1) + 1 / (1 - beta2);
    return updates.flatMap((update, t) => {
      const estimates = Math.floor(t / every) + 1;
      const expected = g.map((gi, i) => {
        const m = (1 - beta1 ** (t + 1)) * gi;
        const quotient = m / Math.max(gamma * (1 - beta2 ** estimates) * d[i], epsilon);
        return -learningRate * Math.max(-1, Math.min(1, quotient));
      });
      return entrywise(t, update, expected, kappa, subject.epsilon);
    });
  },
});

export const clippedDiagonal = law({
  id: '37c',
  name: 'clipped diagonal Newton',
  statement:
    'For constant g and any symmetric H every step is −η·clip(g/clip(diag H, least, most), ±c), whatever the memory and `every`; where H is diagonal, so is it by one probe.',
  tolerance: 'K',
  source: 'Becker and LeCun 1988; ĥ = diag H exactly, near 1/(1−β)',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      memory,
      least: fc.constantFrom(0.5, 2 ** -6),
      most: fc.constantFrom(3, 64),
      mostUpdate: fc.constantFrom(0.5, 64),
      every: fc.constantFrom(1, 3),
      diagonal: fc.constantFrom('exact', 'hutchinson'),
      g: fc.array(nonzeroDyadic(), { minLength: 3, maxLength: 3 }),
      hessian: fc.array(dyadic(), { minLength: 6, maxLength: 6 }),
      steps: fc.integer({ min: 1, max: 4 }),
    }),
  measure(subject, { g, hessian: lower, steps, ...options }) {
    const [a, b, c, ab, ac, bc] = lower;
    const rest = options.diagonal === 'exact' ? [ab, ac, bc] : [0, 0, 0];
    const hessian = Float64Array.of(a, rest[0], rest[1], rest[0], b, rest[2], rest[1], rest[2], c);
    const { learningRate, least, most, mostUpdate } = options;
    const expected = g.map((gi, i) => {
      const quotient = gi / Math.max(least, Math.min(lower[i], most));
      return -learningRate * Math.max(-mostUpdate, Math.min(quotient, mostUpdate));
    });
    return updatesUnder(subject, options, g, hessian, steps).flatMap((update, t) =>
      entrywise(t, update, expected, 1 / (1 - options.memory), subject.epsilon),
    );
  },
});

export const curvatureScaledLaws = [
  clippedDiagonal,
  unbiasedDiagonal,
  dividesByDiagonal,
  rowNorms,
  clippedQuotient,
];
