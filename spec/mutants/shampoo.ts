import { jacobiRoot } from '../oracles/inverse-root.js';
import { leafOptimizer } from '../oracles/kronecker.js';
import { naiveShampoo, type ShampooRules, shampooRules } from '../oracles/shampoo.js';
import { type Mutant, optimizerMutant } from './mutant.js';

/** Shampoo with one rule changed. */
function shampooMutant(
  id: string,
  mistake: string,
  killedBy: string,
  changed: Partial<ShampooRules>,
  seen?: string,
): Mutant {
  return optimizerMutant({ id, mistake, killedBy, method: 'shampoo', seen }, (options) =>
    leafOptimizer(naiveShampoo(options, changed)),
  );
}

export const shampooMutants: readonly Mutant[] = [
  shampooMutant(
    'shampoo-half-a-side',
    'The exponent is −½ a side in place of −¼.',
    '53b',
    { power: () => 1 / 2 },
    'teaching material, beside code that has −¼',
  ),
  shampooMutant(
    'shampoo-ascends',
    'The step is added with a plus sign.',
    '53b',
    { sign: 1 },
    'teaching material',
  ),
  shampooMutant(
    'shampoo-roots-from-zero',
    'The roots are zero until they are first renewed, one step after they are first used.',
    '53b',
    {
      first: (n) => new Float64Array(n * n),
      renews: (t, start, every) => t > start && shampooRules.renews(t, start, every),
    },
    'distributed_shampoo (issues 110 and 111)',
  ),
  shampooMutant('shampoo-no-correction', 'The statistics are not corrected for bias.', '53b', {
    correction: () => 1,
  }),
  shampooMutant(
    'shampoo-corrected-sum',
    'The statistics are sums that forget, βA + GGᵀ, and are corrected for a bias which they do not have.',
    '53b',
    { share: () => 1 },
    'distributed_shampoo (until 2026-05-15)',
  ),
  shampooMutant('shampoo-hidden-ridge', 'A ridge of 10⁻⁶ is added although none was asked for.', '53b', {
    root: (matrix, n, power, ridge) => jacobiRoot(matrix, n, power, ridge + 1e-6),
  }),
  shampooMutant(
    'shampoo-scalar-as-matrix',
    'A 0-d array is given the exponent of a matrix with two sides, though it has one.',
    '53c',
    { power: (order, shape) => (shape.length === 0 ? 1 / 4 : 1 / (2 * order)) },
  ),
  shampooMutant('shampoo-zero-divides', 'A factor that is still 0 is divided by: 0/0.', '53c', {
    root: (matrix, n, power, ridge) => {
      const zero = matrix.every((entry) => entry === 0);
      return zero ? new Float64Array(n * n).fill(Number.NaN) : jacobiRoot(matrix, n, power, ridge);
    },
  }),
  shampooMutant('shampoo-vector-quarter', "A vector's exponent is a matrix's −¼.", '53d', {
    power: () => 1 / 4,
  }),
  shampooMutant(
    'shampoo-transposed-factor',
    'Each side is given the other side of a square gradient.',
    '53b',
    {
      gram: (g, sides, axis) => shampooRules.gram(g, sides, sides[0] === sides[1] ? 1 - axis : axis),
    },
  ),
  shampooMutant('shampoo-diagonal-factors', 'What is off the diagonal of the factors is dropped.', '54b', {
    gram: (g, sides, axis) =>
      shampooRules.gram(g, sides, axis).map((entry, at) => (at % (sides[axis] + 1) === 0 ? entry : 0)),
  }),
  shampooMutant('shampoo-graft-over-leaf', 'The length is taken over the whole leaf, not a block.', '83', {
    graftOver: 'leaf',
  }),
  shampooMutant('shampoo-early-gradient', 'Before the start it steps by the mean of gradients.', '83b', {
    early: (_, filtered) => filtered,
  }),
];
