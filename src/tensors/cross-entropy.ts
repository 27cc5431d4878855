import * as tf from '@tensorflow/tfjs';
import { checkClasses } from './class-labels.js';
import { crossEntropyKernel } from './cross-entropy-kernel.js';
import { softmaxCurvature } from './softmax-curvature.js';

/**
 * Softmax cross-entropy, mean over the examples: L = (1/n) Σᵢ (log Σⱼ exp zᵢⱼ − zᵢ,yᵢ).
 *
 * The largest logit of each row is taken off first, so that nothing overflows. The gradient is the closed
 * form (softmax(z) − onehot(y))/n, and can be differentiated again. A logit of −∞ masks its class.
 *
 * @param logits z, [n, classes]
 * @param labels y, int32 [n], in 0…classes−1
 * @throws RangeError where there are fewer than two classes, the labels are not int32 [n], or one is no class; where a
 * graphics card alone knows them, such a label makes the loss NaN
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
  checkClasses('crossEntropy', labels, classes);
  const engine = tf.engine();
  const quick = tf.getKernel(crossEntropyKernel, engine.backendName) !== undefined;
  const loss = tf.customGrad((z, keep) => {
    const save = keep as tf.GradSaveFunc;
    let value: tf.Tensor;
    if (quick) {
      const made = engine.runKernel(crossEntropyKernel, { logits: z as tf.Tensor, labels });
      const [mean, residual] = made as unknown as tf.Tensor[];
      save([z as tf.Tensor, labels, residual]);
      value = mean;
    } else {
      save([z as tf.Tensor, labels]);
      value = meanLoss(z as tf.Tensor, labels);
    }
    const gradFunc = (dy: tf.Tensor, [saved, own, residual]: tf.Tensor[]) => {
      // The residual made on the way is a constant to an outer derivative: then it is made anew.
      const fresh = residual === undefined || engine.state.gradientDepth > 0;
      const excess = fresh ? tf.sub(tf.softmax(saved), marks(own, classes)) : residual;
      return tf.mul(excess, tf.div(dy, examples));
    };
    return { value, gradFunc };
  });
  return loss(logits);
}

function meanLoss(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const [, classes] = logits.shape;
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const logSums = tf.log(tf.sum(tf.exp(shifted), 1));
  const own = marks(labels, classes);
  // Not a product: a masked logit is −∞ in other classes. A label of no class has no mark: 0/0 is NaN.
  const chosen = tf.sum(tf.where(tf.cast(own, 'bool'), shifted, tf.zerosLike(shifted)), 1);
  return tf.mean(tf.sub(logSums, tf.div(chosen, tf.sum(own, 1))));
}

/** One row an example: 1 at its class, else 0. */
function marks(labels: tf.Tensor, classes: number): tf.Tensor {
  return tf.oneHot(labels as tf.Tensor1D, classes, 1, 0, 'float32');
}

crossEntropy.curvature = softmaxCurvature;
