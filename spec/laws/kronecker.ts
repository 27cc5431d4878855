import fc from 'fast-check';
import { SavedArray } from '../../src/index.js';
import { courses } from '../arbitraries/courses.js';
import { dyadicVector, nonzeroVector } from '../arbitraries/dyadic.js';
import { condition, spectral } from '../arbitraries/matrices.js';
import { adagradOracle } from '../oracles/adagrad.js';
import { adamOracle } from '../oracles/adam.js';
import { product, transposed } from '../oracles/dense/matrices.js';
import { gradientDescentOracle } from '../oracles/gradient-descent.js';
import { jacobiRoot } from '../oracles/inverse-root.js';
import { flat, largest, norm } from '../subjects/point.js';
import type { OptimizerSubject, Point } from '../subjects/subject.js';
import { type Course, ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { backward, bitwise, bounded, comparable, type Deviation, forward, threshold } from './tolerance.js';

const rate = fc.integer({ min: 0, max: 8 }).map((k) => 2 ** -k);
const shortMemory = fc.constantFrom(0, 0.5, 0.9);
const longMemory = fc.constantFrom(0.5, 0.9, 0.999, 1);

/** A method's purest form: roots from the first step on, renewed at each, of the gradients alone. */
const bare = { beta1: 0, every: 1, start: 1, graft: 'none', vectors: 'matrix' };

const matrixPoint = (values: ArrayLike<number>, rows: number): Point => [
  new SavedArray([rows, values.length / rows], Float64Array.from(values)),
];
const courseOf = (gradients: readonly Point[]): Course => ({ start: gradients[0], gradients });

export const polarStep = law({
  id: '53b',
  name: "Shampoo's first step",
  statement:
    'With ε = 0 the first step on a regular matrix G = UΣVᵀ is −ηUVᵀ, whatever the memories: the exponents are −¼ a side and the statistics are corrected for bias.',
  tolerance: 'K',
  source: 'Gupta, Koren and Singer 2018, algorithm 1, at t = 1; κ(G)² since the factors are squares',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      beta1: shortMemory,
      beta2: longMemory,
      root: fc.constantFrom('eigen', 'newton'),
      seed: fc.tuple(
        spectral({ sizes: { min: 4, max: 4 }, reach: 2 }),
        spectral({ sizes: { min: 4, max: 4 } }),
      ),
    }),
  measure(subject, { seed: [stretch, turn], ...options }) {
    const { n } = stretch;
    const kappa = condition(stretch) ** 2;
    fc.pre(comparable(n, kappa, subject.epsilon));
    const polar = turn.eigenvectors;
    const g = matrixPoint(product(stretch.matrix, polar, n), n);
    const { learningRate } = options;
    const optimizer = subject.create({ ...bare, ...options, epsilon: 0 });
    const [update] = ride(optimizer, courseOf([g]), subject.epsilon).updates;
    const error = flat(update).map((u, i) => u + learningRate * polar[i]);
    return [forward('update + ηUVᵀ', norm(error), learningRate * Math.sqrt(n), n, kappa, subject.epsilon)];
  },
});

export const oneNumber = law({
  id: '53c',
  name: 'one number is Adagrad',
  statement:
    'A single number, whatever its shape ([], [1], [1, 1], [1, 1, 1]), is stepped by −ηg/√Σg², and not at all before its first gradient.',
  tolerance: 'K',
  source: 'a product of powers of one number: the exponents of all sides add up to −½',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      shape: fc.constantFrom<readonly number[]>([], [1], [1, 1], [1, 1, 1]),
      gradients: fc.integer({ min: 1, max: 5 }).chain(dyadicVector),
    }),
  measure(subject, { learningRate, shape, gradients }) {
    const points = gradients.map((g): Point => [new SavedArray(shape, Float64Array.of(g))]);
    const optimizer = subject.create({ ...bare, learningRate, beta2: 1, epsilon: 0 });
    let sum = 0;
    return ride(optimizer, courseOf(points), subject.epsilon).updates.map((update, step) => {
      const g = gradients[step];
      sum += g * g;
      const expected = sum === 0 ? 0 : (-learningRate * g) / Math.sqrt(sum);
      const error = Math.abs(flat(update)[0] - expected);
      return forward(`update ${step + 1}`, error, Math.abs(expected), step + 1, 1, subject.epsilon);
    });
  },
});

export const fullAdagrad = law({
  id: '53d',
  name: 'a vector is full-matrix Adagrad',
  statement: 'A vector with a whole matrix is stepped by −η(Σggᵀ + ελ₁I)^(−½)g.',
  tolerance: 'K',
  source: 'Duchi, Hazan and Singer 2011, figure 1 (full matrix); order 1, exponent −½; κ = 1/ε',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      epsilon: fc.constantFrom(1, 2 ** -4, 2 ** -10),
      course: courses({
        shapes: (draw) => [[draw.integer(2, 4)]],
        steps: { min: 1, max: 4 },
        zeros: false,
      }),
    }),
  measure(subject, { learningRate, epsilon, course }) {
    const optimizer = subject.create({ ...bare, learningRate, epsilon, beta2: 1 });
    const n = course.start[0].data.length;
    fc.pre(comparable(n * 4, 1 / epsilon, subject.epsilon));
    const sum = new Float64Array(n * n);
    return ride(optimizer, course, subject.epsilon).updates.map((update, step) => {
      const g = flat(course.gradients[step]);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum[i * n + j] += g[i] * g[j];
      const root = jacobiRoot(sum, n, 1 / 2, epsilon);
      const error = flat(update).map((u, i) => {
        return u + learningRate * g.reduce((total, gj, j) => total + root[i * n + j] * gj, 0);
      });
      const scale = learningRate * norm(root) * norm(g);
      return forward(`update ${step + 1}`, norm(error), scale, n * (step + 1), 1 / epsilon, subject.epsilon);
    });
  },
});

export const orthogonalEquivariance = law({
  id: '54b',
  name: 'orthogonal equivariance of factors',
  statement: 'Gradients PGQ, P and Q orthogonal, make the updates PUQ.',
  tolerance: 'K',
  source: 'the factors turn with the gradients: PLPᵀ and QᵀRQ; κ = 1/ε',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      options: fc.record({
        beta1: shortMemory,
        beta2: longMemory,
        epsilon: fc.constantFrom(1, 2 ** -4, 2 ** -8),
        every: fc.constantFrom(1, 2),
        graft: fc.constantFrom('none', 'sgd'),
      }),
      left: spectral({ sizes: { min: 3, max: 3 } }),
      right: spectral({ sizes: { min: 2, max: 2 } }),
      gradients: fc.array(dyadicVector(6), { minLength: 1, maxLength: 3 }),
    }),
  measure(subject, { learningRate, options, left, right, gradients }) {
    const [p, q] = [left.eigenvectors, right.eigenvectors];
    const turned = (x: ArrayLike<number>) => between(p, x, q, 3, 2);
    const whole = { ...bare, ...options, learningRate };
    const rideOf = (gs: readonly ArrayLike<number>[]) =>
      ride(subject.create(whole), courseOf(gs.map((g) => matrixPoint(g, 3))), subject.epsilon).updates.map(
        flat,
      );
    const plain = rideOf(gradients);
    const there = rideOf(gradients.map(turned));
    const scale = Math.max(...plain.map(norm));
    return plain.map((update, step) => {
      const error = turned(update).map((u, i) => u - there[step][i]);
      const terms = 6 * (step + 1);
      const kappa = 1 / options.epsilon;
      return forward(`update ${step + 1}`, norm(error), scale, terms, kappa, subject.epsilon);
    });
  },
});

/** A 4×2 or 2×4 leaf cut into two 2×2 blocks, which makes a difference to whose length a step has. */
const blockCourses = courses({
  shapes: (draw) => draw.from([[[4, 2]], [[2, 4]]]),
  steps: { min: 1, max: 4 },
  zeros: false,
});

export const graftedLength = law({
  id: '83',
  name: 'grafting',
  statement: "Each block's step is as long as the grafted method's: gradient descent, Adagrad or Adam.",
  tolerance: 'R',
  source: 'Agarwal et al. 2020, algorithm 1, a block at a time as in Anil et al. 2020',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      graft: fc.constantFrom('sgd', 'adagrad', 'adam'),
      beta2: fc.constantFrom(0.5, 0.9, 0.999),
      every: fc.constantFrom(1, 2),
      course: blockCourses,
    }),
  measure(subject, { course, ...options }) {
    const optimizer = subject.create({ ...bare, ...options, epsilon: 1, block: 2 });
    const { updates } = ride(optimizer, course, subject.epsilon);
    return graftedUpdates(course, { ...options, beta1: 0 }).flatMap((expected, step) => {
      const blocks = [0, 1].map((half) => {
        const [own, theirs] = [updates[step], expected].map((point) => norm(halfOf(point, half)));
        return backward(
          `block ${half}, update ${step + 1}`,
          Math.abs(own - theirs),
          theirs,
          8,
          subject.epsilon,
        );
      });
      return blocks;
    });
  },
});

export const beforeTheStart = law({
  id: '83b',
  name: 'before the preconditioner starts',
  statement:
    "Before the preconditioner starts the step is the grafted method's own, within the rounding of its means.",
  tolerance: 'K',
  source: 'Anil et al. 2020; Shi et al. 2023, section 4',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      graft: fc.constantFrom('sgd', 'adagrad', 'adam'),
      beta1: shortMemory,
      beta2: fc.constantFrom(0.5, 0.9, 0.999),
      course: blockCourses,
    }),
  measure(subject, { course, ...given }) {
    const options = given.graft === 'adam' ? given : { ...given, beta1: 0 };
    const optimizer = subject.create({ ...options, start: course.gradients.length + 1, block: 2 });
    const { updates } = ride(optimizer, course, subject.epsilon);
    return graftedUpdates(course, options).map((expected, step) =>
      sameUpdate(subject, `update ${step + 1}`, updates[step], expected, options),
    );
  },
});

export const equivariantInEigenbases = law({
  id: '54c',
  name: 'orthogonal equivariance in eigenbases',
  statement: 'Where the factors have simple spectra and ε > 0, gradients PGQ make the updates PUQ.',
  tolerance: 'K',
  source: 'the eigenbases turn with the gradients, up to signs; κ is that of the eigenvectors and of 1/ε',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      options: fc.record({
        beta1: shortMemory,
        beta2: fc.constantFrom(0.5, 0.9),
        epsilon: fc.constantFrom(1, 2 ** -4),
        every: fc.constantFrom(1, 2, 10),
        basis: fc.constantFrom('eigen', 'qr'),
      }),
      left: spectral({ sizes: { min: 2, max: 2 } }),
      right: spectral({ sizes: { min: 2, max: 2 } }),
      // Singular values near 4 and 1, so that the factors' eigenvalues stay apart.
      shifts: fc.array(dyadicVector(4), { minLength: 1, maxLength: 4 }),
    }),
  measure(subject, { learningRate, options, left, right, shifts }) {
    const [p, q] = [left.eigenvectors, right.eigenvectors];
    const gradients = shifts.map((shift) => [4, 0, 0, 1].map((s, i) => s + shift[i] / 16));
    const turned = (x: ArrayLike<number>) => between(p, x, q, 2, 2);
    const rideOf = (gs: readonly ArrayLike<number>[]) => {
      const course = courseOf(gs.map((g) => matrixPoint(g, 2)));
      return ride(subject.create({ ...options, learningRate }), course, subject.epsilon).updates.map(flat);
    };
    const plain = rideOf(gradients);
    const there = rideOf(gradients.map(turned));
    const scale = Math.max(...plain.map(norm));
    return plain.map((update, step) => {
      const error = turned(update).map((u, i) => u - there[step][i]);
      const kappa = 16 / options.epsilon;
      return forward(`update ${step + 1}`, norm(error), scale, 4 * (step + 1), kappa, subject.epsilon);
    });
  },
});

/** Gradients of one monomial pattern: their factors are diagonal, and every eigenbasis is a permutation. */
const monomialCourses = fc
  .record({
    shape: fc.constantFrom<readonly number[]>([3, 3], [4], [], [1, 2]),
    pattern: fc.constantFrom([0, 1, 2], [2, 0, 1], [1, 0, 2]),
    entries: fc.array(nonzeroVector(4), { minLength: 1, maxLength: 6 }),
  })
  .map(({ shape, pattern, entries }): Course => {
    const size = shape.reduce((a, b) => a * b, 1);
    const points = entries.map((values): Point => {
      const data = Float64Array.from({ length: size }, (_, at) => {
        if (shape[1] !== 3) return values[at];
        const row = Math.floor(at / 3);
        return pattern[row] === at % 3 ? values[row] : 0;
      });
      return [new SavedArray(shape, data)];
    });
    return courseOf(points);
  });

/** From its second step on, SOAP on these gradients is Adam from its first. */
function adamOneStepLate(subject: OptimizerSubject, course: Course, options: MomentOptions): Deviation[] {
  const [first, ...updates] = ride(subject.create(options), course, subject.epsilon).updates;
  const { learningRate, beta1, beta2, epsilon } = options;
  const late = { ...course, gradients: course.gradients.slice(1) };
  const expected = ride(adamOracle.create({ learningRate, beta1, beta2, epsilon }), late, 2 ** -52).updates;
  // In a basis that is a permutation but for rounding, an entry 0 of a gradient is n·u·|G|, and its step that over ε.
  const n = first[0].shape[0] ?? 1;
  const size = course.gradients.reduce((most, g) => Math.max(most, largest(flat(g))), 0);
  const lost = (threshold * n * subject.epsilon * size * learningRate) / epsilon;
  return [
    bitwise('first update', flat(first), new Float64Array(flat(first).length)),
    ...expected.map((update, step) =>
      sameUpdate(subject, `update ${step + 2}`, updates[step], update, options, lost),
    ),
  ];
}

interface MomentOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

const momentOptions = {
  learningRate: rate,
  beta1: shortMemory,
  beta2: fc.constantFrom(0.5, 0.9, 0.999),
  epsilon: fc.constantFrom(1, 2 ** -10, 1e-8),
  basis: fc.constantFrom('eigen', 'qr'),
};

export const fixedBasis = law({
  id: '56',
  name: 'SOAP in a fixed basis is Adam',
  statement:
    'Where no axis mixes (numbers, vectors, gradients with one entry a row and column), the first step is left out, and SOAP is then Adam from its first step on.',
  tolerance: 'K',
  source: 'Vyas et al. 2024, algorithm 3, with Q a permutation; the first step as in the published code',
  kind: 'optimizer',
  sample: () => fc.record({ options: fc.record(momentOptions), course: monomialCourses }),
  measure: (subject, { options, course }) =>
    adamOneStepLate(subject, course, { ...options, every: 100 } as never),
});

export const movingMoments = law({
  id: '82',
  name: 'moments move with the basis',
  statement:
    "After a renewal that only permutes or mirrors a basis, SOAP's step is the step before it was renewed: with renewals at every step it is still Adam on gradients with one entry a row and column.",
  tolerance: 'K',
  source: 'm → Rᵀm, v → (R∘R)ᵀv with R = QₒᵀQₙ a signed permutation; HeavyBall 2026-05',
  kind: 'optimizer',
  sample: () =>
    fc.record({ options: fc.record(momentOptions), every: fc.constantFrom(1, 2), course: monomialCourses }),
  measure: (subject, { options, every, course }) =>
    adamOneStepLate(subject, course, { ...options, every } as never),
});

export const kroneckerLaws = [
  polarStep,
  oneNumber,
  fullAdagrad,
  orthogonalEquivariance,
  graftedLength,
  beforeTheStart,
  equivariantInEigenbases,
  fixedBasis,
  movingMoments,
];

/** What the grafted method does by itself. */
function graftedUpdates(
  course: Course,
  { graft, ...options }: { graft: string; learningRate: number; beta1: number; beta2: number },
): readonly Point[] {
  const of: Record<string, OptimizerSubject> = {
    sgd: gradientDescentOracle,
    adagrad: adagradOracle,
    adam: adamOracle,
  };
  return ride(of[graft].create({ ...options, epsilon: 1e-8 }), course, 2 ** -52).updates;
}

/** The rows 0–1 or 2–3, or the columns, of a leaf of two blocks. */
function halfOf([leaf]: Point, half: number): number[] {
  const [rows, columns] = leaf.shape;
  return [...leaf.data].filter((_, at) => {
    return Math.floor((rows > columns ? Math.floor(at / columns) : at % columns) / 2) === half;
  });
}

/** The same within the rounding of two corrected means, and what else is lost. */
export function sameUpdate(
  { epsilon }: OptimizerSubject,
  what: string,
  got: Point,
  expected: Point,
  { beta1, beta2 }: { beta1: number; beta2: number },
  lost = 0,
): Deviation {
  const error = flat(got).map((u, i) => u - flat(expected)[i]);
  const relative = 64 * epsilon * (1 / (1 - beta1) + 1 / (1 - beta2));
  // Means of gradients that cancel keep the rounding of the gradients: |g| ≤ 4, and 2⁻¹⁰ ≤ |g|.
  return bounded(what, largest(error), relative * 2 ** 12 * largest(flat(expected)) + lost);
}

/** PXQ for an m×n matrix X. */
function between(p: Float64Array, x: ArrayLike<number>, q: Float64Array, m: number, n: number): Float64Array {
  const right = transposed(q, n);
  return Float64Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let total = 0;
    for (let k = 0; k < m; k++)
      for (let l = 0; l < n; l++) total += p[i * m + k] * x[k * n + l] * right[j * n + l];
    return total;
  });
}
