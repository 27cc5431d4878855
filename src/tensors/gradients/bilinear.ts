import type * as tensorflow from '@tensorflow/tfjs';
import type { Gradient } from './gradient.js';

type Tensor = tensorflow.Tensor;

/** A map y = x ∗ w that is linear in an image and in a filter, with its two transposes. */
export interface Bilinear<A> {
  /** x ∗ w. */
  forward(x: Tensor, filter: Tensor, attrs: A): Tensor;
  /** The gradient at an image of this shape, linear in dy and w. */
  image(dy: Tensor, filter: Tensor, shape: number[], attrs: A): Tensor;
  /** The gradient at a filter of this shape, linear in x and dy. */
  filter(x: Tensor, dy: Tensor, shape: number[], attrs: A): Tensor;
}

/** The kernels' names; where one is left out nothing of its kind is registered. */
export interface BilinearKernels {
  readonly forward: string;
  readonly image: string;
  readonly filter?: string;
}

/** The gradients of a bilinear map and of its transposes: each is made of the same three operations. */
export function bilinearGradients<A>(kernels: BilinearKernels, of: Bilinear<A>): Gradient[] {
  const gradients: Gradient[] = [
    {
      kernelName: kernels.forward,
      inputsToSave: ['x', 'filter'],
      gradFunc: (dy, [x, filter], attrs) => ({
        x: () => of.image(dy as Tensor, filter, x.shape, attrs as unknown as A),
        filter: () => of.filter(x, dy as Tensor, filter.shape, attrs as unknown as A),
      }),
    },
    {
      kernelName: kernels.image,
      inputsToSave: ['dy', 'filter'],
      gradFunc: (ddx, [dy, filter], attrs) => ({
        dy: () => of.forward(ddx as Tensor, filter, attrs as unknown as A),
        filter: () => of.filter(ddx as Tensor, dy, filter.shape, attrs as unknown as A),
      }),
    },
  ];
  if (kernels.filter !== undefined) {
    gradients.push({
      kernelName: kernels.filter,
      inputsToSave: ['x', 'dy'],
      gradFunc: (ddw, [x, dy], attrs) => ({
        x: () => of.image(dy, ddw as Tensor, x.shape, attrs as unknown as A),
        dy: () => of.forward(x, ddw as Tensor, attrs as unknown as A),
      }),
    });
  }
  return gradients;
}
