import type * as tensorflow from '@tensorflow/tfjs';
import type { Family, Gradient, Tf } from './gradient.js';
import { pullBack } from './pull-back.js';
import { constant } from './tape.js';

type Tensor = tensorflow.Tensor;

/**
 * Reductions and running sums and products. Stock: `cumsum` along any axis but the last derives along a wrong
 * one, `cumprod` and `topk` have no gradient, `prod` throws for negative axes.
 */
export const reductions: Family = (tf) => [
  extreme(tf, tf.Max, 'reductionIndices'),
  extreme(tf, tf.Min, 'axis'),
  {
    kernelName: tf.Cumsum,
    gradFunc: (dy, _, attrs) => {
      const { axis, exclusive, reverse } = attrs as unknown as tensorflow.CumsumAttrs;
      return { x: () => tf.cumsum(dy as Tensor, axis, exclusive, !reverse) };
    },
  },
  {
    kernelName: tf.Cumprod,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const { axis, exclusive, reverse } = attrs as unknown as tensorflow.CumprodAttrs;
      const running = (t: Tensor) => runningProduct(tf, t, axis, exclusive, reverse);
      return { x: () => pullBack(tf, running, [x], dy as Tensor)[0] };
    },
  },
  {
    kernelName: tf.Prod,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const axes = tf.util.parseAxisParam((attrs as unknown as tensorflow.ProdAttrs).axis, x.shape);
      return {
        x: () => {
          // The product of all others: of those before it and those after it, so that zeros do no harm.
          const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
          const order = [...kept, ...axes];
          const moved = tf.transpose(x, order);
          const rows = tf.reshape(moved, [sizeOf(x, kept), sizeOf(x, axes)]);
          const others = tf.mul(tf.cumprod(rows, 1, true), tf.cumprod(rows, 1, true, true));
          const slopes = tf.mul(others, tf.reshape(dy as Tensor, [-1, 1]));
          return tf.transpose(tf.reshape(slopes, moved.shape), inverse(order));
        },
      };
    },
  },
  {
    kernelName: tf.TopK,
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc: (dys, [x, indices]) => {
      const n = x.shape[x.rank - 1];
      const k = indices.shape[x.rank - 1];
      return {
        x: () => {
          const marks = constant(tf, () => {
            const places = tf.reshape(indices, [-1, k, 1]);
            return tf.cast(tf.equal(places, tf.range(0, n, 1, 'int32')), 'float32');
          });
          const rows = tf.reshape((dys as Tensor[])[0], [-1, 1, k]);
          return tf.reshape(tf.matMul(rows, marks), x.shape);
        },
      };
    },
  },
];

/** max and min: where several entries are extreme, each takes the same part. */
function extreme(tf: Tf, kernelName: string, axis: string): Gradient {
  return {
    kernelName,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attrs) => {
      const axes = tf.util.parseAxisParam((attrs as { [name: string]: number[] })[axis], x.shape);
      const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      return {
        x: () => {
          const share = constant(tf, () => {
            const marks = tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32');
            return tf.div(marks, tf.sum(marks, axes, true));
          });
          return tf.mul(tf.reshape(dy as Tensor, kept), share);
        },
      };
    },
  };
}

/** Running products in ⌈log₂ n⌉ rounds (Hillis and Steele 1986): entry i times entry i − 2ʳ, where there is one. */
export function runningProduct(
  tf: Tf,
  x: Tensor,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
): Tensor {
  const n = x.shape[axis];
  const shifted = (t: Tensor, by: number) => {
    const start = t.shape.map((_, i) => (reverse && i === axis ? by : 0));
    const paddings = t.shape.map((_, i): [number, number] =>
      i !== axis ? [0, 0] : reverse ? [0, by] : [by, 0],
    );
    const size = t.shape.map((length, i) => (i === axis ? length - by : length));
    return tf.pad(tf.slice(t, start, size), paddings, 1);
  };
  let product = exclusive ? shifted(x, 1) : x;
  for (let by = 1; by < n; by *= 2) product = tf.mul(product, shifted(product, by));
  return product;
}

const sizeOf = (x: Tensor, axes: readonly number[]) => axes.reduce((size, axis) => size * x.shape[axis], 1);

function inverse(order: readonly number[]): number[] {
  const back: number[] = [];
  order.forEach((from, to) => {
    back[from] = to;
  });
  return back;
}
