import * as tf from '@tensorflow/tfjs';
export default {
  name: 'small',
  parameters: () => ({ kernel: tf.tensor2d([[0.1, -0.2], [0.3, 0.4], [-0.1, 0.2]]), bias: tf.zeros([2]) }),
  loss: ({ kernel, bias }: Record<string, tf.Tensor>, i: number) => tf.mean(tf.squaredDifference(tf.add(tf.matMul(tf.tensor2d([[1, 0.5, -i % 3]]), kernel), bias), tf.tensor2d([[1, 2]]))),
  batches: () => Array.from({ length: 4000 }, (_, i) => i),
};
