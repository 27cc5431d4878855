import { times } from '../oracles/dense/matrices.js';
import {
  denseEmpiricalFisher,
  denseGaussNewton,
  denseHessian,
  jacobian,
  type Setting,
} from '../oracles/network/dense-curvature.js';
import { termLosses } from '../oracles/network/losses.js';
import { forward, termsOf } from '../oracles/network/network.js';
import type { Mutant } from './mutant.js';

/** A curvature that is another matrix. */
function curvatureMutant(
  id: string,
  mistake: string,
  killedBy: string,
  dense: (setting: Setting) => Float64Array,
  seen?: string,
): Mutant {
  const subject = {
    kind: 'curvature' as const,
    name: `mutant ${id}`,
    epsilon: 2 ** -52,
    claims: [killedBy],
    products: (_: string, setting: Setting) => {
      const matrix = dense(setting);
      return (v: Float64Array) => times(matrix, v);
    },
    scope: <R>(body: () => R) => body(),
  };
  return { id, mistake, ...(seen && { seen }), killedBy, subject };
}

/** JᵀHJ/terms with H of all outputs at once. */
function throughOutputs(setting: Setting, hessian: (z: Float64Array) => Float64Array): Float64Array {
  const passed = forward(setting.network, setting.x, setting.inputs);
  const terms = termsOf(setting.network, passed.rows);
  const [j, n, m] = [jacobian(setting), setting.x.length, passed.outputs.length];
  const h = hessian(passed.outputs);
  const total = new Float64Array(n * n);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < m; b++) {
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < n; k++) total[i * n + k] += (h[a * m + b] * j[a * n + i] * j[b * n + k]) / terms;
      }
    }
  }
  return total;
}

export const modelCurvatureMutants: readonly Mutant[] = [
  curvatureMutant(
    'curvature-with-residuals',
    'The whole Hessian passes for Gauss–Newton’s matrix, and is indefinite.',
    '40',
    denseHessian,
  ),
  curvatureMutant(
    'curvature-by-logits',
    'The softmax curvature is written with logits in place of probabilities: diag z − zzᵀ.',
    '40',
    (setting) =>
      setting.network.loss === 'softmax'
        ? throughOutputs(setting, (z) => {
            const width = setting.network.layers.at(-1)!.outputs;
            return blocks(z, width, (zi, zj, same) => (same ? zi : 0) - zi * zj);
          })
        : denseGaussNewton(setting),
    'teaching material',
  ),
  curvatureMutant(
    'curvature-twice',
    'Squared error counts twice: its Hessian is taken for 2I.',
    '41',
    (setting) =>
      denseGaussNewton(setting).map((entry) => (setting.network.loss === 'squared' ? 2 * entry : entry)),
  ),
  curvatureMutant(
    'curvature-summed',
    'The terms are summed, while the loss is their mean.',
    '41',
    (setting) => {
      const rows = setting.inputs.length / setting.network.layers[0].inputs;
      return denseGaussNewton(setting).map((entry) => entry * termsOf(setting.network, rows));
    },
  ),
  curvatureMutant(
    'curvature-of-gradients',
    'The squares of the gradients under the labels given pass for the curvature.',
    '41',
    denseEmpiricalFisher,
    'many optimizers (Kunstner, Hennig and Balles 2019)',
  ),
  curvatureMutant(
    'curvature-flattened',
    'diag p − ppᵀ is formed over the outputs of the whole batch, with p of each example.',
    '41',
    (setting) =>
      setting.network.loss === 'softmax'
        ? throughOutputs(setting, (z) => {
            const width = setting.network.layers.at(-1)!.outputs;
            const p = Array.from({ length: z.length / width }, (_, t) => [
              ...probabilities(z.subarray(t * width, (t + 1) * width)),
            ]).flat();
            return Float64Array.from({ length: p.length ** 2 }, (_, at) => {
              const [i, j] = [Math.floor(at / p.length), at % p.length];
              return (i === j ? p[i] : 0) - p[i] * p[j];
            });
          })
        : denseGaussNewton(setting),
    'teaching material',
  ),
  curvatureMutant(
    'curvature-of-softmax-zero',
    'The softmax cross-entropy has no curvature at all.',
    '41b',
    (setting) =>
      setting.network.loss === 'softmax'
        ? new Float64Array(setting.x.length ** 2)
        : denseGaussNewton(setting),
  ),
];

function probabilities(z: Float64Array): Float64Array {
  const h = termLosses.softmax.enumerate(z);
  return Float64Array.from(h, ({ weight }) => weight);
}

/** A matrix over all outputs with blocks for each term, entry by entry. */
function blocks(
  z: Float64Array,
  width: number,
  entry: (zi: number, zj: number, same: boolean) => number,
): Float64Array {
  const m = z.length;
  return Float64Array.from({ length: m * m }, (_, at) => {
    const [i, j] = [Math.floor(at / m), at % m];
    return Math.floor(i / width) === Math.floor(j / width) ? entry(z[i], z[j], i === j) : 0;
  });
}
