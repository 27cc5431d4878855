import type * as tensorflow from '@tensorflow/tfjs';
import type { Family, Tf } from './gradient.js';
import { pullBack } from './pull-back.js';

type Tensor = tensorflow.Tensor;

/**
 * Operations that only move entries. Stock: `mirrorPad` forgets the mirrored entries (silently wrong), `tile`
 * stops at rank 4, `unstack` and `split` fail where there is one part, `stridedSlice`, `depthToSpace` and `diag` have no gradient.
 */
export const shapes: Family = (tf) => [
  {
    kernelName: tf.Unpack,
    gradFunc: (dys, _, attrs) => ({
      value: () => tf.stack(([] as Tensor[]).concat(dys), (attrs as unknown as tensorflow.UnpackAttrs).axis),
    }),
  },
  {
    kernelName: tf.SplitV,
    gradFunc: (dys, _, attrs) => ({
      x: () => tf.concat(([] as Tensor[]).concat(dys), (attrs as unknown as tensorflow.SplitVAttrs).axis),
    }),
  },
  {
    kernelName: tf.MirrorPad,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () =>
        pullBack(
          tf,
          (t) => mirrored(tf, t, attrs as unknown as tensorflow.MirrorPadAttrs),
          [x],
          dy as Tensor,
        )[0],
    }),
  },
  {
    kernelName: tf.Tile,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => {
        const { reps } = attrs as unknown as tensorflow.TileAttrs;
        let sum = dy as Tensor;
        reps.forEach((times, axis) => {
          if (times === 1) return;
          const shape = sum.shape;
          const parts = tf.reshape(sum, [
            product(shape.slice(0, axis)),
            times,
            x.shape[axis] * product(shape.slice(axis + 1)),
          ]);
          sum = tf.reshape(tf.sum(parts, 1), [
            ...shape.slice(0, axis),
            x.shape[axis],
            ...shape.slice(axis + 1),
          ]);
        });
        return sum;
      },
    }),
  },
  {
    kernelName: tf.StridedSlice,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => spreadOut(tf, dy as Tensor, x.shape, attrs as unknown as tensorflow.StridedSliceAttrs),
    }),
  },
  {
    kernelName: tf.DepthToSpace,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => {
        const { blockSize: b, dataFormat } = attrs as unknown as tensorflow.DepthToSpaceAttrs;
        if (dataFormat !== 'NHWC')
          throw new Error(`gradient of depthToSpace: expected dataFormat NHWC, got ${dataFormat}`);
        const [n, h, w, c] = x.shape;
        const blocks = tf.reshape(dy as Tensor, [n * h, b, w, (b * c) / (b * b)]);
        return tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), x.shape);
      },
    }),
  },
  {
    kernelName: tf.Diag,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({
      x: () => {
        const square = tf.reshape(dy as Tensor, [x.size, x.size]);
        return tf.reshape(tf.sum(tf.mul(square, tf.eye(x.size)), 1), x.shape);
      },
    }),
  },
];

/** What mirrorPad computes, of slices and reversals, one axis after the other. */
function mirrored(tf: Tf, x: Tensor, { paddings, mode }: tensorflow.MirrorPadAttrs): Tensor {
  const skip = mode === 'reflect' ? 1 : 0;
  let padded = x;
  paddings.forEach(([before, after], axis) => {
    const length = x.shape[axis];
    const part = (start: number, count: number) => {
      const shape = padded.shape;
      const begin = shape.map((_, i) => (i === axis ? start : 0));
      return tf.reverse(
        tf.slice(
          padded,
          begin,
          shape.map((size, i) => (i === axis ? count : size)),
        ),
        axis,
      );
    };
    const parts = [padded];
    if (before > 0) parts.unshift(part(skip, before));
    if (after > 0) parts.push(part(length - skip - after, after));
    if (parts.length > 1) padded = tf.concat(parts, axis);
  });
  return padded;
}

/** Each entry of dy back where stridedSlice took it from, zeros elsewhere. */
function spreadOut(tf: Tf, dy: Tensor, shape: number[], attrs: tensorflow.StridedSliceAttrs): Tensor {
  const { begin, end, strides } = attrs;
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const slice = tf.slice_util.sliceInfo(
    shape,
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );

  const counts = tf.slice_util.computeOutShape(slice.begin, slice.end, slice.strides);
  let spread = tf.reshape(dy, counts);
  for (let axis = 0; axis < shape.length; axis++) {
    const stride = Math.abs(slice.strides[axis]);
    const count = counts[axis];
    if (stride > 1) {
      const now = spread.shape;
      const [outer, inner] = [product(now.slice(0, axis)), product(now.slice(axis + 1))];
      const apart = tf.pad(tf.reshape(spread, [outer * count, 1, inner]), [
        [0, 0],
        [0, stride - 1],
        [0, 0],
      ]);
      const length = (count - 1) * stride + 1;
      spread = tf.slice(tf.reshape(apart, [outer, count * stride, inner]), [0, 0, 0], [outer, length, inner]);
      spread = tf.reshape(spread, [...now.slice(0, axis), length, ...now.slice(axis + 1)]);
    }
    const length = spread.shape[axis];
    let first = slice.begin[axis];
    if (slice.strides[axis] < 0) {
      spread = tf.reverse(spread, axis);
      first -= length - 1;
    }
    const paddings = shape.map((_, i): [number, number] =>
      i === axis ? [first, shape[axis] - first - length] : [0, 0],
    );
    spread = tf.pad(spread, paddings);
  }
  return spread;
}

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
