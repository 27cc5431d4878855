import type * as tensorflow from '@tensorflow/tfjs';
import { type Bilinear, bilinearGradients } from './bilinear.js';
import type { Family, Tf } from './gradient.js';
import type { Triple, Windows } from './window-shape.js';
import { fold, foldKernel, patches } from './windows.js';

type Tensor = tensorflow.Tensor;

/** The attributes of convolutions of images and of volumes, as far as they matter here. */
export interface ConvolutionAttrs {
  readonly strides: number | readonly number[];
  readonly pad: 'same' | 'valid' | number | readonly (readonly number[])[];
  /** Null where a layer of TensorFlow.js has none. */
  readonly dilations?: number | readonly number[] | null;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: string;
}

/**
 * Convolutions: bilinear in image and filter, so that each gradient is made of the same three operations.
 *
 * With P the matrix of what the windows see (`patches`), W the filter as a matrix and D the gradient at the
 * output, the gradient of the filter is the product PᵀD, that of the image fold(DWᵀ). Stock: none of these can
 * be differentiated again, and dilations are refused.
 */
export const convolutions: Family = (tf) => {
  const of = convolution(tf);
  const images = { forward: tf.Conv2D, image: tf.Conv2DBackpropInput, filter: tf.Conv2DBackpropFilter };
  const volumes = { forward: tf.Conv3D, image: tf.Conv3DBackpropInputV2 };
  return [...bilinearGradients(images, of), ...bilinearGradients(volumes, of)];
};

/** The convolution of images or volumes. */
export function convolution(tf: Tf): Bilinear<ConvolutionAttrs> {
  return {
    forward: (x, filter, attrs) => convolved(tf, x, filter, attrs),
    image: (dy, filter, shape, attrs) => imageGradient(tf, dy, filter, shape, attrs),
    filter: (x, dy, shape, attrs) => filterGradient(tf, x, dy, shape, attrs),
  };
}

/** PᵀD. */
function filterGradient(tf: Tf, x: Tensor, dy: Tensor, shape: number[], attrs: ConvolutionAttrs): Tensor {
  const image = channelsLast(tf, x, attrs);
  const seen = patches(tf, image, windowsOf(tf, image.shape, shape, attrs));
  return tf.reshape(tf.matMul(seen, errorsOf(tf, dy, attrs), true, false), shape);
}

/** fold(DWᵀ). */
export function imageGradient(
  tf: Tf,
  dy: Tensor,
  filter: Tensor,
  shape: number[],
  attrs: ConvolutionAttrs,
): Tensor {
  const { dataFormat, strides, pad, dimRoundingMode } = attrs;
  const dilations = attrs.dilations ?? 1;
  const own = tf.getKernel(foldKernel, tf.engine().backendName) !== undefined;
  if (!own && filter.rank === 4 && [dilations].flat().every((step) => step === 1)) {
    const given = { strides, pad, dataFormat, dimRoundingMode, inputShape: shape };
    return tf
      .engine()
      .runKernel(
        tf.Conv2DBackpropInput,
        { dy, filter },
        given as unknown as tensorflow.NamedAttrMap,
      ) as Tensor;
  }
  const errors = errorsOf(tf, dy, attrs);
  const weights = tf.reshape(filter, [-1, errors.shape[1] as number]);
  const last = dataFormat === 'NCHW' ? [shape[0], shape[2], shape[3], shape[1]] : shape;
  const images = tf.reshape(
    fold(tf, tf.matMul(errors, weights, false, true), windowsOf(tf, last, filter.shape, attrs)),
    last,
  );
  return dataFormat === 'NCHW' ? tf.transpose(images, [0, 3, 1, 2]) : images;
}

function convolved(tf: Tf, x: Tensor, filter: Tensor, attrs: ConvolutionAttrs): Tensor {
  const kernel = filter.rank === 4 ? tf.Conv2D : tf.Conv3D;
  const { strides, pad, dataFormat = filter.rank === 4 ? 'NHWC' : 'NDHWC', dimRoundingMode } = attrs;
  const dilations = attrs.dilations ?? 1;
  const given = { strides, pad, dataFormat, dilations, dimRoundingMode };
  return tf.engine().runKernel(kernel, { x, filter }, given as unknown as tensorflow.NamedAttrMap) as Tensor;
}

/** D: the gradient at the output as a matrix, one row a window. */
function errorsOf(tf: Tf, dy: Tensor, attrs: ConvolutionAttrs): Tensor {
  const last = channelsLast(tf, dy, attrs);
  return tf.reshape(last, [-1, last.shape[last.rank - 1] as number]);
}

function channelsLast(tf: Tf, x: Tensor, { dataFormat }: ConvolutionAttrs): Tensor {
  return dataFormat === 'NCHW' ? tf.transpose(x, [0, 2, 3, 1]) : x;
}

/** The windows of a filter [height, width, …] or [depth, height, width, …] on images with channels last. */
export function windowsOf(
  tf: Tf,
  image: readonly number[],
  filter: readonly number[],
  attrs: ConvolutionAttrs,
): Windows {
  const { strides, pad, dimRoundingMode } = attrs;
  const dilations = attrs.dilations ?? 1;
  const util = tf.backend_util;
  const volume = image.length === 5;
  type Given = Parameters<typeof util.computeConv2DInfo>;
  if (!volume) {
    const info = util.computeConv2DInfo(
      image as Given[0],
      filter as Given[1],
      strides as Given[2],
      dilations as Given[3],
      pad as Given[4],
      dimRoundingMode,
    );
    return {
      batch: image[0],
      channels: image[3],
      image: [1, image[1], image[2]],
      size: [1, filter[0], filter[1]],
      strides: [1, info.strideHeight, info.strideWidth],
      dilations: [1, info.dilationHeight, info.dilationWidth],
      before: [0, info.padInfo.top, info.padInfo.left],
      count: [1, info.outHeight, info.outWidth],
    };
  }
  type Given3 = Parameters<typeof util.computeConv3DInfo>;
  const info = util.computeConv3DInfo(
    image as Given3[0],
    filter as Given3[1],
    strides as Given3[2],
    dilations as Given3[3],
    pad as Given3[4],
    false,
    'channelsLast',
    dimRoundingMode,
  );
  return {
    batch: image[0],
    channels: image[4],
    image: image.slice(1, 4) as unknown as Triple,
    size: filter.slice(0, 3) as unknown as Triple,
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
    count: [info.outDepth, info.outHeight, info.outWidth],
  };
}
