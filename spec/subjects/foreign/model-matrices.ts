import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { float64, modelCurvature } from '../../../src/index.js';
import { liftedModel, linearModel } from '../dense-model.js';
import { flat } from '../point.js';
import type { Moment } from '../subject.js';

/** Matrices over the flat parameters, row-major, each made when it is asked for. */
export interface ModelMatrices {
  /** JᵀHJ, H the Hessian of the mean loss by the outputs. */
  readonly gaussNewton: Float64Array;
  /** The mean of ggᵀ over the terms, with labels as the model would draw them, enumerated. */
  readonly fisher: Float64Array;
  /** The same for the labels given. */
  readonly empiricalFisher: Float64Array;
}

/** The matrices of a step's model, or of the linear one that stands in. */
export function modelMatrices({ parameters, model }: Moment): ModelMatrices {
  const matrix = (kind: keyof ModelMatrices) => {
    const n = flat(parameters).length;
    return float64.scope(() => {
      const point = float64.array(flat(parameters), [n]);
      const linearized = liftedModel(float64, model ?? linearModel(n), point);
      const operator = modelCurvature(float64, kind, linearized, point);
      const into = new Float64Array(n * n);
      for (let j = 0; j < n; j++) {
        const unit = Float64Array.from({ length: n }, (_, i) => Number(i === j));
        const column = flatten(float64, operator.apply(unflatten(float64, unit, point)));
        for (let i = 0; i < n; i++) into[i * n + j] = column[i];
      }
      return into;
    });
  };
  return {
    get gaussNewton() {
      return matrix('gaussNewton');
    },
    get fisher() {
      return matrix('fisher');
    },
    get empiricalFisher() {
      return matrix('empiricalFisher');
    },
  };
}
