import * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import type { OutputLoss } from '../objective/linearization.js';
import type { Loss, LossCurvature } from './loss.js';
import { detached } from './provenance.js';
import { tensors } from './tensors.js';

/** A loss at given outputs, as the operators and methods see it. */
export function outputLoss(
  loss: Loss & { readonly curvature: LossCurvature },
  outputs: tf.Tensor,
  labels: () => tf.Tensor,
): OutputLoss<tf.Tensor> {
  const { curvature } = loss;
  const terms = curvature.terms(outputs);
  const residual = (of: tf.Tensor) => {
    const [derivative] = tf.engine().gradients(() => loss(outputs, of), [outputs], undefined, true).grads;
    if ((derivative as tf.Tensor | null) === null) return tf.zerosLike(outputs);
    // Of a weight of 0 the derivative is 0 too.
    const weights = curvature.weights?.(outputs);
    return weights === undefined ? derivative : tf.divNoNan(derivative, tf.sqrt(weights));
  };
  return {
    terms,
    curvatureProduct: (v) => tensors.scope(() => curvature.product(outputs, v)),
    factorProduct: (u) => tensors.scope(() => curvature.factor(outputs, u)),
    residual: () => tensors.scope(() => residual(labels())),
    residualProduct: (v) =>
      tensors.scope(() => {
        const r = tf.reshape(residual(labels()), [terms, -1]);
        const along = tf.sum(tf.mul(r, tf.reshape(v, [terms, -1])), 1, true);
        return tf.reshape(tf.mul(tf.mul(r, along), terms), outputs.shape);
      }),
    sampledResidual: (random: Random) =>
      tensors.scope(() => residual(curvature.sampleLabels(detached(outputs), random))),
  };
}
