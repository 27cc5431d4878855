import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';
import type { Replace } from './replace.js';
import { dilationWithNaN, findLargestInWindows } from './special-values.js';

type Tensor = tensorflow.Tensor;
type Pad = 'valid' | 'same' | number | readonly (readonly [number, number])[];

/**
 * Mends kernels of the native package: windows with a padding of their own, which it refuses, see an image that is
 * padded; `gather` finds axes that are counted from the end; maxima of windows pass NaN on,
 * and are there with their places.
 */
export function repairNativeForward(tf: Tf, replace: Replace): void {
  for (const name of [tf.Conv2D, tf.FusedConv2D, tf.DepthwiseConv2dNative, tf.FusedDepthwiseConv2D]) {
    replace(name, (stock) => (call) => {
      const own = paddings(call.attrs.pad as Pad);
      if (own === undefined) return stock(call);
      const attrs = { ...call.attrs, pad: 'valid' };
      return tf.tidy(
        () => stock({ ...call, attrs, inputs: { ...call.inputs, x: tf.pad(call.inputs.x, own) } }) as Tensor,
      );
    });
  }
  const pooled = (name: string, x: Tensor, attrs: object): Tensor =>
    tf.engine().runKernel(name, { x }, { ...attrs, pad: 'valid' } as tensorflow.NamedAttrMap);
  replace(tf.AvgPool, (stock) => (call) => {
    const own = paddings(call.attrs.pad as Pad);
    if (own === undefined) return stock(call);
    const mean = (x: Tensor) => pooled(tf.AvgPool, tf.pad(x, own), call.attrs);
    const { x } = call.inputs;
    return tf.tidy(() => tf.div(mean(x), mean(tf.onesLike(x)))); // what pads does not count
  });
  findLargestInWindows(tf, replace);
  for (const name of [tf.MaxPool, tf.MaxPool3D]) {
    replace(name, (stock) => (call) => {
      const { x } = call.inputs;
      const own = paddings(call.attrs.pad as Pad);
      const most = (of: Tensor): Tensor =>
        own === undefined
          ? (stock({ ...call, inputs: { x: of } }) as Tensor)
          : (stock({
              ...call,
              attrs: { ...call.attrs, pad: 'valid' },
              inputs: { x: tf.pad(of, own, Number.NEGATIVE_INFINITY) },
            }) as Tensor);
      return tf.tidy(() => {
        const unknown = most(tf.cast(tf.isNaN(x), 'float32'));
        const result = most(x);
        return tf.where(tf.greater(unknown, 0), tf.fill(result.shape, Number.NaN), result);
      });
    });
  }
  replace(tf.Conv2DBackpropFilter, (stock) => (call) => {
    const own = paddings(call.attrs.pad as Pad);
    if (own === undefined) return stock(call);
    const { x, dy } = call.inputs;
    const attrs = { ...call.attrs, pad: 'valid' };
    return tf.tidy(() => stock({ ...call, attrs, inputs: { x: tf.pad(x, own), dy } }) as Tensor);
  });
  replace(tf.Conv2DBackpropInput, (stock) => (call) => {
    const own = paddings(call.attrs.pad as Pad);
    if (own === undefined) return stock(call);
    const shape = call.attrs.inputShape as number[];
    const inputShape = shape.map((size, axis) => size + own[axis][0] + own[axis][1]);
    const attrs = { ...call.attrs, pad: 'valid', inputShape };
    const before = own.map(([first]) => first);
    return tf.tidy(() => tf.slice(stock({ ...call, attrs }) as Tensor, before, shape));
  });
  replace(tf.Dilation2D, (stock) => dilationWithNaN(tf, stock));
  replace(tf.GatherV2, (stock) => (call) => {
    const axis = call.attrs.axis as number;
    const from = axis < 0 ? axis + call.inputs.x.shape.length : axis;
    return stock({ ...call, attrs: { ...call.attrs, axis: from } });
  });
}

/** What is put around an image, by its axes; undefined where the package knows how. */
function paddings(pad: Pad): [number, number][] | undefined {
  if (typeof pad === 'string') return undefined;
  if (typeof pad === 'number') return [[0, 0], [pad, pad], [pad, pad], [0, 0]]; // biome-ignore format: a row
  return pad.map(([before, after]) => [before, after]);
}
