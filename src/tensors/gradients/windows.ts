import type * as tensorflow from '@tensorflow/tfjs';
import type { Gradient, Tf } from './gradient.js';
import { imageShape, patchesShape, type Windows } from './window-shape.js';
import { foldComposed, patchesComposed } from './windows-composed.js';

type Tensor = tensorflow.Tensor;

export const patchesKernel = 'FluxionPatches';
export const foldKernel = 'FluxionFold';

/**
 * What each window sees, as a matrix (im2col): [n · windows, places · channels], zeros beyond the image; added up
 * over the places where the windows say so: [n · windows, channels].
 *
 * A convolution is patches(x)·W; the gradient of its filter the product patches(x)ᵀ·D.
 */
export function patches(tf: Tf, x: Tensor, windows: Windows): Tensor {
  const engine = tf.engine();
  if (isWhole(windows)) return tf.reshape(x, patchesShape(windows));
  if (!tf.getKernel(patchesKernel, engine.backendName)) return patchesComposed(tf, x, windows);
  const images = tf.reshape(x, imageShape(windows));
  return engine.runKernel(
    patchesKernel,
    { x: images },
    windows as unknown as tensorflow.NamedAttrMap,
  ) as Tensor;
}

/** The transpose of `patches` (col2im): each entry added back to where it was seen, [n, depth, height, width, channels]. */
export function fold(tf: Tf, x: Tensor, windows: Windows): Tensor {
  const engine = tf.engine();
  if (isWhole(windows)) return tf.reshape(x, imageShape(windows));
  if (!tf.getKernel(foldKernel, engine.backendName)) return foldComposed(tf, x, windows);
  return engine.runKernel(foldKernel, { x }, windows as unknown as tensorflow.NamedAttrMap) as Tensor;
}

/** Each is the other's transpose, and so its gradient. */
export const windowGradients = (tf: Tf): readonly Gradient[] => [
  {
    kernelName: patchesKernel,
    gradFunc: (dy, _, attrs) => ({ x: () => fold(tf, dy as Tensor, attrs as unknown as Windows) }),
  },
  {
    kernelName: foldKernel,
    gradFunc: (dy, _, attrs) => ({ x: () => patches(tf, dy as Tensor, attrs as unknown as Windows) }),
  },
];

/** Whether every window is one entry of the image, as of a 1 × 1 convolution. */
export function isWhole({ size, strides, before, count, image }: Windows): boolean {
  return [0, 1, 2].every(
    (i) => size[i] === 1 && strides[i] === 1 && before[i] === 0 && count[i] === image[i],
  );
}
