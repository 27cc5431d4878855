import fc from 'fast-check';
import { SavedArray } from '../../src/index.js';
import { points } from '../arbitraries/courses.js';
import { scale as powers } from '../arbitraries/dyadic.js';
import { factored, orthogonal } from '../arbitraries/factored.js';
import { decomposed } from '../oracles/muon.js';
import { traitsOf } from '../subjects/method-traits.js';
import { flat, mapPoint, norm } from '../subjects/point.js';
import type { OptimizerSubject, Point } from '../subjects/subject.js';
import { ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { atMost, bitwise, bounded, comparable, type Deviation, forward, threshold } from './tolerance.js';
import { samePoints } from './universal.js';

const rate = fc.integer({ min: 0, max: 8 }).map((k) => 2 ** -k);
const memory = fc.constantFrom(0, 0.5, 0.9, 0.95);
const length = fc.constantFrom<'spectral' | 'rms'>('spectral', 'rms');
const coefficients = fc.constantFrom<Name>('standard', 'dion', 'polarExpress');
type Name = 'standard' | 'dion' | 'polarExpress';

/** How much the rounds lengthen a singular value near 0, and with it the rounding there: the product of the a. */
const amplification: Readonly<Record<Name, number>> = { standard: 500, dion: 500, polarExpress: 7000 };

/** The image of [0.01, 1] under the rounds, computed at 200,001 points. */
const bands: Readonly<Record<Name, readonly [number, number]>> = {
  standard: [0.6818, 1.1344],
  dion: [0.9777, 1.0318],
  polarExpress: [0.999, 1.001],
};

/** c of a matrix [inputs, outputs]. */
function lengthOf(scale: 'spectral' | 'rms', inputs: number, outputs: number): number {
  if (scale === 'rms') return 0.2 * Math.sqrt(Math.max(inputs, outputs));
  return outputs > inputs ? Math.sqrt(outputs / inputs) : 1;
}

/** A law of methods that know no matrices is tried with their rate alone. */
function optionsFor<O extends { learningRate: number }>(subject: OptimizerSubject, options: O): object {
  return traitsOf(subject).matrices ? { ...options, weightDecay: 0 } : { learningRate: options.learningRate };
}

export const orthogonalEquivariance = law({
  id: '54',
  name: 'orthogonal equivariance',
  statement:
    'Gradients P·G·Q, with P and Q orthogonal, give the updates P·Δ·Q: no basis of inputs or outputs is special.',
  tolerance: 'K',
  source:
    'Jordan et al. 2024; the rounds are odd polynomials of the matrix, κ is the product of their slopes at 0',
  kind: 'optimizer',
  sample: () =>
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).chain(([m, n]) =>
      fc.record({
        sizes: fc.constant([m, n] as const),
        options: fc.record({ learningRate: rate, beta: memory, scale: length, coefficients }),
        left: orthogonal(m),
        right: orthogonal(n),
        gradients: fc.array(points([[m, n]]), { minLength: 1, maxLength: 3 }),
      }),
    ),
  measure(subject, { sizes: [m, n], options, left, right, gradients }) {
    const { epsilon } = subject;
    const turn = (point: Point) =>
      matrix(m, n, product(product(left, [...flat(point)], m, m, n), right, m, n, n));
    const start = matrix(m, n, new Float64Array(m * n));
    const chosen = optionsFor(subject, options);
    const there = ride(subject.create(chosen), { start, gradients }, epsilon).updates;
    const here = ride(subject.create(chosen), { start, gradients: gradients.map(turn) }, epsilon).updates;
    return there.flatMap((update, t): Deviation[] => {
      const blended = norm(blend(gradients, t, options.beta));
      const sizes = gradients.slice(0, t + 1).reduce((total, g) => total + norm(flat(g)), 0);
      const kappa = amplification[options.coefficients] * (blended === 0 ? 1 : sizes / blended);
      if (blended === 0 || !comparable(m + n, kappa, epsilon)) return [];
      const expected = flat(turn(update));
      const error = norm(flat(here[t]).map((u, i) => u - expected[i]));
      return [forward(`turned update ${t + 1}`, error, norm(expected), m + n, kappa, epsilon)];
    });
  },
});

export const singularBand = law({
  id: '85',
  name: 'orthogonalized momentum',
  statement:
    'The singular values of the first step over η·c lie in the image of [0.01, 1]: standard [0.68, 1.14], Dion [0.977, 1.032], Polar Express 1 ± 10⁻³; c is √max(1, out/in) or 0.2√max(in, out) for W [in, out], a kernel [h, w, in, out] being [h·w·in, out].',
  tolerance: 'I',
  source:
    'Jordan et al. 2024; Ahn et al. 2025; Amsel et al. 2025; lengths, Jordan et al. 2024, Liu et al. 2025',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      options: fc.record({ learningRate: rate, beta: memory, scale: length, coefficients }),
      factors: factored([
        [1, 1],
        [2, 2],
        [1, 4],
        [4, 1],
        [2, 6],
        [6, 2],
        [4, 3],
        [8, 2],
      ]),
      kernel: fc.boolean(),
    }),
  measure(subject, { options, factors: { m, n, matrix: values }, kernel }) {
    const { epsilon } = subject;
    const shape = kernel && m % 2 === 0 ? [2, 1, m / 2, n] : [m, n];
    const gradient: Point = [new SavedArray(shape, values)];
    const optimizer = subject.create(optionsFor(subject, options));
    const [update] = ride(
      optimizer,
      { start: mapPoint(gradient, () => 0), gradients: [gradient] },
      epsilon,
    ).updates;
    const [lowest, highest] = bands[options.coefficients];
    const c = lengthOf(options.scale, m, n) * options.learningRate;
    const terms = amplification[options.coefficients];
    return [...decomposed(flat(update), m, n).values].flatMap((s) => [
      atMost('singular value over ηc, above', s / c, highest, m + n, epsilon, terms),
      atMost('singular value over ηc, below', -s / c, -lowest, m + n, epsilon, terms),
    ]);
  },
});

export const polarFactor = law({
  id: '85b',
  name: 'the polar factor of the blended momentum',
  statement:
    'With B_t = (1−β²)g_t + β²(1−β)Σ_{s<t} β^{t−1−s}g_s the step is −ηc·U·p(Σ)·Vᵀ of B_t = UΣVᵀ: BᵀΔ is symmetric, and −⟨B, Δ⟩ ≥ ηc·0.68·Σσ where σ/‖σ‖ ≥ 0.01.',
  tolerance: 'K',
  source: 'Jordan et al. 2024: p(Σ) commutes with Σ; the momentum is Nesterov’s, the recursion written out',
  kind: 'optimizer',
  sample: () =>
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([m, n]) =>
      fc.record({
        sizes: fc.constant([m, n] as const),
        options: fc.record({ learningRate: rate, beta: memory, scale: length, coefficients }),
        gradients: fc.array(points([[m, n]]), { minLength: 1, maxLength: 4 }),
      }),
    ),
  measure(subject, { sizes: [m, n], options, gradients }) {
    const { epsilon } = subject;
    const start = matrix(m, n, new Float64Array(m * n));
    const { updates } = ride(subject.create(optionsFor(subject, options)), { start, gradients }, epsilon);
    const c = lengthOf(options.scale, m, n) * options.learningRate;
    return updates.flatMap((update, t): Deviation[] => {
      const blended = blend(gradients, t, options.beta);
      const size = norm(blended);
      const all = gradients.slice(0, t + 1).reduce((total, g) => total + norm(flat(g)), 0);
      const kappa = (amplification[options.coefficients] * all) / size;
      if (size === 0 || !comparable(m + n, kappa, epsilon)) return [];
      const delta = flat(update);
      const square = new Float64Array(n * n);
      let inner = 0;
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          inner -= blended[i * n + j] * delta[i * n + j];
          for (let k = 0; k < n; k++) square[j * n + k] += blended[i * n + j] * delta[i * n + k];
        }
      }
      const skew = square.map((entry, at) => entry - square[(at % n) * n + Math.floor(at / n)]);
      const { values } = decomposed(blended, m, n);
      const well = [...values].filter((s) => s >= 0.01 * size).reduce((total, s) => total + s, 0);
      const allowed = kappa * size * c;
      return [
        forward(`skew part of BᵀΔ at ${t + 1}`, norm(skew), size * c, m + n, kappa, epsilon),
        atMost(`ηc·0.68Σσ at ${t + 1}`, c * 0.68 * well, inner, m + n, epsilon, allowed),
      ];
    });
  },
});

export const scaleFree = law({
  id: '85c',
  name: 'the length of a matrix gradient does not matter',
  statement:
    'g → 2ᵏg changes no bit of a matrix’s updates, and gradients 0 from the first make updates 0, not NaN.',
  tolerance: 'B',
  source: 'B/‖B‖; NaN from a first gradient of 0 is a published mistake',
  kind: 'optimizer',
  sample: () =>
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([m, n]) =>
      fc.record({
        options: fc.record({ learningRate: rate, beta: memory, scale: length, coefficients }),
        factor: powers(15),
        gradients: fc.array(points([[m, n]]), { minLength: 1, maxLength: 3 }),
      }),
    ),
  measure(subject, { options, factor, gradients }) {
    const { epsilon } = subject;
    const start = mapPoint(gradients[0], () => 0);
    const chosen = optionsFor(subject, options);
    const run = (times: number) => {
      const scaled = gradients.map((g) => mapPoint(g, (x) => x * times));
      return ride(subject.create(chosen), { start, gradients: scaled }, epsilon).updates;
    };
    const still = run(0).map((update, t) =>
      bitwise(`update ${t + 1} without gradients`, flat(update), flat(start)),
    );
    return [...samePoints(`update for ${factor}·g`, run(factor), run(1)), ...still];
  },
});

export const mergedAsThree = law({
  id: '85d',
  name: 'merged q, k and v are three matrices',
  statement: 'A matrix [Q K V] that is said to be merged moves as Q, K and V do by themselves.',
  tolerance: 'B',
  source: 'Jordan et al. 2024: queries, keys and values are orthogonalized each by itself',
  kind: 'optimizer',
  sample: () =>
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([m, n]) => {
      const shapes = [
        [m, n],
        [m, n],
        [m, n],
      ];
      return fc.record({
        sizes: fc.constant([m, n] as const),
        options: fc.record({ learningRate: rate, beta: memory, scale: length, coefficients }),
        gradients: fc.array(points(shapes), { minLength: 1, maxLength: 3 }),
      });
    }),
  measure(subject, { sizes: [m, n], options, gradients }) {
    const { epsilon } = subject;
    const joined = (point: Point) => {
      const values = new Float64Array(3 * m * n);
      point.forEach(({ data }, piece) => {
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) values[i * 3 * n + piece * n + j] = data[i * n + j];
        }
      });
      return matrix(m, 3 * n, values);
    };
    const start = mapPoint(gradients[0], () => 0);
    const chosen = optionsFor(subject, options);
    const apart = subject.create({ ...chosen, merged: () => false });
    const merged = subject.create({ ...chosen, merged: () => true });
    const expected = ride(apart, { start, gradients }, epsilon).updates.map(joined);
    const together = { start: joined(start), gradients: gradients.map(joined) };
    return samePoints('update of [Q K V]', ride(merged, together, epsilon).updates, expected);
  },
});

export const evenNeurons = law({
  id: '85e',
  name: 'neurons move alike',
  statement:
    'At the first step of NorMuon all columns of the update of W [in, out] are equally long; its norm is that of the orthogonalized matrix, at least ηc·0.68·√rank.',
  tolerance: 'K',
  source: 'Li et al. 2025, algorithm 1: the mean square is over the inputs of a neuron',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      options: fc.record({ learningRate: rate, beta: memory, scale: length, coefficients }),
      factors: factored([
        [2, 2],
        [3, 2],
        [2, 3],
        [4, 2],
        [2, 4],
      ]),
    }),
  measure(subject, { options, factors: { m, n, matrix: values } }) {
    const { epsilon } = subject;
    const gradient = matrix(m, n, values);
    const optimizer = subject.create(optionsFor(subject, options));
    const still = mapPoint(gradient, () => 0);
    const [update] = ride(optimizer, { start: still, gradients: [gradient] }, epsilon).updates;
    const delta = flat(update);
    const columns = Array.from({ length: n }, (_, j) => norm(delta.filter((_, at) => at % n === j)));
    const shortest = Math.min(
      ...Array.from({ length: n }, (_, j) => norm(values.filter((_, at) => at % n === j))),
    );
    const c = lengthOf(options.scale, m, n) * options.learningRate;
    const [lowest, highest] = bands[options.coefficients];
    const root = Math.sqrt(Math.min(m, n));
    const terms = amplification[options.coefficients] * root;
    const found = [
      atMost('‖Δ‖/ηc, above', norm(delta) / c, highest * root, m + n, epsilon, terms),
      atMost('‖Δ‖/ηc, below', -norm(delta) / c, -lowest * root, m + n, epsilon, terms),
    ];
    if (shortest < 2 ** -10) return found; // a neuron without a gradient does not move
    const mean = norm(delta) / Math.sqrt(n);
    // ε = 1e-8 beside the root holds shorter columns back by no more than this share.
    const share = threshold * (m + n) * amplification[options.coefficients] * epsilon + 1e-6;
    return [
      ...found,
      ...columns.map((one, j) =>
        bounded(`‖Δ‖ of neuron ${j}`, Math.abs(one - mean), (share * mean) / shortest),
      ),
    ];
  },
});

export const orthogonalizationLaws = [
  orthogonalEquivariance,
  singularBand,
  polarFactor,
  scaleFree,
  mergedAsThree,
  evenNeurons,
];

function matrix(m: number, n: number, values: ArrayLike<number>): Point {
  return [new SavedArray([m, n], Float64Array.from(values))];
}

/** x·y for m × k and k × n. */
function product(x: ArrayLike<number>, y: ArrayLike<number>, m: number, k: number, n: number): Float64Array {
  const made = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let l = 0; l < k; l++) made[i * n + j] += x[i * k + l] * y[l * n + j];
    }
  }
  return made;
}

/** (1−β²)g_t + β²(1−β)Σ_{s<t} β^{t−1−s}g_s. */
function blend(gradients: readonly Point[], t: number, beta: number): Float64Array {
  return flat(gradients[t]).map((g, i) => {
    let past = 0;
    for (let s = 0; s < t; s++) past += (1 - beta) * beta ** (t - 1 - s) * flat(gradients[s])[i];
    return (1 - beta ** 2) * g + beta ** 2 * past;
  });
}
