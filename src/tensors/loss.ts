import type * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';

/**
 * What outputs are worth, given the labels: mean over the examples, 0-d. Any function will do; one that also knows its
 * curvature can be trained by Gauss–Newton, natural gradient and K-FAC.
 */
export interface Loss {
  (outputs: tf.Tensor, labels: tf.Tensor): tf.Tensor;
  readonly curvature?: LossCurvature;
}

/**
 * The curvature of a mean loss by the outputs z, H = LLᵀ, and the distribution that z stands for.
 *
 * Where the Hessian depends on the labels, H is its expectation under labels drawn from the model: positive
 * semidefinite, and 1/terms times the Fisher information of z.
 */
export interface LossCurvature {
  /** How many terms the mean is over. */
  terms(outputs: tf.Tensor): number;
  /** Hv. */
  product(outputs: tf.Tensor, v: tf.Tensor): tf.Tensor;
  /** Lu, u shaped like the outputs. */
  factor(outputs: tf.Tensor, u: tf.Tensor): tf.Tensor;
  /** Labels drawn from the distribution that the outputs stand for. */
  sampleLabels(outputs: tf.Tensor, random: Random): tf.Tensor;
  /** What the loss of each example is multiplied by, where it is not 1: of a shape that broadcasts to the outputs'. */
  weights?(outputs: tf.Tensor): tf.Tensor;
}

/** Numbers of the run's own random stream, on the device. */
export function drawn(shape: readonly number[], draw: () => number, make: typeof tf.tensor): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = new Float32Array(size); // filled by a loop: `from` takes three times as long
  for (let i = 0; i < size; i++) values[i] = draw();
  return make(values, [...shape]);
}
