import { leastSquaresSolution } from '../oracles/dense/matrices.js';
import { flattenedSoftmax } from '../oracles/fisher-adam.js';
import {
  denseFisherOf,
  type NaturalGradientParts,
  naiveNaturalGradient,
  sandwich,
} from '../oracles/natural-gradient.js';
import type { DenseModel } from '../subjects/dense-model.js';
import { type Mutant, naiveMutant } from './mutant.js';

const mutant = (
  id: string,
  mistake: string,
  killedBy: string,
  parts: NaturalGradientParts,
  seen?: string,
): Mutant =>
  naiveMutant({ id, mistake, killedBy, method: 'naturalGradient', ...(seen && { seen }) }, (options) =>
    naiveNaturalGradient(options, parts),
  );

/** Mistakes of methods that solve with the Fisher matrix. */
export const naturalGradientMutants: readonly Mutant[] = [
  mutant(
    'natural-flattened',
    'softmax curvature diag p − ppᵀ over all outputs of the batch at once',
    '42',
    {
      fisher: (model, kind) =>
        kind === 'exact' && model.loss === 'softmax'
          ? sandwich(model, flattenedSoftmax(model))
          : denseFisherOf(model, kind),
    },
    'a published page on second-order methods for a vision transformer',
  ),
  mutant(
    'natural-logits',
    'softmax curvature written with the logits, diag z − zzᵀ, in place of the probabilities',
    '42',
    {
      fisher: (model, kind) =>
        kind === 'exact' && model.loss === 'softmax'
          ? sandwich(model, logitCurvature(model))
          : denseFisherOf(model, kind),
    },
    'a published page on second-order methods for a vision transformer',
  ),
  mutant(
    'natural-no-curvature',
    'the Hessian of softmax cross-entropy taken for 0, so that only the damping is left',
    '42',
    {
      fisher: (model, kind) => {
        const matrix = denseFisherOf(model, kind);
        return kind === 'exact' && model.loss === 'softmax' ? matrix.map(() => 0) : matrix;
      },
    },
    'a library of curvature products',
  ),
  mutant(
    'natural-plus',
    'the step is x + F⁻¹∇f',
    '42',
    { solve: (matrix, g) => leastSquaresSolution(matrix, g, g.length).map((p) => -p) },
    'teaching material',
  ),
  mutant('natural-sum', 'curvature summed over the batch where the gradient is a mean', '42', {
    fisher: (model, kind) => denseFisherOf(model, kind).map((entry) => entry * model.terms),
  }),
  mutant('natural-damping-twice', 'damping added again by every product', '42', {
    damped: (entry, lambda) => entry + 2 * lambda,
  }),
  mutant('natural-no-inverse', 'the product with the matrix in place of its solve', '44', {
    solve: (matrix, g) =>
      Float64Array.from(g, (_, i) => g.reduce((sum, gj, j) => sum + matrix[i * g.length + j] * gj, 0)),
  }),
  mutant('natural-hidden-damping', 'a small damping though none was asked for', '44', {
    damped: (entry, lambda) => entry + lambda + 1e-6,
  }),
  mutant('natural-diagonal', 'the diagonal solved with in place of the matrix', '44', {
    solve: (matrix, g) => Float64Array.from(g, (gi, i) => gi / matrix[i * (g.length + 1)]),
  }),
];

/** diag z − zzᵀ of each term, over the number of terms. */
function logitCurvature({ outputs, terms }: DenseModel): Float64Array {
  const m = outputs.length;
  const classes = m / terms;
  return Float64Array.from({ length: m * m }, (_, at) => {
    const [k, l] = [Math.floor(at / m), at % m];
    if (Math.floor(k / classes) !== Math.floor(l / classes)) return 0;
    return ((k === l ? outputs[k] : 0) - outputs[k] * outputs[l]) / terms;
  });
}
