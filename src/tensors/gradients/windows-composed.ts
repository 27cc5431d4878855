import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';
import { pullBack } from './pull-back.js';
import type { Windows } from './window-shape.js';

type Tensor = tensorflow.Tensor;

/** `patches` of stock operations, for backends without a kernel of ours: one strided slice for each place. */
export function patchesComposed(tf: Tf, x: Tensor, windows: Windows): Tensor {
  const { batch, channels, image, size, strides, dilations, before, count, summed } = windows;
  // Images have a depth of 1, which is left out: few backends slice and pad five axes.
  const axes = image[0] === 1 && size[0] === 1 && before[0] === 0 ? [1, 2] : [0, 1, 2];
  const reach = axes.map((a) => (count[a] - 1) * strides[a] + (size[a] - 1) * dilations[a] + 1);
  const paddings = axes.map((a, i): [number, number] => [
    before[a],
    Math.max(0, reach[i] - before[a] - image[a]),
  ]);
  const padded = tf.pad(tf.reshape(x, [batch, ...axes.map((a) => image[a]), channels]), [
    [0, 0],
    ...paddings,
    [0, 0],
  ]);
  const seen: Tensor[] = [];
  for (let d = 0; d < size[0]; d++) {
    for (let h = 0; h < size[1]; h++) {
      for (let w = 0; w < size[2]; w++) {
        const place = [d, h, w];
        const begin = axes.map((a) => place[a] * dilations[a]);
        const end = axes.map((a, i) => begin[i] + (count[a] - 1) * strides[a] + 1);
        seen.push(
          tf.stridedSlice(
            padded,
            [0, ...begin, 0],
            [batch, ...end, channels],
            [1, ...axes.map((a) => strides[a]), 1],
          ),
        );
      }
    }
  }
  const parts = seen.map((part) => tf.reshape(part, [-1, channels]));
  return summed ? tf.addN(parts) : tf.concat(parts, 1);
}

/** `fold` of stock operations: as `patchesComposed` is linear, its derivative anywhere. */
export function foldComposed(tf: Tf, x: Tensor, windows: Windows): Tensor {
  const origin = tf.zeros([windows.batch, ...windows.image, windows.channels]);
  return pullBack(tf, (images) => patchesComposed(tf, images, windows), [origin], x)[0];
}
