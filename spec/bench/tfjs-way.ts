import * as tf from '@tensorflow/tfjs';
import { Random } from '../../src/index.js';

export const widths = [784, 128, 10];
export const examples = 128;

/** The start and the batch that all contestants share, as plain numbers. */
export function contest() {
  const random = new Random(1);
  const kernels = [0, 1].map((l) =>
    Float32Array.from(
      random.normals(widths[l] * widths[l + 1]),
      (deviate) => deviate * Math.sqrt(2 / widths[l]),
    ),
  );
  const inputs = Float32Array.from(random.uniforms(examples * widths[0]));
  const labels = Int32Array.from({ length: examples }, () => random.integer(widths[2]));
  return { kernels, inputs, labels };
}

export type Activation = 'relu' | 'tanh';

/** Gradients by `tf.variableGrads`, and steps of `tf.train.adam` on them: the way TensorFlow.js means it to be done. */
export function tfjsWay(activation: Activation): { gradient(): void; adam(): void } {
  const { kernels, inputs, labels } = contest();
  const [w1, w2] = kernels.map((kernel, l) => tf.variable(tf.tensor2d(kernel, [widths[l], widths[l + 1]])));
  const [b1, b2] = [1, 2].map((l) => tf.variable(tf.zeros([widths[l]])));
  const x = tf.tensor2d(inputs, [examples, widths[0]]);
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), widths[2]);
  const optimizer = tf.train.adam(0.001);
  const activate = activation === 'relu' ? tf.relu : tf.tanh;
  const loss = () => {
    const hidden = activate(tf.add(tf.matMul(x, w1), b1));
    return tf.losses.softmaxCrossEntropy(y, tf.add(tf.matMul(hidden, w2), b2)) as tf.Scalar;
  };
  const grads = () => tf.variableGrads(loss, [w1, b1, w2, b2] as tf.Variable[]).grads;
  return {
    gradient: () => tf.tidy(() => void grads()),
    adam: () =>
      tf.tidy(() => optimizer.applyGradients(grads() as Parameters<typeof optimizer.applyGradients>[0])),
  };
}

/** The milliseconds of each of `steps` runs. */
export function timed(step: () => void, steps: number): number[] {
  return Array.from({ length: steps }, () => {
    const from = performance.now();
    step();
    return performance.now() - from;
  });
}

export const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1];
