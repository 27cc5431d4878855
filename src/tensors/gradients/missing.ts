import type * as tensorflow from '@tensorflow/tfjs';
import { type ConvolutionAttrs, convolutionGradient } from './convolutions.js';
import { depthwiseGradient } from './depthwise.js';
import type { Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;
type Inputs = { readonly [name: string]: Tensor };

/**
 * Adds the kernels that the backend in use lacks and that gradients, stock ones too, ask for: sums over segments
 * and the gradients of convolutions (all missing in the WebAssembly backend). They are composed of the
 * backend's own kernels, so that the gradient of a filter is a product PᵀD there too.
 */
export function addMissingKernels(tf: Tf): void {
  const backendName = tf.engine().backendName;
  if (!backendName) return;
  const add = (kernelName: string, compute: (inputs: Inputs, attrs: unknown) => Tensor) => {
    if (tf.getKernel(kernelName, backendName)) return;
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compute(inputs as Inputs, attrs)),
    });
  };
  add(tf.UnsortedSegmentSum, ({ x, segmentIds }, attrs) => {
    const { numSegments } = attrs as tensorflow.UnsortedSegmentSumAttrs;
    const shape = x.shape.slice(segmentIds.rank);
    // What has a negative number belongs to no segment: it is added to one more, which is left out.
    const last = tf.fill(segmentIds.shape, numSegments, 'int32');
    const places = tf.where(tf.less(segmentIds, 0), last, segmentIds);
    const rows = tf.reshape(x, [segmentIds.size, ...shape]);
    const sums = tf.scatterND(tf.reshape(places, [-1, 1]), rows, [numSegments + 1, ...shape]);
    return tf.slice(sums, 0, numSegments);
  });
  add(tf.Conv2DBackpropFilter, ({ x, dy }, given) => {
    const { filterShape, ...attrs } = given as ConvolutionAttrs & { filterShape: number[] };
    return convolutionGradient(tf, dy, x, tf.zeros(filterShape), attrs).filter();
  });
  add(tf.DepthwiseConv2dNativeBackpropFilter, ({ x, dy }, given) => {
    const { filterShape, ...attrs } = given as ConvolutionAttrs & { filterShape: number[] };
    return depthwiseGradient(tf, dy, x, tf.zeros(filterShape), attrs).filter();
  });
  add(tf.DepthwiseConv2dNativeBackpropInput, ({ dy, filter }, given) => {
    const { inputShape, ...attrs } = given as ConvolutionAttrs & { inputShape: number[] };
    return depthwiseGradient(tf, dy, tf.zeros(inputShape), filter, attrs).x();
  });
}
