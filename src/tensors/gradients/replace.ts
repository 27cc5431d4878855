import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';

/** A kernel in terms of tensors: what it computes by operations is on no tape. */
export type Kernel = (call: {
  readonly inputs: { readonly [name: string]: tensorflow.Tensor };
  readonly attrs: { readonly [name: string]: unknown };
  readonly backend: unknown;
}) => tensorflow.TensorInfo;

/** Puts a kernel made of the stock one in its place. */
export type Replace = (kernelName: string, repair: (stock: Kernel) => Kernel) => void;

/** Replaces kernels of a backend, or adds them. */
export function replacing(tf: Tf, backendName: string): Replace {
  return (kernelName, repair) => {
    const config = tf.getKernel(kernelName, backendName);
    const kernelFunc = repair(config?.kernelFunc as unknown as Kernel);
    const own = {
      ...config,
      kernelName,
      backendName,
      kernelFunc: kernelFunc as typeof config.kernelFunc & Kernel,
    };
    if (config) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel(own);
  };
}
