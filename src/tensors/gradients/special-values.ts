import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';
import { dilated } from './morphology.js';
import { maxPooled, maxPooledWithPlaces, poolingWindows } from './poolings.js';
import type { Kernel, Replace } from './replace.js';
import { constant } from './tape.js';
import { patches } from './windows.js';

type Tensor = tensorflow.Tensor;

/** Stock begins with the smallest positive number on WebAssembly, which it tells of a window wholly negative; on WebGPU it loses NaN. */
export function findLargestInWindows(tf: Tf, replace: Replace): void {
  replace(
    tf.MaxPoolWithArgmax,
    () => (call) =>
      tf.tidy(() => maxPooledWithPlaces(tf, call.inputs.x, call.attrs)) as unknown as tensorflow.TensorInfo,
  );
}

/** Poolings and dilations that lose a NaN are computed anew where their input holds one. */
export function keepNaNInWindows(tf: Tf, replace: Replace): void {
  for (const name of [tf.MaxPool, tf.MaxPool3D]) {
    replace(name, (stock) => (call) => {
      const { x } = call.inputs;
      return holdsNaN(tf, x) ? tf.tidy(() => maxPooled(tf, x, call.attrs)) : stock(call);
    });
  }
  replace(tf.AvgPool, (stock) => (call) => {
    const { x } = call.inputs;
    if (!holdsNaN(tf, x)) return stock(call);
    return tf.tidy(() => {
      const windows = { ...poolingWindows(tf, x, call.attrs), summed: true };
      const { batch, count, channels } = windows;
      const means = tf.div(patches(tf, x, windows), patches(tf, tf.ones(x.shape), windows));
      return tf.reshape(means, [batch, count[1], count[2], channels]);
    });
  });
  replace(tf.Dilation2D, (stock) => (call) => {
    const { x, filter } = call.inputs;
    if (!holdsNaN(tf, x) && !holdsNaN(tf, filter)) return stock(call);
    return tf.tidy(() => dilated(tf, x, filter, call.attrs as unknown as tensorflow.Dilation2DAttrs));
  });
}

/** A dilation beside one that tells which of its windows see a NaN, for backends where reading an entry is slow. */
export function dilationWithNaN(tf: Tf, stock: Kernel): Kernel {
  return (call) => {
    const { x, filter } = call.inputs;
    const most = (image: Tensor, over: Tensor) =>
      tf.engine().makeTensorFromTensorInfo(stock({ ...call, inputs: { x: image, filter: over } }));
    const where = (of: Tensor) => tf.cast(tf.isNaN(of), 'float32');
    return tf.tidy(() => {
      const unknown = tf.maximum(most(where(x), tf.zerosLike(filter)), most(tf.zerosLike(x), where(filter)));
      const result = most(x, filter);
      return tf.where(tf.greater(unknown, 0), tf.fill(result.shape, Number.NaN), result);
    });
  };
}

/** Whether a NaN is among the entries; where both infinities are, it may say so too. */
function holdsNaN(tf: Tf, x: Tensor): boolean {
  return tf.tidy(() => Number.isNaN(constant(tf, () => tf.sum(x)).dataSync()[0]));
}
