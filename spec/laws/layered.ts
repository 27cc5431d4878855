import fc from 'fast-check';
import type { KroneckerForm } from '../../src/transforms/index.js';
import { withMap } from '../arbitraries/linear-maps.js';
import { type NetworkChoices, networks } from '../arbitraries/networks.js';
import { identity, leastSquaresSolution, matrixOf, plus, product } from '../oracles/dense/matrices.js';
import { naiveChain } from '../oracles/kfac.js';
import {
  blockOf,
  denseEmpiricalFisher,
  denseGaussNewton,
  lossAndGradient,
  type Setting,
} from '../oracles/network/dense-curvature.js';
import { type Network, places } from '../oracles/network/network.js';
import type { LayeredOptions, LayeredSubject } from '../subjects/layered.js';
import { norm } from '../subjects/point.js';
import { law } from './law.js';
import { atMost, bounded, comparable, type Deviation, forward } from './tolerance.js';

const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const dampings = fc.constantFrom(1 / 4, 1, 4);

/** A vector of numbers in (−1, 1), none 0, that a seed decides. */
function vectorOf(size: number, from: number): Float64Array {
  let state = from;
  return Float64Array.from({ length: size }, () => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    return state / 2 ** 30 - 1 || 0.5;
  });
}

/** Linear networks with squared error whose factors balanced signs know exactly: terms in fours. */
const linear = (choices: NetworkChoices) =>
  networks({ losses: ['squared'], activations: ['linear'], ...choices }).filter(({ network, inputs }) => {
    const rows = inputs.length / network.layers[0].inputs;
    return (network.pooled ? rows / network.sharing : rows) % 4 === 0;
  });

const options = (given: Partial<LayeredOptions>): LayeredOptions => ({
  form: 'exact',
  sharing: 'expand',
  damping: 1,
  memory: 1,
  labels: 'signs',
  ...given,
});

/** (C + λI)⁻¹v where C is, block by block, a matrix that is known. */
function againstBlocks(
  subject: LayeredSubject,
  setting: Setting,
  given: LayeredOptions,
  dense: Float64Array,
  v: Float64Array,
): Deviation[] {
  const size = setting.x.length;
  const kappa = 1 + norm(dense) / given.damping;
  fc.pre(comparable(size, kappa, subject.epsilon));
  const got = subject.after([setting], given)(v);
  return places(setting.network).map(({ kernel, end }, l) => {
    const length = end - kernel;
    const block = plus(blockOf(dense, size, kernel, end), identity(length), given.damping);
    const expected = leastSquaresSolution(block, v.subarray(kernel, end), length);
    const error = norm(plus(expected, got.subarray(kernel, end), -1));
    const scale = norm(v.subarray(kernel, end)) / given.damping;
    return forward(`layer ${l}`, error, scale, size, kappa, subject.epsilon);
  });
}

export const exactBlocks = law({
  id: '45',
  name: "K-FAC's blocks",
  statement:
    'For a linear network with squared error (C + λI)⁻¹V is the solve with the dense diagonal blocks of the Gauss–Newton matrix, V [in, out] with the bias as its last row.',
  tolerance: 'K',
  source: 'Martens and Grosse 2015, section 3.1: E[a⊗g (a⊗g)ᵀ] = A ⊗ G where a and g are independent',
  kind: 'layered',
  sample: () =>
    fc.record({
      setting: linear({ examples: { min: 4, max: 4 }, sharing: { min: 1, max: 1 } }),
      damping: dampings,
      from: seed,
    }),
  measure: (subject, { setting, damping, from }) =>
    againstBlocks(
      subject,
      setting,
      options({ damping }),
      denseGaussNewton(setting),
      vectorOf(setting.x.length, from),
    ),
});

const oneDatum = networks({ examples: { min: 1, max: 1 }, sharing: { min: 1, max: 1 } });

export const oneDatumBlocks = law({
  id: '45b',
  name: 'K-FAC of one datum',
  statement:
    'For one datum, whatever network and loss, the blocks are those of ggᵀ, g its gradient, whether the eigenvalues are corrected or not.',
  tolerance: 'K',
  source: 'the gradient of W is the outer product of one input and one error',
  kind: 'layered',
  sample: () =>
    fc.record({
      setting: oneDatum,
      damping: dampings,
      form: fc.constantFrom('exact' as const, 'corrected' as const),
      from: seed,
    }),
  measure: (subject, { setting, from, ...given }) =>
    againstBlocks(
      subject,
      setting,
      options({ ...given, labels: 'given' }),
      denseEmpiricalFisher(setting),
      vectorOf(setting.x.length, from),
    ),
});

/** One weight, y = wx. */
const oneWeight: Network = {
  layers: [{ inputs: 1, outputs: 1, activation: 'linear', bias: false }],
  sharing: 1,
  pooled: false,
  loss: 'squared',
};

export const runningFactors = law({
  id: '45c',
  name: 'running factors',
  statement:
    'One weight with squared error, a batch of one x a step: after k of them C = Σ mᵏ⁻ⁱxᵢ²/Σ mᵏ⁻ⁱ, m the memory, the newest batch included, in every form.',
  tolerance: 'K',
  source: 'w ← mw + 1, F ← F + (F̂ − F)/w: kfac-jax, and Martens and Grosse 2015, section 5',
  kind: 'layered',
  sample: () =>
    fc.record({
      xs: fc.array(
        fc.integer({ min: 1, max: 16 }).map((k) => k / 4),
        { minLength: 1, maxLength: 4 },
      ),
      memory: fc.constantFrom(0, 1 / 2, 0.95, 1),
      damping: dampings,
      form: fc.constantFrom('factored' as const, 'exact' as const, 'corrected' as const),
    }),
  measure(subject, { xs, memory, damping, form }) {
    const batches = xs.map(
      (x): Setting => ({
        network: oneWeight,
        x: Float64Array.of(1),
        inputs: Float64Array.of(x),
        labels: Float64Array.of(0),
      }),
    );
    const weights = xs.map((_, i) => memory ** (xs.length - 1 - i));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const c = xs.reduce((sum, x, i) => sum + (weights[i] * x * x) / total, 0);
    const [got] = subject.after(batches, options({ memory, damping, form }))(Float64Array.of(1));
    const expected = 1 / (c + damping);
    return [forward('1/(C + λ)', Math.abs(got - expected), expected, 4 * xs.length, 1, subject.epsilon)];
  },
});

export const affineActivations = law({
  id: '46',
  name: 'affine changes of activations',
  statement:
    'Undamped, K-FAC does not see that an activation φ(y) is written φ(yΩ + τ)Φ + γ: the networks move alike.',
  tolerance: 'K',
  source: 'Martens and Grosse 2015, theorem 1; κ = (κ(Ω)κ(Φ))² times that of the factors of normal rows',
  kind: 'layered',
  sample: () =>
    fc.record({
      inner: withMap(fc.constant({ n: 3 })),
      outer: withMap(fc.constant({ n: 3 })),
      from: seed,
    }),
  measure(subject, { inner: [, inner], outer: [, outer], from }) {
    const layer = (outputs: number) => ({ inputs: 3, outputs, activation: 'tanh' as const, bias: true });
    const plain: Network = { layers: [layer(3), layer(2)], sharing: 1, pooled: false, loss: 'squared' };
    const drawn = vectorOf(6 + 20 + 60 + 40, from);
    const [tau, gamma] = [drawn.slice(0, 3), drawn.slice(3, 6)];
    const there = drawn.slice(6, 26);
    const batch = { inputs: drawn.slice(26, 86).map((a) => 2 * a), labels: drawn.slice(86) };
    const surround = { omega: inner.matrix, tau, phi: outer.matrix, gamma };
    const changed: Network = { ...plain, layers: [{ ...layer(3), surround }, layer(2)] };
    // W̄ = W̄†Ω + τ of the first layer, Φ̄W̄† of the second, which sees h̄Φ̄.
    const image = (w: Float64Array, shifted: boolean) => {
      const moved = w.slice();
      moved.set(product(w.slice(0, 9), inner.matrix, 3), 0);
      const row = rowTimes(w.subarray(9, 12), inner.matrix, 3);
      moved.set(shifted ? plus(row, tau) : row, 9);
      for (let i = 0; i < 3; i++) {
        moved.set(rowTimes(outer.matrix.subarray(3 * i, 3 * i + 3), w.subarray(12, 18), 2), 12 + 2 * i);
      }
      moved.set(plus(w.slice(18), rowTimes(gamma, w.subarray(12, 18), 2)), 18);
      return moved;
    };
    const here = image(there, true);
    // K: κ(T)² of both maps; that of factors of 20 rows of such numbers is below 2²⁰.
    const kappa = (inner.condition * outer.condition) ** 2 * 2 ** 20;
    fc.pre(comparable(20, kappa, subject.epsilon));
    const step = (network: Network, x: Float64Array) => {
      const setting: Setting = { network, x, ...batch };
      const { gradient } = lossAndGradient(setting);
      return subject.after([setting], options({ form: 'factored', damping: 0, labels: 'given' }))(gradient);
    };
    const [u, v] = [step(plain, here), step(changed, there)];
    return [forward('step', norm(plus(image(v, false), u, -1)), norm(u), 20, kappa, subject.epsilon)];
  },
});

export const hugeDamping = law({
  id: '46b',
  name: 'K-FAC under a huge damping',
  statement: 'λ(C + λI)⁻¹v → v as λ → ∞, in every form and for every parameter.',
  tolerance: 'I',
  source: '(A + π√λI)⁻¹ ⊗ (G + √λ/πI)⁻¹ is I/λ but for terms below √(n·m·tr A·tr G/λ); here λ = 2¹⁶⁰',
  kind: 'layered',
  sample: () =>
    fc.record({
      setting: networks({ examples: { min: 1, max: 3 } }),
      form: fc.constantFrom<KroneckerForm>('factored', 'exact', 'corrected', 'tridiagonal'),
      sharing: fc.constantFrom('expand' as const, 'reduce' as const),
      from: seed,
    }),
  measure(subject, { setting, from, ...given }) {
    const damping = 2 ** 160;
    const v = vectorOf(setting.x.length, from);
    const got = subject.after([setting], options({ ...given, damping, labels: 'given' }))(v);
    return [bounded('λ(C + λI)⁻¹v − v', norm(plus(got.map((u) => damping * u), v, -1)), 2 ** -20 * norm(v))]; // biome-ignore format: one formula
  },
});

export const tridiagonalBlocks = law({
  id: '46c',
  name: 'tridiagonal K-FAC',
  statement:
    "In the tridiagonal form (C + λI)⁻¹ has no block for layers more than one apart, and its inverse has on the diagonal the layers' own damped A ⊗ G and beside it E[āᵀā⁺] ⊗ T·Σēᵀē⁺, with the layer after.",
  tolerance: 'K',
  source:
    'Martens and Grosse 2015, section 4.3: F̂ agrees with the Kronecker Fisher on the tridiagonal blocks',
  kind: 'layered',
  sample: () =>
    fc.record({
      setting: networks({
        sharing: { min: 1, max: 1 },
        depth: { min: 2, max: 3 },
        examples: { min: 2, max: 5 },
      }),
      damping: dampings,
    }),
  measure(subject, { setting, damping }) {
    const given = options({ form: 'tridiagonal', damping, labels: 'given' });
    const size = setting.x.length;
    const inverse = matrixOf(size, subject.after([setting], given));
    const { own, beside } = naiveChain(setting, given);
    const dense = matrixOf(size, (unit) => leastSquaresSolution(inverse, unit, size));
    const kappa = norm(inverse) * norm(dense);
    fc.pre(comparable(size, kappa, subject.epsilon));
    const all = places(setting.network);
    const part = (matrix: Float64Array, i: number, j: number) => {
      const columns = all[j].end - all[j].kernel;
      return Float64Array.from({ length: (all[i].end - all[i].kernel) * columns }, (_, at) => {
        return matrix[(all[i].kernel + Math.floor(at / columns)) * size + all[j].kernel + (at % columns)];
      });
    };
    const near = (what: string, got: Float64Array, expected: ArrayLike<number>, scale: number) =>
      forward(what, norm(plus(got, expected, -1)), scale, size, kappa, subject.epsilon);
    return all.flatMap((_, i) => {
      const far = i + 2 < all.length ? part(inverse, i, i + 2) : new Float64Array();
      return [
        near(`block of layer ${i}`, part(dense, i, i), own[i], norm(dense)),
        ...(i + 1 < all.length
          ? [near(`block of layers ${i} and ${i + 1}`, part(dense, i, i + 1), beside[i], norm(dense))]
          : []),
        near(
          `block of the inverse for layers ${i} and ${i + 2}`,
          far,
          far.map(() => 0),
          norm(inverse),
        ),
      ];
    });
  },
});

export const sharedWeights = law({
  id: '79',
  name: 'shared weights',
  statement:
    'For a deep linear network with squared error the blocks are exact: expanded where each position is a term of the loss, reduced where positions are pooled.',
  tolerance: 'K',
  source: 'Eschenhagen et al. 2023, propositions 1 and 2',
  kind: 'layered',
  sample: () =>
    fc.record({
      setting: linear({ examples: { min: 4, max: 4 }, sharing: { min: 2, max: 3 } }),
      damping: dampings,
      from: seed,
    }),
  measure: (subject, { setting, damping, from }) =>
    againstBlocks(
      subject,
      setting,
      options({ damping, sharing: setting.network.pooled ? 'reduce' : 'expand' }),
      denseGaussNewton(setting),
      vectorOf(setting.x.length, from),
    ),
});

/** Where several data are answered, one row each. */
const several = networks({ examples: { min: 2, max: 5 }, sharing: { min: 1, max: 1 } });

export const nearestDiagonal = law({
  id: '80',
  name: 'EKFAC is nearest',
  statement:
    'From the same data, with the eigenbasis of K-FAC: ‖F − C_EKFAC‖ ≤ ‖F − C_K-FAC‖ block by block, and tr C_EKFAC = tr F.',
  tolerance: 'I',
  source: 'George et al. 2018, theorem 2: the projection of F on the matrices diagonal in that basis',
  kind: 'layered',
  sample: () => several,
  measure(subject, setting) {
    const size = setting.x.length;
    const fisher = denseEmpiricalFisher(setting);
    const kappa = (1 + norm(fisher)) ** 2;
    fc.pre(comparable(size, kappa, subject.epsilon));
    // Twice the same batch, forgetting the first: the second corrects in a basis of its own data.
    const matrices = (['corrected', 'exact'] as const).map((form) =>
      inverted(
        matrixOf(size, subject.after([setting, setting], options({ form, memory: 0, labels: 'given' }))),
        size,
      ),
    );
    return places(setting.network).flatMap(({ kernel, end }, l) => {
      const length = end - kernel;
      const of = (matrix: Float64Array) => blockOf(matrix, size, kernel, end);
      const [corrected, plain] = matrices.map((c) => plus(of(c), identity(length), -1));
      const f = of(fisher);
      const distance = (c: Float64Array) => norm(plus(f, c, -1));
      const terms = 16 * size * kappa * (norm(f) + norm(plain) + 1);
      const trace = (x: Float64Array) => traceOf(x, length);
      return [
        atMost(`distance of layer ${l}`, distance(corrected), distance(plain), size, subject.epsilon, terms),
        atMost(
          `trace of layer ${l}`,
          Math.abs(trace(corrected) - trace(f)),
          0,
          size,
          subject.epsilon,
          terms * length,
        ),
      ];
    });
  },
});

export const exactDamping = law({
  id: '81',
  name: 'exact damping',
  statement:
    'In the eigen forms λ is added to the curvature itself, once: P_λ − P_μ = (μ − λ)P_λP_μ for P_λ = (C + λI)⁻¹.',
  tolerance: 'K',
  source: 'the resolvent identity, which holds for one C alone',
  kind: 'layered',
  sample: () =>
    fc.record({
      setting: networks({ examples: { min: 1, max: 3 } }),
      form: fc.constantFrom('exact' as const, 'corrected' as const),
      sharing: fc.constantFrom('expand' as const, 'reduce' as const),
      dampings: fc.constantFrom([1 / 4, 1], [1, 4], [1 / 4, 4]),
      from: seed,
    }),
  measure(subject, { setting, dampings: [lambda, mu], from, ...given }) {
    const rows = setting.inputs.length / setting.network.layers[0].inputs;
    const kappa = 1 + (rows * norm(denseEmpiricalFisher(setting)) * setting.x.length) / lambda;
    fc.pre(comparable(setting.x.length, kappa, subject.epsilon));
    const v = vectorOf(setting.x.length, from);
    const [p, q] = [lambda, mu].map((damping) =>
      subject.after([setting], options({ ...given, damping, labels: 'given' })),
    );
    const gap = plus(plus(p(v), q(v), -1), p(q(v)), lambda - mu);
    const scale = (norm(v) / lambda) * (1 + mu / lambda);
    return [forward('P_λv − P_μv + (λ − μ)P_λP_μv', norm(gap), scale, v.length, kappa, subject.epsilon)];
  },
});

export const factoredDamping = law({
  id: '81b',
  name: 'factored damping',
  statement:
    'For one datum, with sides n, m > 1: tr (C + λI) = (√tr C + √(λnm))², the least that dampings with the product λ can make it; where a side is 1 or C = 0 it is tr C + λnm.',
  tolerance: 'K',
  source: 'Martens and Grosse 2015, section 6.3: π² = (tr A/n)/(tr G/m) gives both added terms one trace',
  kind: 'layered',
  sample: () => fc.record({ setting: oneDatum, damping: dampings }),
  measure(subject, { setting, damping }) {
    const size = setting.x.length;
    const fisher = denseEmpiricalFisher(setting);
    const kappa = 1 + (size * norm(fisher)) / damping;
    fc.pre(comparable(size, kappa, subject.epsilon));
    const given = options({ form: 'factored', damping, labels: 'given' });
    const c = inverted(matrixOf(size, subject.after([setting], given)), size);
    return places(setting.network).map(({ kernel, end }, l) => {
      const length = end - kernel;
      const m = setting.network.layers[l].outputs;
      const own = traceOf(blockOf(fisher, size, kernel, end), length);
      const balanced = m > 1 && length > m && own > 0;
      const expected = balanced
        ? (Math.sqrt(own) + Math.sqrt(damping * length)) ** 2
        : own + damping * length;
      const got = traceOf(blockOf(c, size, kernel, end), length);
      return forward(`layer ${l}`, Math.abs(got - expected), expected, length, kappa, subject.epsilon);
    });
  },
});

export const layeredLaws = [
  exactBlocks,
  oneDatumBlocks,
  runningFactors,
  affineActivations,
  hugeDamping,
  tridiagonalBlocks,
  sharedWeights,
  nearestDiagonal,
  exactDamping,
  factoredDamping,
];

function rowTimes(row: Float64Array, matrix: Float64Array, columns: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, j) =>
    row.reduce((sum, entry, i) => sum + entry * matrix[i * columns + j], 0),
  );
}

function traceOf(matrix: Float64Array, n: number): number {
  return Array.from({ length: n }, (_, i) => matrix[i * (n + 1)]).reduce((sum, entry) => sum + entry, 0);
}

function inverted(matrix: Float64Array, n: number): Float64Array {
  return matrixOf(n, (unit) => leastSquaresSolution(matrix, unit, n));
}
