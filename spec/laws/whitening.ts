import fc from 'fast-check';
import { SavedArray } from '../../src/index.js';
import { courses } from '../arbitraries/courses.js';
import { nonzeroDyadic } from '../arbitraries/dyadic.js';
import { spectral } from '../arbitraries/matrices.js';
import { optionsOf } from '../arbitraries/options.js';
import { functionOf, matrixOf, product } from '../oracles/dense/matrices.js';
import { flat, norm, shaped } from '../subjects/point.js';
import type { Point } from '../subjects/subject.js';
import { ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { atMost, bounded, type Deviation, forward } from './tolerance.js';

const rate = fc.integer({ min: 0, max: 8 }).map((k) => 2 ** -k);
const memory = fc.constantFrom(0, 0.5, 0.9);
/** Nothing is shortened. */
const unbounded = 2 ** 40;

const constantly = (gradient: Point, steps: number) => ({
  start: gradient,
  gradients: Array.from({ length: steps }, () => gradient),
});

const rotations = spectral({ sizes: { min: 2, max: 2 } });

export const whitenedMatrix = law({
  id: '103',
  name: 'where whitening leads',
  statement:
    'Under a constant regular gradient G = UΣVᵀ the step tends to −η√(Σσ^⅔)·UΣ^(−⅓)Vᵀ: after 64 steps of the factors with μ = ¼ it is within 1/32 of it.',
  tolerance: 'I',
  source:
    'the least of tr(P_L·G·P_R·Gᵀ) + tr P_L⁻¹·tr P_R⁻¹, the criterion of Pooladzandi and Li 2024 for one gradient: P_L ∝ (GGᵀ)^(−⅓)',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      beta: memory,
      initial: fc.constantFrom(0, 1),
      stretch: spectral({ sizes: { min: 2, max: 2 }, reach: 1 }),
      turn: rotations,
    }),
  measure(subject, { stretch, turn, ...options }) {
    const { n, matrix, eigenvalues } = stretch;
    const point = (values: Float64Array): Point => [new SavedArray([n, n], values)];
    const g = point(product(matrix, turn.eigenvectors, n));
    const optimizer = subject.create({
      ...options,
      every: 1,
      factorRate: 0.25,
      probe: 'mean',
      most: unbounded,
    });
    const last = ride(optimizer, constantly(g, 64), subject.epsilon).updates[63];
    const size = Math.sqrt(eigenvalues.reduce((total, sigma) => total + sigma ** (2 / 3), 0));
    const power = (sigma: number) => -options.learningRate * size * sigma ** (-1 / 3);
    const root = matrixOf(n, (v) => functionOf(matrix, v, power));
    const expected = product(root, turn.eigenvectors, n);
    const error = norm(flat(last).map((u, i) => u - expected[i]));
    return [bounded('update 64', error, norm(expected) / 32)];
  },
});

export const scaleOfWhitened = law({
  id: '103b',
  name: 'whitening knows no scale',
  statement: 'Where the first gradient sets the factors, g → cg for c > 0 leaves the updates as they are.',
  tolerance: 'K',
  source:
    'Q → Q/√c turns Qg and Q⁻ᵀv into √c times themselves, and the step of the factors is their quotient',
  kind: 'optimizer',
  sample: (subject) =>
    fc.record({
      options: optionsOf(subject),
      course: courses({ zeros: false, shapes: (draw) => draw.from([[[2, 2]], [[3]], [[2, 1]], [[]]]) }),
      factor: fc.constantFrom(3, 1 / 3, 2 ** 10, 2 ** -10, 7),
    }),
  measure(subject, { options, course, factor }) {
    const own = { ...options, initial: 0 };
    const larger = course.gradients.map((g) =>
      shaped(
        g,
        flat(g).map((entry) => entry * factor),
      ),
    );
    const of = (gradients: readonly Point[]) =>
      ride(subject.create(own), { ...course, gradients }, subject.epsilon).updates.map(flat);
    const [plain, scaled] = [of(course.gradients), of(larger)];
    const size = Math.max(...plain.map(norm));
    return plain.map((update, step) => {
      const error = norm(update.map((u, i) => u - scaled[step][i]));
      // Means of gradients that cancel keep the rounding of the gradients: |g| ≤ 4, and 2⁻¹⁰ ≤ |g|.
      return forward(`update ${step + 1}`, error, size, 4 * (step + 1), 2 ** 12, subject.epsilon);
    });
  },
});

export const whitenedNumber = law({
  id: '103c',
  name: 'one number is whitened to its sign',
  statement:
    "A single number under the constant gradient g is stepped by −η·sign(g)·min(p, most), p = P|g|, with p⁺ = p(1 − μ(p² − 1)/(p² + 1))² at each step of the factors, which comes before the factors' use.",
  tolerance: 'K',
  source: 'Li 2018, the step of a factor q with A² = q²g² and B² = 1/q², whose quotient is p²',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      beta: memory,
      factorRate: fc.constantFrom(0.5, 0.1),
      every: fc.constantFrom(1, 2),
      warmup: fc.constantFrom(0, 2),
      initial: fc.constantFrom(1, 2 ** -4, 2 ** 4),
      most: fc.constantFrom(1.1, unbounded),
      shape: fc.constantFrom<readonly number[]>([], [1], [1, 1], [1, 1, 1]),
      g: nonzeroDyadic(),
      steps: fc.integer({ min: 1, max: 6 }),
    }),
  measure(subject, { shape, g, steps, ...options }) {
    const { learningRate, factorRate, every, warmup, initial, most } = options;
    const point: Point = [new SavedArray(shape, Float64Array.of(g))];
    const optimizer = subject.create({ ...options, probe: 'mean' });
    let p = initial * Math.abs(g);
    return ride(optimizer, constantly(point, steps), subject.epsilon).updates.map(
      (update, step): Deviation => {
        if (step < warmup || step % every === 0) p *= (1 - (factorRate * (p * p - 1)) / (p * p + 1)) ** 2;
        const expected = -learningRate * Math.sign(g) * Math.min(p, most);
        const error = Math.abs(flat(update)[0] - expected);
        return forward(`update ${step + 1}`, error, Math.abs(expected), 4 * (step + 1), 1, subject.epsilon);
      },
    );
  },
});

export const shortDownhill = law({
  id: '103d',
  name: 'whitened steps are short and go downhill',
  statement:
    'Without momentum gᵀΔ < 0 wherever g ≠ 0, since P = QᵀQ is positive definite, and the root mean square of each parameter’s step is at most η·most.',
  tolerance: 'I',
  source: 'factors with a positive diagonal, which steps with μ < 1 keep',
  kind: 'optimizer',
  sample: (subject) => fc.record({ options: optionsOf(subject), course: courses() }),
  measure(subject, { options, course }) {
    const { learningRate, most } = options as { learningRate: number; most: number };
    const { updates } = ride(subject.create({ ...options, beta: 0 }), course, subject.epsilon);
    return updates.flatMap((update, step) =>
      update.flatMap((leaf, i): Deviation[] => {
        const [u, g] = [leaf, course.gradients[step][i]].map(({ data }) => [...data]);
        if (norm(g) === 0) return [];
        const along = u.reduce((total, ui, k) => total + ui * g[k], 0);
        const root = norm(u) / Math.sqrt(u.length);
        const longest = learningRate * most;
        const what = `leaf ${i}, update ${step + 1}`;
        return [
          { ratio: along < 0 ? 0 : 2, what: `gᵀΔ of ${what}`, expected: '< 0', got: String(along) },
          atMost(`length of ${what}`, root, longest, u.length, subject.epsilon, longest),
        ];
      }),
    );
  },
});

export const whiteningLaws = [whitenedMatrix, scaleOfWhitened, whitenedNumber, shortDownhill];
