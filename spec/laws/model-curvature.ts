import fc from 'fast-check';
import { networks } from '../arbitraries/networks.js';
import { inner, times } from '../oracles/dense/matrices.js';
import { denseFisher, jacobian, lossAndGradient, type Setting } from '../oracles/network/dense-curvature.js';
import { places, termsOf } from '../oracles/network/network.js';
import { norm } from '../subjects/point.js';
import { law } from './law.js';
import { atMost, backward, type Deviation, forward } from './tolerance.js';

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const kinds = fc.constantFrom('gaussNewton' as const, 'fisher' as const);

/** Numbers in (−1, 1) that a seed decides. */
function vectorOf(size: number, from: number): Float64Array {
  let state = from;
  return Float64Array.from({ length: size }, () => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    return state / 2 ** 30 - 1;
  });
}

export const semidefinite = law({
  id: '40',
  name: 'curvature through outputs is semidefinite',
  statement:
    'vᵀCv ≥ 0 for Gauss–Newton’s matrix, the Fisher matrix and the empirical one, whatever the network; and Gv = 0 where v moves all logits of a softmax by the same.',
  tolerance: 'R',
  source: 'Schraudolph 2002, section 3: JᵀHJ with H ⪰ 0; diag p − ppᵀ annihilates the constant vector',
  kind: 'curvature',
  sample: () =>
    fc.record({
      setting: networks({ repeated: true }),
      kind: fc.constantFrom('gaussNewton' as const, 'fisher' as const, 'empiricalFisher' as const),
      from: seeds,
    }),
  measure(subject, { setting, kind, from }) {
    const n = setting.x.length;
    const product = subject.products(kind, setting);
    const v = vectorOf(n, from);
    const cv = product(v);
    const size = sizeOf(product, n);
    const found: Deviation[] = [atMost('−vᵀCv', -inner(v, cv), 0, n, subject.epsilon, size * norm(v) ** 2)];
    const { layers, loss } = setting.network;
    const last = layers[layers.length - 1];
    const { bias, end } = places(setting.network)[layers.length - 1];
    if (
      kind !== 'empiricalFisher' &&
      loss === 'softmax' &&
      bias !== undefined &&
      last.activation === 'linear' &&
      last.times !== 2
    ) {
      const same = Float64Array.from({ length: n }, (_, i) => Number(i >= bias && i < end));
      found.push(backward('G times the same for all logits', norm(product(same)), size, n, subject.epsilon));
    }
    return found;
  },
});

export const gaussNewtonIsFisher = law({
  id: '41',
  name: 'Gauss–Newton is the Fisher matrix',
  statement:
    'Both are the covariance of the gradients under all labels, by their probabilities, mean over the terms; for squared error, whose noise has variance 1, that is JᵀJ over the terms.',
  tolerance: 'K',
  source:
    'Martens 2020, section 9: the losses are −log p of exponential families in their natural parameters',
  kind: 'curvature',
  sample: () => fc.record({ setting: networks({ repeated: true }), kind: kinds, from: seeds }),
  measure(subject, { setting, kind, from }) {
    const n = setting.x.length;
    const v = vectorOf(n, from);
    const got = subject.products(kind, setting)(v);
    const fisher = denseFisher(setting);
    const error = (expected: Float64Array) => norm(got.map((entry, i) => entry - expected[i]));
    const scale = norm(fisher) * norm(v);
    const terms = 8 * n * setting.inputs.length;
    const found = [forward('Gv', error(times(fisher, v)), scale, terms, 1, subject.epsilon)];
    if (setting.network.loss !== 'squared') return found;
    const { pushed, sent } = squareOfJacobian(setting, v);
    return [
      ...found,
      forward('JᵀJv', error(sent), norm(pushed) * norm(jacobian(setting)), terms, 1, subject.epsilon),
    ];
  },
});

export const gaussNewtonIsHessian = law({
  id: '41b',
  name: 'Gauss–Newton is the Hessian of a linear model',
  statement:
    'For one linear layer and a convex loss ‖∇L(x+hv) − ∇L(x−hv) − 2hGv‖ falls with slope ≥ 2 in h, or is below 10³·ε·S.',
  tolerance: 'I',
  source: 'H = JᵀH_LJ + Σ r·∇²z, and ∇²z = 0; Schraudolph 2002',
  kind: 'curvature',
  sample: () =>
    fc.record({
      setting: networks({
        depth: { min: 1, max: 1 },
        activations: ['linear'],
        losses: ['softmax', 'sigmoid', 'squared'],
      }),
      from: seeds,
    }),
  measure(subject, { setting, from }) {
    const v = vectorOf(setting.x.length, from);
    const gv = subject.products('gaussNewton', setting)(v);
    const at = (h: number) =>
      lossAndGradient({ ...setting, x: setting.x.map((xi, i) => xi + h * v[i]) }).gradient;
    const slopes: number[] = [];
    let coarser: number | undefined;
    for (let exponent = 0; exponent <= 16; exponent += 2) {
      const h = 2 ** -exponent;
      const [there, back] = [at(h), at(-h)];
      const remainder = norm(there.map((g, i) => g - back[i] - 2 * h * gv[i]));
      const size = norm(there) + norm(back) + 2 * h * norm(gv) + norm(setting.x) + norm(setting.inputs);
      if (remainder <= 1e3 * subject.epsilon * size) break;
      if (coarser !== undefined) slopes.push(Math.log2(coarser / remainder) / 2);
      coarser = remainder;
    }
    if (slopes.length === 0) return []; // all is noise, or all but the first
    const got = Math.max(...slopes.slice(-3));
    const ratio = got >= 2 ? 0 : 2 / Math.max(got, 1e-3);
    return [{ ratio, what: 'slope of the remainder', expected: '≥ 2', got: got.toPrecision(3) }];
  },
});

export const modelCurvatureLaws = [semidefinite, gaussNewtonIsFisher, gaussNewtonIsHessian];

/** ‖C‖ in Frobenius' norm, column by column. */
function sizeOf(product: (v: Float64Array) => Float64Array, n: number): number {
  return norm(
    Array.from({ length: n }, (_, j) =>
      norm(product(Float64Array.from({ length: n }, (_, i) => Number(i === j)))),
    ),
  );
}

/** Jv, and Jᵀ(Jv) over the terms. */
function squareOfJacobian(setting: Setting, v: Float64Array) {
  const j = jacobian(setting);
  const n = v.length;
  const pushed = Float64Array.from({ length: j.length / n }, (_, k) =>
    inner(j.subarray(k * n, (k + 1) * n), v),
  );
  const terms = termsOf(setting.network, setting.inputs.length / setting.network.layers[0].inputs);
  const sent = v.map((_, i) => pushed.reduce((total, p, k) => total + (p * j[k * n + i]) / terms, 0));
  return { pushed, sent };
}
