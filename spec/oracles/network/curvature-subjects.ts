import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { type Algebra, Random } from '../../../src/index.js';
import { modelCurvature } from '../../../src/objective/model-curvature.js';
import { type CurvatureSubject, curvatureClaims } from '../../subjects/curvature.js';
import { times } from '../dense/matrices.js';
import { denseEmpiricalFisher, denseGaussNewton } from './dense-curvature.js';
import { networkProblem } from './network-problem.js';

/** `modelCurvature` in one arithmetic, through the products of a network. */
export function ourCurvatures<T>(algebra: Algebra<T>): CurvatureSubject {
  return {
    kind: 'curvature',
    name: `modelCurvature (${algebra.name})`,
    epsilon: algebra.epsilon,
    claims: curvatureClaims,
    products(kind, { network, x, inputs, labels }) {
      const problem = networkProblem(algebra, network, { start: x });
      const parameters = problem.start(new Random(1));
      const linearized = problem.linearized(parameters, { inputs, labels });
      const operator = modelCurvature(algebra, kind, linearized, parameters);
      return (v) => flatten(algebra, operator.apply(unflatten(algebra, v, parameters)));
    },
    scope: (body) => algebra.scope(body),
  };
}

/** The same as whole matrices. */
export const denseCurvatures: CurvatureSubject = {
  kind: 'curvature',
  name: 'modelCurvature (naive)',
  epsilon: 2 ** -52,
  claims: curvatureClaims,
  products(kind, setting) {
    const dense = kind === 'empiricalFisher' ? denseEmpiricalFisher(setting) : denseGaussNewton(setting);
    return (v) => times(dense, v);
  },
  scope: (body) => body(),
};
