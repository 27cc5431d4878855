import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy, useBackend } from '../../../src/tensors/index.js';

const ε = 2 ** -23;

describe.each(['cpu', 'wasm'] as const)('crossEntropy on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  const read = (body: () => tf.Tensor) => tf.tidy(() => [...body().dataSync()]);
  const slope = (z: number[][], labels: () => tf.Tensor) =>
    read(() => tf.grad((logits) => crossEntropy(logits, labels()))(tf.tensor2d(z)));

  it('takes labels that are made within the loss', () => {
    const made: (() => tf.Tensor)[] = [
      () => tf.tensor1d([1, 0], 'int32'),
      () =>
        tf.argMax(
          tf.tensor2d([
            [0, 1],
            [1, 0],
          ]),
          1,
        ),
      () => tf.cast(tf.tensor1d([1, 0]), 'int32'),
    ];
    for (const labels of made) {
      const gradient = slope(
        [
          [0, 0],
          [0, 0],
        ],
        labels,
      );
      for (const i of [0, 1, 2, 3]) expect(gradient[i]).toBeCloseTo([0.25, -0.25, -0.25, 0.25][i], 6);
    }
    const count = tf.memory().numTensors;
    slope(
      [
        [0, 0],
        [0, 0],
      ],
      made[0],
    );
    expect(tf.memory().numTensors).toBe(count);
  });

  it('leaves classes out whose logit is −∞', () => {
    const z = [[0, -Infinity, 0]];
    const labels = () => tf.tensor1d([2], 'int32');
    const [loss] = read(() => crossEntropy(tf.tensor2d(z), labels()));
    expect(Math.abs(loss - Math.LN2)).toBeLessThan(4 * ε);
    expect(slope(z, labels)).toEqual([0.5, 0, -0.5]);
    const masked = () => tf.tensor1d([1], 'int32');
    expect(read(() => crossEntropy(tf.tensor2d(z), masked()))).toEqual([Infinity]);
    // H·v = (diag p − ppᵀ)v with p = (½, 0, ½).
    const product = read(() =>
      tf.grad((x) =>
        tf.sum(tf.mul(tf.grad((logits) => crossEntropy(logits, labels()))(x), tf.tensor2d([[1, 5, 0]]))),
      )(tf.tensor2d(z)),
    );
    for (const i of [0, 1, 2]) expect(product[i]).toBeCloseTo([0.25, 0, -0.25][i], 6);
  });

  it.each([-1, 3])('refuses the label %i of three classes, and leaves nothing behind', (label) => {
    const z = tf.tensor2d([
      [1, 2, 3],
      [3, 2, 1],
    ]);
    const labels = tf.tensor1d([0, label], 'int32');
    const before = tf.memory().numTensors;
    for (const use of [() => crossEntropy(z, labels), () => tf.grad((x) => crossEntropy(x, labels))(z)]) {
      expect(use).toThrow(`crossEntropy(labels): expected classes in [0, 3), got ${label} at 1`);
    }
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([z, labels]);
  });
});
