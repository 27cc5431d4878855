import type * as tensorflow from '@tensorflow/tfjs';
import type { Family, Gradient, Tf } from './gradient.js';
import { constant } from './tape.js';

type Tensor = tensorflow.Tensor;

/**
 * Resizing is a product with a matrix along the height and another along the width, Y = A·X·Bᵀ, its gradient
 * AᵀDB. The matrices are what resizing makes of the unit matrix. Stock: swaps height and width (throws), or is
 * silently wrong, and cannot be differentiated again.
 */
export const resizes: Family = (tf) => [resize(tf, tf.ResizeBilinear), resize(tf, tf.ResizeNearestNeighbor)];

function resize(tf: Tf, kernelName: string): Gradient {
  return {
    kernelName,
    inputsToSave: ['images'],
    gradFunc: (dy, [images], given) => ({
      images: () => {
        const attrs = given as unknown as tensorflow.ResizeBilinearAttrs;
        const [n, height, width, channels] = images.shape;
        const [toHeight, toWidth] = attrs.size;
        const matrix = (from: number, to: number) =>
          constant(tf, () => {
            const unit = tf.reshape(tf.eye(from), [1, from, 1, from]);
            const columns = { ...attrs, size: [to, 1] } as unknown as tensorflow.NamedAttrMap;
            return tf.reshape(tf.engine().runKernel(kernelName, { images: unit }, columns) as Tensor, [
              to,
              from,
            ]);
          });
        const rows = tf.matMul(
          matrix(height, toHeight),
          tf.reshape(dy as Tensor, [n, toHeight, toWidth * channels]),
          true,
        );
        const columns = tf.matMul(
          matrix(width, toWidth),
          tf.reshape(rows, [n * height, toWidth, channels]),
          true,
        );
        return tf.reshape(columns, images.shape);
      },
    }),
  };
}
