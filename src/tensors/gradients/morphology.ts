import type * as tensorflow from '@tensorflow/tfjs';
import { windowsOf } from './convolutions.js';
import type { Family, Tf } from './gradient.js';
import { pullBack } from './pull-back.js';
import { constant } from './tape.js';
import { placesOf, rowsOf } from './window-shape.js';
import { patches } from './windows.js';

type Tensor = tensorflow.Tensor;

/** Grey-scale dilation, y = max over the window of x + filter: stock, it cannot be differentiated again. */
export const morphology: Family = (tf) => [
  {
    kernelName: tf.Dilation2D,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, [x, filter], attrs) => {
      const pulled = (which: number) => () =>
        pullBack(
          tf,
          (...both) => dilated(tf, both[0], both[1], attrs as unknown as tensorflow.Dilation2DAttrs),
          [x, filter],
          dy as Tensor,
        )[which];
      return { x: pulled(0), filter: pulled(1) };
    },
  },
];

/** What dilation2d computes. */
export function dilated(
  tf: Tf,
  x: Tensor,
  filter: Tensor,
  { strides, pad, dilations }: tensorflow.Dilation2DAttrs,
): Tensor {
  const windows = windowsOf(tf, x.shape, [...filter.shape, 1], { strides, pad, dilations });
  const [rows, places, { channels, count, batch, image }] = [rowsOf(windows), placesOf(windows), windows];
  const shape = [rows, places, channels];
  const inside = constant(tf, () =>
    tf.cast(tf.reshape(patches(tf, tf.ones([batch, ...image, channels]), windows), shape), 'bool'),
  );
  const beyond = tf.fill(shape, Number.NEGATIVE_INFINITY);
  const sums = tf.add(tf.reshape(patches(tf, x, windows), shape), tf.reshape(filter, [1, places, channels]));
  return tf.reshape(tf.max(tf.where(inside, sums, beyond), 1), [batch, count[1], count[2], channels]);
}
