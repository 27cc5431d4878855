import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';
import { imageShape, placesOf, rowsOf, type Windows } from './window-shape.js';
import { patches } from './windows.js';

type Tensor = tensorflow.Tensor;

export const largestKernel = 'FluxionLargest';

/** Where in x, counted through all its entries, each window's largest lies, channel by channel: int32 [n · windows, channels]. */
export function largestOf(tf: Tf, x: Tensor, windows: Windows): Tensor {
  const engine = tf.engine();
  if (tf.getKernel(largestKernel, engine.backendName)) {
    return engine.runKernel(largestKernel, { x }, windows as unknown as tensorflow.NamedAttrMap) as Tensor;
  }
  const [rows, places] = [rowsOf(windows), placesOf(windows)];
  const { batch, channels, image } = windows;
  const shape = [rows, places, channels];
  const indices = tf.reshape(tf.range(0, x.size, 1, 'int32'), imageShape(windows));
  const seen = (entries: Tensor) => tf.reshape(patches(tf, entries, windows), shape);
  // What lies beyond the image is zero in the patches, and must not be the largest.
  const inside = patches(tf, tf.ones([batch, ...image, channels]), windows);
  const beyond = tf.fill([rows, places * channels], Number.NEGATIVE_INFINITY);
  const values = tf.reshape(
    tf.where(tf.cast(inside, 'bool'), tf.reshape(seen(x), inside.shape), beyond),
    shape,
  );
  // A NaN goes before all numbers, an infinity too; not every backend's argMax sees one.
  const most = 3.4028234663852886e38;
  const order = tf.where(
    tf.isNaN(values),
    tf.fill(shape, Number.POSITIVE_INFINITY),
    tf.minimum(values, most),
  );
  const which = tf.oneHot(tf.argMax(order, 1) as tensorflow.Tensor2D, places, 1, 0, 'int32'); // [rows, channels, places]
  const where = tf.transpose(seen(indices), [0, 2, 1]);
  return tf.sum(tf.mul(which, where), 2);
}
