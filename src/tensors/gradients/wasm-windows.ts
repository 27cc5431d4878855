import type * as tensorflow from '@tensorflow/tfjs';
import { type ConvolutionAttrs, imageGradient } from './convolutions.js';

import type { Tf } from './gradient.js';
import { largestOf } from './largest.js';
import { dilated } from './morphology.js';
import { poolingWindows } from './poolings.js';
import type { Replace } from './replace.js';

/**
 * Windows of the WebAssembly backend. Stock: `maxPool3d` and `dilation2d` of negative numbers give 1.2·10⁻³⁸,
 * `conv3dTranspose` zeros; a number as padding with windows that are not square writes beyond the memory of the
 * result, and is refused here.
 */
export function repairWasmWindows(tf: Tf, replace: Replace): void {
  replace(
    tf.MaxPool3D,
    () =>
      ({ inputs: { x }, attrs }) =>
        tf.tidy(() => {
          const windows = poolingWindows(tf, x, attrs);
          const values = tf.gather(tf.reshape(x, [-1]), tf.reshape(largestOf(tf, x, windows), [-1]));
          return tf.reshape(values, [windows.batch, ...windows.count, windows.channels]);
        }),
  );
  replace(
    tf.Dilation2D,
    () =>
      ({ inputs: { x, filter }, attrs }) =>
        tf.tidy(() => dilated(tf, x, filter, attrs as unknown as tensorflow.Dilation2DAttrs)),
  );
  replace(
    tf.Conv3DBackpropInputV2,
    () =>
      ({ inputs: { dy, filter }, attrs }) =>
        tf.tidy(() => {
          const { inputShape, ...given } = attrs as unknown as ConvolutionAttrs & { inputShape: number[] };
          return imageGradient(tf, dy, filter, inputShape, given);
        }),
  );
  for (const name of [tf.Conv2D, tf.FusedConv2D, tf.DepthwiseConv2dNative, tf.FusedDepthwiseConv2D]) {
    replace(name, (stock) => (call) => {
      refuseOblong(name, call.attrs, call.inputs.filter.shape);
      return stock(call);
    });
  }
  for (const name of [tf.MaxPool, tf.AvgPool]) {
    replace(name, (stock) => (call) => {
      refuseOblong(name, call.attrs, call.attrs.filterSize as number | number[]);
      return stock(call);
    });
  }
}

function refuseOblong(
  name: string,
  attrs: { readonly [name: string]: unknown },
  size: number | readonly number[],
): void {
  if (typeof attrs.pad !== 'number') return;
  const pair = (given: unknown) =>
    Array.isArray(given) ? (given as number[]) : [given as number, given as number];
  const [strides, dilations, sizes] = [pair(attrs.strides), pair(attrs.dilations ?? 1), pair(size)];
  const square = (sizes[0] - 1) * dilations[0] === (sizes[1] - 1) * dilations[1] && strides[0] === strides[1];
  if (square) return;
  throw new RangeError(
    `${name}(pad): a number takes square windows, got ${sizes[0]} × ${sizes[1]} by ${strides.join(' × ')}; ` +
      'give [[0, 0], [top, bottom], [left, right], [0, 0]]',
  );
}
