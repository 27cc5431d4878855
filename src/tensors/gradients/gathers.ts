import type * as tensorflow from '@tensorflow/tfjs';
import type { Family } from './gradient.js';
import { constant } from './tape.js';

type Tensor = tensorflow.Tensor;

/** Reading at indices is the transpose of adding there; TensorFlow.js knows it of `gather` alone. */
export const gathers: Family = (tf) => [
  {
    kernelName: tf.GatherNd,
    inputsToSave: ['params', 'indices'],
    gradFunc: (dy, [params, indices]) => ({
      params: () => tf.scatterND(indices, dy as Tensor, params.shape),
    }),
  },
  {
    kernelName: tf.ScatterNd,
    inputsToSave: ['indices'],
    gradFunc: (dy, [indices]) => ({ updates: () => tf.gatherND(dy as Tensor, indices) }),
  },
  {
    kernelName: tf.TensorScatterUpdate,
    inputsToSave: ['indices', 'updates'],
    gradFunc: (dy, [indices, updates]) => ({
      tensor: () => {
        const shape = (dy as Tensor).shape;
        const kept = () => tf.equal(tf.scatterND(indices, tf.onesLike(updates), shape), 0);
        return tf.mul(
          dy as Tensor,
          constant(tf, () => tf.cast(kept(), 'float32')),
        );
      },
      updates: () => tf.gatherND(dy as Tensor, indices),
    }),
  },
  {
    kernelName: tf.SparseToDense,
    inputsToSave: ['sparseIndices', 'sparseValues'],
    gradFunc: (given, [indices, values]) => {
      const dy = given as Tensor;
      const places = () => (indices.rank === 2 ? indices : tf.reshape(indices, [-1, 1]));
      const read = () => tf.gatherND(dy, places());
      return {
        sparseValues: () => (values.rank === 0 ? tf.sum(read()) : tf.reshape(read(), values.shape)),
        defaultValue: () => tf.sub(tf.sum(dy), tf.sum(read())),
      };
    },
  },
];
