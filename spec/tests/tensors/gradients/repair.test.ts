import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { repairGradients } from '../../../../src/tensors/gradients/repair-gradients.js';

const sum = (x: tf.Tensor) => tf.sum(x) as tf.Tensor;
/** exp″ at ½, by the gradient of the gradient. */
const second = () =>
  tf.tidy(
    () =>
      tf
        .grad((x) => sum(tf.grad((y) => sum(tf.exp(y)))(x)))(tf.tensor1d([0.5]))
        .dataSync()[0],
  );

beforeAll(() => tf.setBackend('cpu'));

describe('repairGradients', () => {
  it('mends, says what it replaced, may be called twice and can be undone', () => {
    const stock = tf.getGradient('Conv2D');
    expect(() => second()).toThrow(); // stock: the saved output leads nowhere
    const repair = repairGradients();
    expect(second()).toBeCloseTo(Math.exp(0.5), 6);
    expect(repair.replaced).toEqual(expect.arrayContaining(['Conv2D', 'Einsum', 'softmaxCrossEntropy']));
    expect(repairGradients(tf)).toBe(repair);

    // Another copy, loaded since, has put its own gradient back.
    tf.unregisterGradient('Conv2D');
    tf.registerGradient(stock);
    repairGradients();
    expect(tf.getGradient('Conv2D')).not.toBe(stock);

    repair.undo();
    repair.undo();
    expect(tf.getGradient('Conv2D')).toBe(stock);
    expect(() => second()).toThrow();
    const again = repairGradients();
    expect(again).not.toBe(repair);
    expect(second()).toBeCloseTo(Math.exp(0.5), 6);
    again.undo();
  });

  it('refuses what is no TensorFlow.js', () => {
    expect(() => repairGradients({} as typeof tf)).toThrow(/^repairGradients\(tf\): expected TensorFlow\.js/);
    expect(() => repairGradients(null as unknown as typeof tf)).toThrow(TypeError);
  });
});
