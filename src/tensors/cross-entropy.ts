import * as tf from '@tensorflow/tfjs';

/**
 * Softmax cross-entropy, mean over the examples: L = (1/n) Σᵢ (log Σⱼ exp zᵢⱼ − zᵢ,yᵢ).
 *
 * The largest logit of each row is taken off first, so that nothing overflows. The gradient is the closed
 * form (softmax(z) − onehot(y))/n, computed from the logits anew so that it can be differentiated again.
 *
 * @param logits z, [n, classes]
 * @param labels y, int32 [n], in 0…classes−1
 * @throws RangeError where there are fewer than two classes, or the labels are not int32 [n]
 * @example crossEntropy(tf.tensor2d([[2, 0]]), tf.tensor1d([0], 'int32')) // log(1 + e⁻²)
 */
export function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const [examples, classes] = logits.shape;
  if (logits.rank !== 2 || classes < 2) {
    throw new RangeError(`crossEntropy(logits): expected two classes at least, got shape [${logits.shape}]`);
  }
  if (labels.dtype !== 'int32' || !tf.util.arraysEqual(labels.shape, [examples])) {
    throw new RangeError(
      `crossEntropy(labels): expected int32 of shape [${examples}], got ${labels.dtype} of shape [${labels.shape}]`,
    );
  }
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
