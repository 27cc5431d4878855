import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

/* What docs/findings.md says of TensorFlow.js, as long as it is so: where one of these fails, the page is to be mended. */

const apply = (optimizer: tf.Optimizer, gradients: Readonly<Record<string, tf.Tensor>>) =>
  optimizer.applyGradients(gradients as tf.NamedTensorMap as never);

const fedWith = (optimizer: tf.Optimizer, ...gradients: number[]) => {
  const x = tf.variable(tf.scalar(0));
  for (const g of gradients) apply(optimizer, { [x.name]: tf.scalar(g) });
  const [value] = x.dataSync();
  x.dispose();
  optimizer.dispose();
  return value;
};

it('adadelta divides by the mean square from before the gradient', () => {
  const [rho, epsilon] = [0.5, 2 ** -10];
  const published = -Math.sqrt(epsilon) / Math.sqrt(1 - rho + epsilon);
  expect(published).toBeCloseTo(-0.04415, 5);
  expect(fedWith(tf.train.adadelta(1, rho, epsilon), 1)).toBeCloseTo(-1, 6);
  expect(fedWith(tf.train.adadelta(1, rho, epsilon), 100)).toBeCloseTo(-100, 4);
});

it('centered RMSProp subtracts ε under the root', () => {
  expect(fedWith(tf.train.rmsprop(0.1, 0.9, 0, 1e-7, true), 0)).toBeNaN();
  expect(fedWith(tf.train.rmsprop(0.1, 0.9, 0, 1e-7), 0)).toBe(0);
});

it('state goes by position, not by variable', () => {
  const [a, b] = [tf.variable(tf.scalar(0)), tf.variable(tf.scalar(0))];
  const optimizer: tf.Optimizer = tf.train.momentum(1, 0.5);
  apply(optimizer, { [a.name]: tf.scalar(8), [b.name]: tf.scalar(1) });
  apply(optimizer, { [b.name]: tf.scalar(1) });
  expect(b.dataSync()[0]).toBe(-6);
  expect(fedWith(tf.train.momentum(1, 0.5), 1, 1)).toBe(-2.5);
});
