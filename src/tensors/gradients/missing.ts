import type * as tensorflow from '@tensorflow/tfjs';
import { type ConvolutionAttrs, convolution } from './convolutions.js';
import { depthwiseConvolution } from './depthwise.js';
import type { Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;
type Inputs = { readonly [name: string]: Tensor };

/**
 * Adds the kernels that the backend in use lacks and that stock gradients ask for: those of
 * convolutions (missing in the WebAssembly backend). They are composed of the
 * backend's own kernels, so that the gradient of a filter is a product PᵀD there too. What else the CPU has and the
 * WebAssembly backend has not (complex numbers, strings, ragged tensors) is refused by name.
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
  add(tf.Conv2DBackpropFilter, ({ x, dy }, given) => {
    const { filterShape, ...attrs } = given as ConvolutionAttrs & { filterShape: number[] };
    return convolution(tf).filter(x, dy, filterShape, attrs);
  });
  add(tf.DepthwiseConv2dNativeBackpropFilter, ({ x, dy }, given) => {
    const { filterShape, ...attrs } = given as ConvolutionAttrs & { filterShape: number[] };
    return depthwiseConvolution(tf).filter(x, dy, filterShape, attrs);
  });
  add(tf.DepthwiseConv2dNativeBackpropInput, ({ dy, filter }, given) => {
    const { inputShape, ...attrs } = given as ConvolutionAttrs & { inputShape: number[] };
    return depthwiseConvolution(tf).image(dy, filter, inputShape, attrs);
  });
  if (backendName !== 'wasm') return;
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    add(kernelName, () => {
      throw new Error(`${kernelName}: the backend 'wasm' has no such kernel; useBackend('cpu') has`);
    });
  }
}
