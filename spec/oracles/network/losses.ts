import type { Random } from '../../../src/index.js';
import type { LossName } from '../../subjects/network.js';

export type { LossName } from '../../subjects/network.js';

/** The loss of one term as a function of its outputs z, in closed form. */
export interface TermLoss {
  /** How many numbers a label of `outputs` outputs is. */
  labels(outputs: number): number;
  value(z: Float64Array, y: Float64Array): number;
  /** ∂l/∂z. */
  residual(z: Float64Array, y: Float64Array): Float64Array;
  /** E[∂²l/∂z²] under labels drawn from the model, which for all but `gaussian` does not depend on them. */
  hessian(z: Float64Array): Float64Array;
  /** Lu with LLᵀ = the Hessian. */
  factor(z: Float64Array, u: Float64Array): Float64Array;
  sample(z: Float64Array, random: Random): Float64Array;
  /**
   * ∂l/∂z under labels with weights by which every moment that curvature needs is the model's own. From the noise, not
   * from labels: z + noise − z loses the noise where it is small beside z.
   */
  enumerate(z: Float64Array): readonly { readonly weight: number; readonly residual: Float64Array }[];
}

const softmaxOf = (z: Float64Array): Float64Array => {
  const most = Math.max(...z);
  const powers = z.map((entry) => Math.exp(entry - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};
const logistic = (z: number) => 1 / (1 + Math.exp(-z));
const diagonal = (d: Float64Array): Float64Array =>
  Float64Array.from({ length: d.length ** 2 }, (_, at) => (at % (d.length + 1) === 0 ? d[at % d.length] : 0));
const sum = (x: Float64Array) => x.reduce((total, entry) => total + entry, 0);

/** −log softmax(z)_y, y a class. */
const softmax: TermLoss = {
  labels: () => 1,
  value: (z, [y]) => -Math.log(softmaxOf(z)[y]),
  residual: (z, [y]) => softmaxOf(z).map((p, j) => p - (j === y ? 1 : 0)),
  hessian(z) {
    const p = softmaxOf(z);
    return diagonal(p).map((entry, at) => entry - p[Math.floor(at / p.length)] * p[at % p.length]);
  },
  factor(z, u) {
    const p = softmaxOf(z);
    const along = sum(p.map((pj, j) => Math.sqrt(pj) * u[j]));
    return p.map((pj, j) => Math.sqrt(pj) * u[j] - pj * along);
  },
  sample(z, random) {
    let left = random.uniform();
    const p = softmaxOf(z);
    const at = p.findIndex((pj) => (left -= pj) < 0);
    return Float64Array.of(at < 0 ? p.length - 1 : at);
  },
  enumerate(z) {
    const p = softmaxOf(z);
    return [...p].map((weight, y) => ({ weight, residual: p.map((pj, j) => pj - (j === y ? 1 : 0)) }));
  },
};

/** Σ log(1 + eᶻ) − yz, a yes or no an output. */
const sigmoid: TermLoss = {
  labels: (outputs) => outputs,
  value: (z, y) => sum(z.map((zj, j) => Math.log1p(Math.exp(zj)) - y[j] * zj)),
  residual: (z, y) => z.map((zj, j) => logistic(zj) - y[j]),
  hessian: (z) => diagonal(z.map((zj) => logistic(zj) * logistic(-zj))),
  factor: (z, u) => z.map((zj, j) => Math.sqrt(logistic(zj) * logistic(-zj)) * u[j]),
  sample: (z, random) => z.map((zj) => (random.uniform() < logistic(zj) ? 1 : 0)),
  enumerate: (z) =>
    products(
      [...z].map((zj) => [
        [logistic(-zj), logistic(zj)],
        [logistic(zj), -logistic(-zj)],
      ]),
    ),
};

/** The nodes of Gauss and Hermite: the moments of a standard normal up to the fifth. */
const nodes = [
  [2 / 3, 0],
  [1 / 6, Math.sqrt(3)],
  [1 / 6, -Math.sqrt(3)],
] as const;

/** ½‖z − y‖²: y normal about z with variance 1. */
const squared: TermLoss = {
  labels: (outputs) => outputs,
  value: (z, y) => sum(z.map((zj, j) => (zj - y[j]) ** 2)) / 2,
  residual: (z, y) => z.map((zj, j) => zj - y[j]),
  hessian: (z) => diagonal(z.map(() => 1)),
  factor: (_, u) => u,
  sample: (z, random) => z.map((zj) => zj + random.normal()),
  enumerate: (z) => products([...z].map(() => nodes.map(([weight, xi]) => [weight, -xi]))),
};

/** ½Σ(s + (y − μ)²e⁻ˢ), outputs μ then s: y normal about μ with variance eˢ. */
const gaussian: TermLoss = {
  labels: (outputs) => outputs / 2,
  value: (z, y) => sum(y.map((yj, j) => z[y.length + j] + (yj - z[j]) ** 2 * Math.exp(-z[y.length + j]))) / 2,
  residual: (z, y) =>
    z.map((_, at) => {
      const j = at % y.length;
      const error = z[j] - y[j];
      const precision = Math.exp(-z[y.length + j]);
      return at < y.length ? error * precision : (1 - error * error * precision) / 2;
    }),
  hessian: (z) => diagonal(z.map((_, at) => (at < z.length / 2 ? Math.exp(-z[at + z.length / 2]) : 0.5))),
  factor: (z, u) =>
    u.map((uj, at) => uj * (at < z.length / 2 ? Math.exp(-z[at + z.length / 2] / 2) : Math.SQRT1_2)),
  sample: (z, random) =>
    z.slice(0, z.length / 2).map((mean, j) => mean + Math.exp(z[z.length / 2 + j] / 2) * random.normal()),
  enumerate: (z) =>
    products([...z.slice(z.length / 2)].map(() => nodes.map(([weight, xi]) => [weight, xi]))).map(
      ({ weight, residual: noise }) => ({
        weight,
        residual: z.map((_, at) => {
          const j = at % noise.length;
          return at < noise.length ? -noise[j] * Math.exp(-z[noise.length + j] / 2) : (1 - noise[j] ** 2) / 2;
        }),
      }),
    ),
};

export const termLosses: Readonly<Record<LossName, TermLoss>> = { softmax, sigmoid, squared, gaussian };

/** Every choice of one entry a coordinate, with the product of the weights. */
function products(
  choices: readonly (readonly (readonly [weight: number, value: number])[])[],
): { readonly weight: number; readonly residual: Float64Array }[] {
  let all: { weight: number; values: number[] }[] = [{ weight: 1, values: [] }];
  for (const choice of choices) {
    all = all.flatMap(({ weight, values }) =>
      choice.map(([w, value]) => ({ weight: weight * w, values: [...values, value] })),
    );
  }
  return all.map(({ weight, values }) => ({ weight, residual: Float64Array.from(values) }));
}
