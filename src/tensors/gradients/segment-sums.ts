import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;

/** The sums over rows of the same number: [segments, …]. What has a negative number belongs to none. */
export function segmentSums(tf: Tf, x: Tensor, segmentIds: Tensor, segments: number): Tensor {
  const shape = x.shape.slice(segmentIds.rank);
  // Those without a segment are added to one more, which is left out.
  const last = tf.fill(segmentIds.shape, segments, 'int32');
  const places = tf.where(tf.less(segmentIds, 0), last, segmentIds);
  const rows = tf.reshape(x, [segmentIds.size, ...shape]);
  const sums = tf.scatterND(tf.reshape(places, [-1, 1]), rows, [segments + 1, ...shape]);
  return tf.slice(sums, 0, segments);
}
