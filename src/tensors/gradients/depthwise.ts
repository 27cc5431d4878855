import type * as tensorflow from '@tensorflow/tfjs';
import { type ConvolutionAttrs, windowsOf } from './convolutions.js';
import type { Family, Tf } from './gradient.js';
import { placesOf, rowsOf } from './window-shape.js';
import { fold, patches } from './windows.js';

type Tensor = tensorflow.Tensor;

/**
 * Convolutions of each channel c by itself, y[w, c, q] = Σ_p P[w, p, c]·W[p, c, q] with P what the windows see.
 * Stock: cannot be differentiated again, and dilations are refused.
 */
export const depthwise: Family = (tf) => [
  {
    kernelName: tf.DepthwiseConv2dNative,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, [x, filter], attrs) =>
      depthwiseGradient(tf, dy as Tensor, x, filter, attrs as unknown as ConvolutionAttrs),
  },
  {
    kernelName: tf.DepthwiseConv2dNativeBackpropInput,
    inputsToSave: ['dy', 'filter'],
    gradFunc: (ddx, [dy, filter], given) => {
      const attrs = given as unknown as ConvolutionAttrs;
      return {
        dy: () => convolved(tf, ddx as Tensor, filter, attrs),
        filter: () => depthwiseGradient(tf, dy, ddx as Tensor, filter, attrs).filter(),
      };
    },
  },
  {
    kernelName: tf.DepthwiseConv2dNativeBackpropFilter,
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddw, [x, dy], given) => {
      const attrs = given as unknown as ConvolutionAttrs;
      return {
        x: () => depthwiseGradient(tf, dy, x, ddw as Tensor, attrs).x(),
        dy: () => convolved(tf, x, ddw as Tensor, attrs),
      };
    },
  },
];

/** The gradients of a depthwise convolution. */
export function depthwiseGradient(tf: Tf, dy: Tensor, x: Tensor, filter: Tensor, attrs: ConvolutionAttrs) {
  if (attrs.dataFormat === 'NCHW')
    throw new Error('gradient of depthwiseConv2d: expected dataFormat NHWC, got NCHW');
  const windows = windowsOf(tf, x.shape, filter.shape, attrs);
  const [channels, factor] = filter.shape.slice(2);
  const [rows, places] = [rowsOf(windows), placesOf(windows)];
  const errors = () => tf.reshape(dy, factor === 1 ? [rows, 1, channels] : [rows, 1, channels, factor]);
  return {
    x: () => {
      const spread = factor === 1 ? [1, places, channels] : [1, places, channels, factor];
      const back = tf.mul(errors(), tf.reshape(filter, spread));
      const summed = factor === 1 ? back : tf.sum(back, 3);
      return tf.reshape(fold(tf, tf.reshape(summed, [rows, places * channels]), windows), x.shape);
    },
    filter: () => {
      const seen = tf.reshape(
        patches(tf, x, windows),
        factor === 1 ? [rows, places, channels] : [rows, places, channels, 1],
      );
      const products = tf.reshape(tf.mul(seen, errors()), [rows, places * channels * factor]);
      return tf.reshape(tf.sum(products, 0), filter.shape);
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
