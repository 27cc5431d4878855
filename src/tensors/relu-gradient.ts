import * as tf from '@tensorflow/tfjs';

const own = 'FluxionReluGradient';
let repaired = false;

/**
 * Gives relu a gradient of one kernel, dy where x > 0 and else 0, in the place of three. Idempotent.
 *
 * It can be differentiated again: by dy it is linear, by x constant almost everywhere.
 */
export function repairReluGradient(): void {
  if (repaired) return;
  repaired = true;
  const pulledBack = (x: tf.Tensor, dy: tf.Tensor): tf.Tensor => {
    const engine = tf.engine();
    if (tf.getKernel(own, engine.backendName)) return engine.runKernel(own, { x, dy });
    return tf.mul(dy, tf.cast(tf.step(x), 'float32'));
  };
  tf.unregisterGradient('Relu');
  tf.registerGradient({
    kernelName: 'Relu',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => pulledBack(x, dy as tf.Tensor) }),
  });
  tf.registerGradient({
    kernelName: own,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.zerosLike(x), dy: () => pulledBack(x, dy as tf.Tensor) }),
  });
}
