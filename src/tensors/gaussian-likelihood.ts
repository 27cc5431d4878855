import * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import { drawn } from './loss.js';

/**
 * The negative log-likelihood of a Gaussian whose variance is predicted too, mean over the examples:
 * L = (1/2n) Σᵢⱼ (log 2π + sᵢⱼ + (tᵢⱼ − μᵢⱼ)² exp(−sᵢⱼ)), s the logarithm of the variance.
 *
 * Source: Nix and Weigend 1994, equation 2, with s in place of log σ².
 *
 * @param outputs [n, 2·targets]: the means μ, then the log-variances s
 * @param targets t, [n, targets]
 * @throws RangeError where the shapes do not fit
 * @example gaussianLikelihood(tf.tensor2d([[0, 0]]), tf.tensor2d([[0]])) // ½ log 2π
 */
export function gaussianLikelihood(outputs: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const [examples, width] = outputs.shape;
  const count = width / 2;
  if (!tf.util.arraysEqual(targets.shape, [examples, count])) {
    throw new RangeError(
      `gaussianLikelihood(targets): expected shape [${examples},${count}], got [${targets.shape}]`,
    );
  }
  const mean = tf.slice(outputs, [0, 0], [examples, count]);
  const logVariance = tf.slice(outputs, [0, count], [examples, count]);
  const precise = tf.mul(tf.squaredDifference(targets, mean), tf.exp(tf.neg(logVariance)));
  const sum = tf.sum(tf.add(logVariance, precise));
  return tf.add(tf.div(sum, 2 * examples), (count * Math.log(2 * Math.PI)) / 2);
}

/** By the mean e⁻ˢ, by the log-variance ½, expected over targets drawn from the model: the Fisher information. */
gaussianLikelihood.curvature = {
  terms: (outputs: tf.Tensor) => outputs.shape[0],
  product: (outputs: tf.Tensor, v: tf.Tensor) => tf.div(tf.mul(information(outputs), v), outputs.shape[0]),
  factor: (outputs: tf.Tensor, u: tf.Tensor) =>
    tf.mul(tf.sqrt(tf.div(information(outputs), outputs.shape[0])), u),
  sampleLabels(outputs: tf.Tensor, random: Random) {
    const [mean, logVariance] = tf.split(outputs, 2, 1);
    const noise = drawn(mean.shape, () => random.normal(), tf.tensor);
    return tf.add(mean, tf.mul(tf.exp(tf.div(logVariance, 2)), noise));
  },
};

function information(outputs: tf.Tensor): tf.Tensor {
  const [, logVariance] = tf.split(outputs, 2, 1);
  return tf.concat([tf.exp(tf.neg(logVariance)), tf.fill(logVariance.shape, 0.5)], 1);
}
