import type * as tensorflow from '@tensorflow/tfjs';
import { type Bilinear, bilinearGradients } from './bilinear.js';
import { type ConvolutionAttrs, windowsOf } from './convolutions.js';
import type { Family, Tf } from './gradient.js';
import { placesOf, rowsOf } from './window-shape.js';
import { fold, patches } from './windows.js';

type Tensor = tensorflow.Tensor;

/**
 * Convolutions of each channel c by itself, y[w, c, q] = Σ_p P[w, p, c]·W[p, c, q] with P what the windows see.
 * Stock: cannot be differentiated again, and dilations are refused.
 */
export const depthwise: Family = (tf) =>
  bilinearGradients(
    {
      forward: tf.DepthwiseConv2dNative,
      image: tf.DepthwiseConv2dNativeBackpropInput,
      filter: tf.DepthwiseConv2dNativeBackpropFilter,
    },
    depthwiseConvolution(tf),
  );

/** The depthwise convolution of images. */
export function depthwiseConvolution(tf: Tf): Bilinear<ConvolutionAttrs> {
  /** P's windows, and D with an axis of its own for q where a channel has several filters. */
  const laidOut = (dy: Tensor, image: number[], filter: number[], attrs: ConvolutionAttrs) => {
    if (attrs.dataFormat === 'NCHW')
      throw new Error('gradient of depthwiseConv2d: expected dataFormat NHWC, got NCHW');
    const windows = windowsOf(tf, image, filter, attrs);
    const [channels, factor] = filter.slice(2);
    const [rows, places] = [rowsOf(windows), placesOf(windows)];
    const errors = tf.reshape(dy, factor === 1 ? [rows, 1, channels] : [rows, 1, channels, factor]);
    return { windows, channels, factor, rows, places, errors };
  };
  return {
    forward: (x, filter, attrs) => convolved(tf, x, filter, attrs),
    image(dy, filter, shape, attrs) {
      const { windows, channels, factor, rows, places, errors } = laidOut(dy, shape, filter.shape, attrs);
      const spread = factor === 1 ? [1, places, channels] : [1, places, channels, factor];
      const back = tf.mul(errors, tf.reshape(filter, spread));
      const summed = factor === 1 ? back : tf.sum(back, 3);
      return tf.reshape(fold(tf, tf.reshape(summed, [rows, places * channels]), windows), shape);
    },
    filter(x, dy, shape, attrs) {
      const { windows, channels, factor, rows, places, errors } = laidOut(dy, x.shape, shape, attrs);
      const seen = tf.reshape(
        patches(tf, x, windows),
        factor === 1 ? [rows, places, channels] : [rows, places, channels, 1],
      );
      const products = tf.reshape(tf.mul(seen, errors), [rows, places * channels * factor]);
      return tf.reshape(tf.sum(products, 0), shape);
    },
  };
}

function convolved(tf: Tf, x: Tensor, filter: Tensor, attrs: ConvolutionAttrs): Tensor {
  const { strides, pad, dimRoundingMode } = attrs;
  const dilations = attrs.dilations ?? [1, 1];
  const given = { strides, pad, dataFormat: 'NHWC', dilations, dimRoundingMode };
  return tf
    .engine()
    .runKernel(
      tf.DepthwiseConv2dNative,
      { x, filter },
      given as unknown as tensorflow.NamedAttrMap,
    ) as Tensor;
}
