import * as tf from '@tensorflow/tfjs';
import { drawn } from './loss.js';

/**
 * Sigmoid cross-entropy, summed over the outputs, mean over the examples:
 * L = (1/n) Σᵢⱼ (max(zᵢⱼ, 0) − zᵢⱼtᵢⱼ + log(1 + exp(−|zᵢⱼ|))).
 *
 * The negative log-likelihood of independent Bernoulli variables, for targets in [0, 1]. Its Hessian by the outputs is
 * diag(σ(z)(1 − σ(z)))/n.
 *
 * @param outputs z, [n, outputs], logits
 * @param targets t, of the same shape
 * @throws RangeError where the shapes differ
 * @example binaryCrossEntropy(tf.tensor2d([[0]]), tf.tensor2d([[1]])) // log 2
 */
export function binaryCrossEntropy(outputs: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  if (!tf.util.arraysEqual(outputs.shape, targets.shape)) {
    throw new RangeError(
      `binaryCrossEntropy(targets): expected shape [${outputs.shape}], got [${targets.shape}]`,
    );
  }
  const loss = tf.customGrad((z, keep) => {
    const [outputs, save] = [z as tf.Tensor, keep as tf.GradSaveFunc];
    save([outputs, targets]);
    const positive = tf.sub(tf.relu(outputs), tf.mul(outputs, targets));
    const value = tf.div(
      tf.sum(tf.add(positive, tf.log1p(tf.exp(tf.neg(tf.abs(outputs)))))),
      outputs.shape[0],
    );
    // In closed form, since |z| has no second derivative at 0.
    const gradFunc = (dy: tf.Tensor, [saved, own]: tf.Tensor[]) =>
      tf.mul(tf.sub(tf.sigmoid(saved), own), tf.div(dy, saved.shape[0]));
    return { value, gradFunc };
  });
  return loss(outputs);
}

binaryCrossEntropy.curvature = {
  terms: (outputs: tf.Tensor) => outputs.shape[0],
  product: (outputs: tf.Tensor, v: tf.Tensor) => tf.div(tf.mul(variance(outputs), v), outputs.shape[0]),
  factor: (outputs: tf.Tensor, u: tf.Tensor) =>
    tf.mul(tf.sqrt(tf.div(variance(outputs), outputs.shape[0])), u),
  sampleLabels: (outputs: tf.Tensor, random: { uniform(): number }) =>
    tf.cast(
      tf.less(
        drawn(outputs.shape, () => random.uniform(), tf.tensor),
        tf.sigmoid(outputs),
      ),
      'float32',
    ),
};

function variance(outputs: tf.Tensor): tf.Tensor {
  const p = tf.sigmoid(outputs);
  return tf.mul(p, tf.sub(1, p));
}
