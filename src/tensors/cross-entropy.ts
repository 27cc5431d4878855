import * as tf from '@tensorflow/tfjs';

/**
 * Softmax cross-entropy, mean over the examples: L = (1/n) Σᵢ (log Σⱼ exp zᵢⱼ − zᵢ,yᵢ).
 *
 * The largest logit of each row is taken off first, so that nothing overflows. The gradient is the closed
 * form (softmax(z) − onehot(y))/n, computed from the logits anew so that it can be differentiated again.
 *
 * @param logits z, [n, classes]
 * @param labels y, int32 [n]
 * @example crossEntropy(tf.tensor2d([[2, 0]]), tf.tensor1d([0], 'int32')) // log(1 + e⁻²)
 */
export function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const classes = logits.shape[1]!;
  const examples = logits.shape[0];
  const loss = tf.customGrad((z, save) => {
    const logits = z as tf.Tensor;
    (save as tf.GradSaveFunc)([logits]);
    const shifted = tf.sub(logits, tf.max(logits, 1, true));
    const logSums = tf.log(tf.sum(tf.exp(shifted), 1));
    const own = tf.mul(shifted, tf.oneHot(labels as tf.Tensor1D, classes, 1, 0, 'float32'));
    const value = tf.div(tf.sub(tf.sum(logSums), tf.sum(own)), examples);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
      const residual = tf.sub(tf.softmax(saved), tf.oneHot(labels as tf.Tensor1D, classes, 1, 0, 'float32'));
      return tf.mul(residual, tf.div(dy, examples));
    };
    return { value, gradFunc };
  });
  return loss(logits);
}
