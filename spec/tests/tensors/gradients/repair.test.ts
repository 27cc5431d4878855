import { createRequire } from 'node:module';
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

  it('takes out what another copy of TensorFlow.js, loaded since, puts back; not what a user writes', () => {
    const repair = repairGradients();
    const require = createRequire(import.meta.url);
    for (const path of Object.keys(require.cache))
      if (path.includes('@tensorflow')) delete require.cache[path];
    const other = require('@tensorflow/tfjs') as typeof tf;
    expect(other.exp).not.toBe(tf.exp);
    const stock = tf.getGradient('Cumsum');
    const slope = () =>
      tf.tidy(() => [
        ...tf
          .grad((x) => sum(tf.mul(x, tf.cumsum(x, 0))))(
            tf.tensor2d([
              [1, 2],
              [3, 4],
            ]),
          )
          .dataSync(),
      ]);
    // Σᵢ xᵢ·(x₁ + … + xᵢ) down a column of two: 2x₁ + x₂ and x₁ + 2x₂.
    expect(slope()).toEqual([5, 8, 7, 10]);
    expect(tf.getGradient('Cumsum')).not.toBe(stock);

    const mine = {
      kernelName: 'Cumsum',
      gradFunc: (dy: tf.Tensor | tf.Tensor[]) => ({ x: () => dy as tf.Tensor }),
    };
    tf.unregisterGradient('Cumsum');
    tf.registerGradient(mine);
    expect(slope()).not.toEqual([5, 8, 7, 10]);
    expect(tf.getGradient('Cumsum')).toBe(mine);
    repair.undo();
  });

  it('refuses what is no TensorFlow.js', () => {
    expect(() => repairGradients({} as typeof tf)).toThrow(/^repairGradients\(tf\): expected TensorFlow\.js/);
    expect(() => repairGradients(null as unknown as typeof tf)).toThrow(TypeError);
  });
});
