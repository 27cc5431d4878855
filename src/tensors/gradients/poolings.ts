import type * as tensorflow from '@tensorflow/tfjs';
import { windowsOf } from './convolutions.js';
import type { Family, Gradient, Tf } from './gradient.js';
import { largestOf } from './largest.js';
import { constant } from './tape.js';
import type { Windows } from './window-shape.js';
import { fold, patches } from './windows.js';

type Tensor = tensorflow.Tensor;

/**
 * Poolings. Stock: cannot be differentiated again; averages are taken over the places within the image, their
 * gradients over all places of the window (silently wrong where windows reach beyond the image).
 */
export const poolings: Family = (tf) => [
  average(tf, tf.AvgPool),
  average(tf, tf.AvgPool3D),
  largest(tf, tf.MaxPool),
  largest(tf, tf.MaxPool3D),
  largest(tf, tf.MaxPoolWithArgmax),
];

/** Each window's gradient in equal parts to the places it sees. */
function average(tf: Tf, kernelName: string): Gradient {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => {
        const windows = { ...poolingWindows(tf, x, attrs), summed: true };
        const { batch, channels, image } = windows;
        const seen = constant(tf, () => {
          const ones = patches(tf, tf.ones([1, ...image, 1]), { ...windows, batch: 1, channels: 1 });
          return tf.tile(ones, [batch, 1]);
        });
        const parts = tf.div(tf.reshape(dy as Tensor, [-1, channels]), seen);
        return tf.reshape(fold(tf, parts, windows), x.shape);
      },
    }),
  };
}

/** Each window's gradient to the place of its largest entry; which one that is, is a constant. */
function largest(tf: Tf, kernelName: string): Gradient {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => {
        const places = constant(tf, () => largestOf(tf, x, poolingWindows(tf, x, attrs)));
        const errors = tf.reshape((Array.isArray(dy) ? dy[0] : dy) as Tensor, [-1]);
        return tf.reshape(tf.scatterND(tf.reshape(places, [-1, 1]), errors, [x.size]), x.shape);
      },
    }),
  };
}

/** What maxPool and maxPool3d compute. */
export function maxPooled(tf: Tf, x: Tensor, attrs: unknown): Tensor {
  const windows = poolingWindows(tf, x, attrs);
  return tf.reshape(entriesAt(tf, x, largestOf(tf, x, windows)), pooledShape(x, windows));
}

/** What maxPoolWithArgmax computes: the largest entries, and where in their image they lie, or among all. */
export function maxPooledWithPlaces(tf: Tf, x: Tensor, attrs: unknown): [Tensor, Tensor] {
  const windows = poolingWindows(tf, x, attrs);
  const { batch } = windows;
  const places = largestOf(tf, x, windows);
  const firsts = tf.mul(tf.range(0, batch, 1, 'int32'), tf.scalar(x.size / batch, 'int32'));
  const within = () => tf.sub(tf.reshape(places, [batch, -1]), tf.reshape(firsts, [batch, 1]));
  const told = (attrs as tensorflow.MaxPoolWithArgmaxAttrs).includeBatchInIndex ? places : within();
  const shape = pooledShape(x, windows);
  return [tf.reshape(entriesAt(tf, x, places), shape), tf.reshape(told, shape)];
}

const entriesAt = (tf: Tf, x: Tensor, places: Tensor) =>
  tf.gather(tf.reshape(x, [-1]), tf.reshape(places, [-1]) as tensorflow.Tensor1D);

const pooledShape = (x: Tensor, { batch, count, channels }: Windows) => [
  batch,
  ...(x.rank === 4 ? count.slice(1) : count),
  channels,
];

/** The windows of a pooling. */
export function poolingWindows(tf: Tf, x: Tensor, attrs: unknown): Windows {
  const given = attrs as tensorflow.MaxPool3DAttrs & { dilations?: number[] };
  const size = x.rank === 4 ? pair(given.filterSize) : triple(given.filterSize);
  return windowsOf(tf, x.shape, [...size, x.shape[x.rank - 1], 1], given);
}

const pair = (size: number | readonly number[]) => (typeof size === 'number' ? [size, size] : size);
const triple = (size: number | readonly number[]) => (typeof size === 'number' ? [size, size, size] : size);
