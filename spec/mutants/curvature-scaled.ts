import { type AdahessianParts, naiveAdahessian, probe, signs } from '../oracles/adahessian.js';
import { type DiagonalNewtonParts, naiveDiagonalNewton } from '../oracles/clipped-diagonal-newton.js';
import { naiveSophia, type SophiaParts } from '../oracles/sophia.js';
import { type Mutant, naiveMutant } from './mutant.js';

const ones = (n: number) => Array.from({ length: n }, () => 1);
const fixed = (n: number) => signs(n, 1);

const adahessian = (id: string, mistake: string, killedBy: string, parts: AdahessianParts): Mutant =>
  naiveMutant({ id, mistake, killedBy, method: 'adahessian' }, (options) => naiveAdahessian(options, parts));
const diagonalNewton = (id: string, mistake: string, parts: DiagonalNewtonParts, seen?: string): Mutant =>
  naiveMutant(
    { id, mistake, killedBy: '37c', method: 'clippedDiagonalNewton', ...(seen && { seen }) },
    (options) => naiveDiagonalNewton(options, parts),
  );
const sophia = (id: string, mistake: string, killedBy: string, parts: SophiaParts): Mutant =>
  naiveMutant({ id, mistake, killedBy, method: 'sophia' }, (options) => naiveSophia(options, parts));

/** Mistakes of methods that scale by a probe of the curvature. */
export const curvatureScaledMutants: readonly Mutant[] = [
  diagonalNewton(
    'diagonal-row-sums',
    'the row sums H·1 taken for the diagonal',
    { diagonal: (hessian, n) => probe(hessian, ones(n)) },
    'a published page on second-order methods for a vision transformer',
  ),
  diagonalNewton('diagonal-absolute', 'the absolute curvature clipped', {
    clip: (h, least, most) => Math.max(least, Math.min(Math.abs(h), most)),
  }),
  diagonalNewton('diagonal-no-correction', 'the running diagonal without bias correction', {
    correct: () => 1,
  }),
  diagonalNewton('diagonal-clip-first', 'the gradient clipped before it is divided', {
    step: (g, h, most) => Math.max(-most, Math.min(g, most)) / h,
  }),
  adahessian(
    'adahessian-row-sums',
    'the row sums H·1 taken for the diagonal, as a published page has it',
    '87',
    {
      z: ones,
    },
  ),
  adahessian('adahessian-one-probe', 'one fixed random key for all probes', '87', { z: fixed }),
  adahessian('adahessian-no-correction', 'moments without bias correction', '39', { correct: () => 1 }),
  adahessian('adahessian-no-square', 'the running mean of |D| in place of D², under a root', '39', {
    square: Math.abs,
  }),
  adahessian('adahessian-no-root', 'divided by v̂ᵏ, without the root', '39', { root: (v, k) => v ** k }),
  sophia('sophia-row-sums', 'the row sums H·1 taken for the diagonal', '38', { z: ones }),
  sophia('sophia-one-probe', 'one fixed random key for all probes', '38', { z: fixed }),
  sophia('sophia-absolute', '|γh| in place of max(γh, ε): negative curvature counts as positive', '97', {
    below: (h, gamma, epsilon) => Math.max(Math.abs(gamma * h), epsilon),
  }),
  sophia('sophia-clip-first', 'the mean clipped before it is divided', '97', {
    clip: (m, by) => Math.max(-1, Math.min(1, m)) / by,
  }),
  sophia('sophia-square', 'the estimate squared, as Adam would', '97', { estimate: (d) => d * d }),
];
