import { vectorOperator } from '../../../src/curvature/vector-operator.js';
import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { EstimateSubject } from '../../subjects/second-order/subject.js';
import { identity, times } from '../dense/matrices.js';
import {
  bfgsOfHessian,
  bfgsOfInverse,
  broydenOfJacobian,
  type Pair,
  rankOneOfHessian,
} from '../dense/updates.js';

/** An update of a whole matrix as an estimate. */
export function denseEstimate(
  method: string,
  form: 'B' | 'H',
  update: (matrix: Float64Array, pair: Pair) => Float64Array,
  { name = `${method} (naive)`, claims = secondOrderClaims[method] ?? [] } = {},
): EstimateSubject {
  return {
    kind: 'estimate',
    name,
    method,
    form,
    epsilon: 2 ** -52,
    claims,
    start(n, { initial = identity(n) } = {}) {
      let matrix = initial;
      return {
        learn(s, y) {
          matrix = update(matrix, { s, y });
        },
        ...vectorOperator('naive', (v, into) => into.set(times(matrix, v))),
      };
    },
    scope: (body) => body(),
  };
}

/**
 * Products of three matrices are symmetric only to the rounding of each, and where yᵀHy is small they lose what
 * cancels: laws 27 and 28 are not claimed.
 */
export const inverseBfgsOracle = denseEstimate('inverseBfgs', 'H', bfgsOfInverse, {
  claims: secondOrderClaims.inverseBfgs.filter((id) => id !== '27' && id !== '28'),
});

export const inverseDfpOracle = denseEstimate('inverseDfp', 'H', (h, { s, y }) =>
  bfgsOfHessian(h, { s: y, y: s }),
);

export const rankOneOracle = denseEstimate('symmetricRankOne', 'B', rankOneOfHessian);

export const broydenJacobianOracle = denseEstimate('broydenJacobian', 'B', broydenOfJacobian);
