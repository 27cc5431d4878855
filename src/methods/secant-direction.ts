import type { Options } from '../algebra/options.js';
import type { SecantOperator } from '../curvature/vector-operator.js';
import { inverse } from '../linalg/inverse.js';
import type { Observer } from '../objective/evaluations.js';
import type { Direction } from '../search/descend.js';

/** The direction −Hg of an inverse Hessian that is learnt from the steps. */
export function secantDirection(
  name: string,
  options: Options,
  homogeneous: boolean,
  begin: (n: number) => SecantOperator,
): Direction {
  return {
    name,
    options,
    homogeneous,
    start(n, evaluations) {
      const estimate = begin(n);
      return {
        propose(at, into) {
          tellModel(evaluations.observer, at.x, estimate);
          estimate.multiply(at.gradient, into);
          for (let i = 0; i < n; i++) into[i] = -into[i];
          return undefined;
        },
        learn: (s, y, at) => estimate.learn(s, y, at.gradient),
        forget: () => estimate.forget(),
      };
    },
  };
}

/** The model of a method that holds a symmetric H⁻¹ as a matrix; an estimate that became singular has none. */
function tellModel(observer: Observer | undefined, x: Float64Array, estimate: SecantOperator): void {
  if (observer?.model === undefined || !estimate.symmetric || estimate.dense === undefined) return;
  const inverted = inverse(estimate.dense(), x.length);
  if (inverted.kind === 'inverted') observer.model(x, inverted.inverse);
}
