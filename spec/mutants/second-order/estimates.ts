import { inner, outer, plus, times, transposed } from '../../oracles/dense/matrices.js';
import { bfgsOfHessian, bfgsOfInverse, type Pair, rankOneOfHessian } from '../../oracles/dense/updates.js';
import { denseEstimate } from '../../oracles/second-order/estimates.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

function updating(
  described: Omit<Mutant, 'subject'>,
  method: string,
  form: 'B' | 'H',
  update: (matrix: Float64Array, pair: Pair) => Float64Array,
): Mutant {
  return mutantOf(described, (named) => denseEstimate(method, form, update, named));
}

export const estimateMutants: readonly Mutant[] = [
  updating(
    {
      id: 'never-scaled',
      mistake: 'An estimate that was asked to scale itself begins with the identity.',
      killedBy: '35d',
    },
    'inverseBfgs',
    'H',
    bfgsOfInverse,
  ),
  updating(
    {
      id: 'absolute-guard',
      mistake: 'A pair is left out unless sᵀy > 10⁻⁸, whatever the units of s and y.',
      killedBy: '29c',
    },
    'inverseBfgs',
    'H',
    (h, pair) => (inner(pair.s, pair.y) > 1e-8 ? bfgsOfInverse(h, pair) : h),
  ),
  updating(
    { id: 's-and-y-swapped', mistake: 'The update of H is given (y, s).', killedBy: '27' },
    'inverseBfgs',
    'H',
    (h, { s, y }) => bfgsOfInverse(h, { s: y, y: s }),
  ),
  updating(
    {
      id: 'rank-one-without-quotient',
      mistake: 'B + wwᵀ with w = v/√|vᵀs|, which cannot satisfy the secant equation where vᵀs < 0.',
      seen: 'teaching material, under Broyden’s name',
      killedBy: '27',
    },
    'symmetricRankOne',
    'B',
    (b, { s, y }) => {
      const v = plus(y, times(b, s), -1);
      return plus(b, outer(v, v), 1 / (Math.abs(inner(v, s)) || 1));
    },
  ),
  updating(
    { id: 'one-sided-update', mistake: 'The change 2usᵀ stands for usᵀ + suᵀ.', killedBy: '28' },
    'inverseBfgs',
    'H',
    (h, pair) => {
      const right = plus(bfgsOfInverse(h, pair), h, -1);
      const n = pair.s.length;
      return h.map((entry, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        return entry + (i < j ? 2 * right[at] : i > j ? 0 : right[at]);
      });
    },
  ),
  updating(
    {
      id: 'bfgs-without-last-term',
      mistake: 'ρssᵀ is left out, so that H becomes singular.',
      killedBy: '29',
    },
    'inverseBfgs',
    'H',
    (h, pair) => plus(bfgsOfInverse(h, pair), outer(pair.s, pair.s), -1 / inner(pair.s, pair.y)),
  ),
  updating(
    {
      id: 'curvature-compared-with-zero',
      mistake: '1/sᵀy is guarded by sᵀy === 0 only: it overflows, or has the wrong sign.',
      killedBy: '29b',
    },
    'guardedBfgs',
    'H',
    (h, pair) => (inner(pair.s, pair.y) === 0 ? h : bfgsOfInverse(h, pair)),
  ),
  updating(
    { id: 'bfgs-called-dfp', mistake: 'DFP updates H as BFGS does.', killedBy: '30' },
    'inverseDfp',
    'H',
    bfgsOfInverse,
  ),
  updating(
    {
      id: 'hessian-updated-for-inverse',
      mistake: 'BFGS’s update of B is applied to H with s and y as they are.',
      killedBy: '30',
    },
    'inverseBfgs',
    'H',
    bfgsOfHessian,
  ),
  updating(
    {
      id: 'broydens-bad-update',
      mistake: 'Broyden’s other update, (y − Bs)yᵀB/yᵀBs, which changes the inverse least and not B.',
      killedBy: '31',
    },
    'broydenJacobian',
    'B',
    (b, { s, y }) => {
      const along = times(transposed(b, s.length), y);
      return plus(b, outer(plus(y, times(b, s), -1), along), 1 / inner(along, s));
    },
  ),
  updating(
    { id: 'rank-one-unguarded', mistake: 'vvᵀ/vᵀs is formed for v = 0 too: 0/0.', killedBy: '33' },
    'symmetricRankOne',
    'B',
    (b, { s, y }) => {
      const v = plus(y, times(b, s), -1);
      return plus(b, outer(v, v), 1 / inner(v, s));
    },
  ),
  updating(
    {
      id: 'rank-one-definite-only',
      mistake: 'Pairs with vᵀs < 0 are skipped to keep B definite, so that B never learns A.',
      killedBy: '33',
    },
    'symmetricRankOne',
    'B',
    (b, pair) => {
      const v = plus(pair.y, times(b, pair.s), -1);
      return inner(v, pair.s) < 0 ? b : rankOneOfHessian(b, pair);
    },
  ),
  updating(
    { id: 'update-with-ridge', mistake: '1e-6 is added to the diagonal after each update.', killedBy: '36' },
    'inverseBfgs',
    'H',
    (h, pair) =>
      bfgsOfInverse(h, pair).map((entry, at) => (at % (pair.s.length + 1) === 0 ? entry + 1e-6 : entry)),
  ),
];
