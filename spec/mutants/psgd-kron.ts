import { product, transposed } from '../oracles/dense/matrices.js';
import { leafOptimizer } from '../oracles/kronecker.js';
import { naivePsgdKron, type PsgdKronRules } from '../oracles/psgd-kron.js';
import { type Mutant, optimizerMutant } from './mutant.js';

/** PSGD-Kron with one rule changed. */
function psgdMutant(
  id: string,
  mistake: string,
  killedBy: string,
  changed: Partial<PsgdKronRules>,
  seen?: string,
): Mutant {
  return optimizerMutant({ id, mistake, killedBy, method: 'psgdKron', seen }, (options) =>
    leafOptimizer(naivePsgdKron(options, changed)),
  );
}

export const psgdKronMutants: readonly Mutant[] = [
  psgdMutant('psgd-sides-swapped', 'QQᵀ in place of QᵀQ whitens the gradient.', '103', {
    square: (q, n) => product(q, transposed(q, n), n),
  }),
  psgdMutant('psgd-no-trace', 'What is expected on one axis leaves the other axes out.', '103', {
    others: () => 1,
  }),
  psgdMutant('psgd-half-whitened', 'Q alone is applied, not P = QᵀQ.', '103c', { square: (q) => q }),
  psgdMutant('psgd-anti-whitens', 'The factors climb: what is expected less what is seen.', '103c', {
    difference: (seen, expected) => expected - seen,
  }),
  psgdMutant('psgd-mean-uncorrected', 'The mean gradient is whitened without its correction.', '103c', {
    correction: () => 1,
  }),
  psgdMutant(
    'psgd-first-scale',
    'The first factors divide by the gradient’s size, not by its root.',
    '103b',
    {
      scale: (square, order) => square ** (-1 / (2 * order)),
    },
  ),
  psgdMutant(
    'psgd-scaled-by-zero',
    'The first factors are made of a gradient of 0: its inverse root is ∞.',
    '102',
    { begins: () => true },
    'HeavyBall (issue 55)',
  ),
  psgdMutant('psgd-ascends', 'The step has a plus sign.', '103d', { sign: 1 }),
];
