import type * as tensorflow from '@tensorflow/tfjs';
import type { Family } from './gradient.js';
import { constant } from './tape.js';
import { unspread } from './unspread.js';

type Tensor = tensorflow.Tensor;

/** dy where x > 0, else 0: a kernel of ours where the backend has it. */
export const reluGradient = 'FluxionReluGradient';

/** The derivative of elu, read from its output y: 1 where y > 0, else y + 1. */
const eluGradient = 'EluGrad';

/**
 * Activations with pieces: by dy their gradients are linear, by x constant almost everywhere (elu aside), so
 * that which piece an entry lies on is a constant to every further derivative.
 */
export const activations: Family = (tf) => {
  const reluSlope = (x: Tensor, dy: Tensor): Tensor => {
    const engine = tf.engine();
    if (tf.getKernel(reluGradient, engine.backendName)) return engine.runKernel(reluGradient, { x, dy });
    return tf.mul(
      dy,
      constant(tf, () => tf.step(x)),
    );
  };
  return [
    {
      kernelName: tf.Relu,
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => reluSlope(x, dy as Tensor) }),
    },
    {
      kernelName: reluGradient,
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => tf.zerosLike(x), dy: () => reluSlope(x, dy as Tensor) }),
    },
    {
      kernelName: tf.Relu6,
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => {
        const slope = () =>
          constant(tf, () => tf.cast(tf.logicalAnd(tf.greater(x, 0), tf.lessEqual(x, 6)), 'float32'));
        return { x: () => tf.mul(dy as Tensor, slope()) };
      },
    },
    {
      kernelName: tf.LeakyRelu,
      inputsToSave: ['x'],
      gradFunc: (dy, [x], attrs) => {
        const { alpha } = attrs as unknown as tensorflow.LeakyReluAttrs;
        const slope = () => constant(tf, () => tf.step(x, alpha));
        return { x: () => tf.mul(dy as Tensor, slope()) };
      },
    },
    {
      kernelName: tf.Prelu,
      inputsToSave: ['x', 'alpha'],
      gradFunc: (given, [x, alpha]) => {
        const dy = given as Tensor;
        const positive = constant(tf, () => tf.step(x));
        const others = constant(tf, () => tf.sub(1, positive));
        return {
          x: () => tf.add(tf.mul(dy, positive), tf.mul(tf.mul(dy, others), alpha)),
          alpha: () => unspread(tf, tf.mul(tf.mul(dy, others), x), alpha.shape),
        };
      },
    },
    {
      kernelName: eluGradient,
      inputsToSave: ['dy', 'y'],
      gradFunc: (given, [dy, y]) => {
        const ddx = given as Tensor;
        const negative = () => constant(tf, () => tf.cast(tf.less(y, 0), 'float32'));
        return {
          dy: () => tf.engine().runKernel(eluGradient, { dy: ddx, y }) as Tensor,
          y: () => tf.mul(tf.mul(ddx, dy), negative()),
        };
      },
    },
    {
      kernelName: tf.ClipByValue,
      inputsToSave: ['x'],
      gradFunc: (dy, [x], attrs) => {
        const { clipValueMin: low, clipValueMax: high } = attrs as unknown as tensorflow.ClipByValueAttrs;
        const within = () =>
          constant(tf, () =>
            tf.cast(tf.logicalAnd(tf.greaterEqual(x, low), tf.lessEqual(x, high)), 'float32'),
          );
        return { x: () => tf.mul(dy as Tensor, within()) };
      },
    },
  ];
};
