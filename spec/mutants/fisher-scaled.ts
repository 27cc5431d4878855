import { Random } from '../../src/index.js';
import {
  diagonalOf,
  type FisherAdamParts,
  flattenedSoftmax,
  naiveFisherAdam,
  partsOf,
  quadratic,
} from '../oracles/fisher-adam.js';
import { type Mutant, naiveMutant } from './mutant.js';

const fisherAdam = (
  id: string,
  mistake: string,
  killedBy: string,
  parts: FisherAdamParts,
  seen?: string,
): Mutant =>
  naiveMutant({ id, mistake, killedBy, method: 'fisherAdam', ...(seen && { seen }) }, (options) =>
    naiveFisherAdam(options, parts),
  );

/** Mistakes of methods that scale by the Fisher matrix. */
export const fisherScaledMutants: readonly Mutant[] = [
  fisherAdam(
    'fisher-batch-mean',
    "the square of the batch's mean gradient under sampled labels taken for diag F: T times too small",
    '43',
    { estimate: (model, _, t) => diagonalOf(model, 'batchAsPublished', t) },
    'a published page on second-order methods for a vision transformer',
  ),
  fisherAdam('fisher-labels-given', 'the labels given in place of sampled ones', '43', {
    estimate(model) {
      const parts = partsOf(model, model.residual);
      return parts[0].map((_, i) => model.terms * parts.reduce((sum, part) => sum + part[i] ** 2, 0));
    },
  }),
  fisherAdam('fisher-one-draw', 'one fixed random key for the labels of all steps', '43', {
    estimate: (model, how) => diagonalOf(model, how, 1),
  }),
  fisherAdam(
    'fisher-cubed',
    'empirical Fisher scaled 1/B³: rows of the mean loss squared and averaged again',
    '43',
    {
      estimate(model, _, t) {
        const { examples, sampledResidual } = model;
        const parts = partsOf(model, sampledResidual(new Random(t).fork('labels')));
        return parts[0].map((__, i) => parts.reduce((sum, part) => sum + part[i] ** 2, 0) / examples);
      },
    },
  ),
  fisherAdam(
    'fisher-flattened',
    'softmax curvature diag p − ppᵀ over all outputs of the batch at once',
    '43b',
    {
      estimate: (model, how, t) =>
        model.loss === 'softmax'
          ? quadratic(model, flattenedSoftmax(model)).map(Math.abs)
          : diagonalOf(model, how, t),
    },
    'a published page on second-order methods for a vision transformer',
  ),
  fisherAdam('fisher-no-correction', 'moments without bias correction', '43b', { correct: () => 1 }),
  fisherAdam('fisher-late-correction', 'the diagonal corrected by the steps, not by its estimates', '43b', {
    correct: (beta, _, steps) => 1 - beta ** steps,
  }),
];
