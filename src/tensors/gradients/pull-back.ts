import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;

/**
 * Jᵀ·dy of a function of tensors at x, for gradients that are best said by what the operation computes.
 *
 * Within a gradient TensorFlow.js derives another one only where a tape is open: without, it would throw away
 * the tape it is just reading.
 */
export function pullBack(tf: Tf, f: (...x: Tensor[]) => Tensor, x: readonly Tensor[], dy: Tensor): Tensor[] {
  const engine = tf.engine();
  const { activeTape } = engine.state;
  try {
    const { grads } = engine.gradients(() => f(...x), [...x], dy, true);
    return x.map((operand, i) => grads[i] ?? tf.zerosLike(operand)); // what f does not depend on has none
  } finally {
    if (engine.state.gradientDepth === 0) engine.state.activeTape = activeTape;
  }
}

/** Jẋ of a function of tensors at x, likewise: ∂/∂u ⟨Jᵀu, ẋ⟩, since Jᵀu is linear in u. */
export function pushForward(
  tf: Tf,
  f: (...x: Tensor[]) => Tensor,
  x: readonly Tensor[],
  tangents: readonly Tensor[],
): Tensor {
  const u = tf.zerosLike(f(...x));
  const along = (...us: Tensor[]) =>
    pullBack(tf, f, x, us[0])
      .map((gradient, i) => tf.sum(tf.mul(gradient, tangents[i])))
      .reduce((sum, term) => tf.add(sum, term));
  return pullBack(tf, along, [u], tf.scalar(1))[0];
}
