import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { binaryCrossEntropy, crossEntropy, squaredError, useBackend } from '../../../src/tensors/index.js';

const inf = Number.POSITIVE_INFINITY;
const int = (entries: number[], shape = [entries.length]) => tf.tensor(entries, shape, 'int32');
const row = (...entries: number[]) => tf.tensor2d([entries]);
const slope = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => tf.grad((y) => tf.sum(f(y)))(x);
const along = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, v: tf.Tensor) =>
  slope((y) => tf.mul(tf.grad(f)(y), v), x);
/** With a weight for each entry, so that softmaxes have a gradient. */
const weighed = (f: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => {
  const y = f(x);
  return tf.mul(y, tf.reshape(tf.range(1, y.size + 1), y.shape));
};

/** What people meet near labels made in a loss, masked logits, labels and indices out of range, and nothing at all. */
const neighbours: { readonly [what: string]: () => tf.Tensor } = {
  'targets made in squaredError': () => slope((z) => squaredError(z, row(1, 2)), row(0, 0)),
  'targets made in binaryCrossEntropy': () => slope((z) => binaryCrossEntropy(z, row(1, 0)), row(0.5, 1)),
  'one-hot labels made in tf.losses': () =>
    slope((z) => tf.losses.softmaxCrossEntropy(tf.oneHot(int([1]), 2), z), row(0, 1)),
  'labels gathered in the loss': () =>
    slope((z) => crossEntropy(z, tf.gather(int([2, 1]), int([1]))), row(1, 2, 3)),
  'labels that are the largest logit': () => slope((z) => crossEntropy(z, tf.argMax(z, 1)), row(1, 2, 3)),
  'labels made in a loss in a tidy': () => slope((z) => tf.tidy(() => crossEntropy(z, int([0]))), row(1, 2)),
  'labels made in a loss with products': () => along((z) => crossEntropy(z, int([0])), row(1, 2), row(1, 0)),
  'a third derivative': () => slope((y) => along((z) => crossEntropy(z, int([0])), y, row(1, 2)), row(1, 2)),
  'all other classes masked': () => slope((z) => crossEntropy(z, int([1])), row(-inf, 2, -inf)),
  'all classes masked': () => crossEntropy(row(-inf, -inf), int([1])),
  'all classes masked, gradient': () => slope((z) => crossEntropy(z, int([1])), row(-inf, -inf)),
  'a logit of ∞': () => slope((z) => crossEntropy(z, int([1])), row(inf, 0)),
  'its own class masked': () => slope((z) => crossEntropy(z, int([0])), row(-inf, 0)),
  'a label of no class': () => crossEntropy(row(1, 0), int([7])),
  'the largest logits there are': () => slope((z) => crossEntropy(z, int([1])), row(3e38, -3e38)),
  'softmax, masked': () => slope(weighed(tf.softmax), row(1, -inf, 2)),
  'softmax, masked by adding': () =>
    slope(
      weighed((x) => tf.softmax(tf.add(x, row(0, -inf)))),
      row(1, 2),
    ),
  'softmax, masked by choosing': () =>
    slope(
      weighed((x) => tf.softmax(tf.where(tf.tensor2d([1, 0], [1, 2], 'bool'), x, tf.fill([1, 2], -inf)))),
      row(1, 2),
    ),
  'softmax of nothing but masks': () => tf.softmax(row(-inf, -inf)),
  'logSoftmax, masked': () => tf.logSoftmax(row(1, -inf, 2)),
  'logSumExp, masked': () => slope((x) => tf.logSumExp(x, 1), row(1, -inf)),
  'logSumExp of nothing but masks': () => tf.logSumExp(row(-inf, -inf), 1),
  'tf.losses, masked': () => tf.losses.softmaxCrossEntropy(row(1, 0), row(1, -inf)),
  'sigmoid losses at ±∞': () => binaryCrossEntropy(row(inf, -inf), row(1, 0)),
  'sigmoid losses at ±∞, gradient': () => slope((z) => binaryCrossEntropy(z, row(1, 0)), row(inf, -inf)),
  'oneHot out of range': () => tf.oneHot(int([-1, 3, 1]), 3),
  'gather out of range': () => tf.gather(tf.range(0, 3), int([0, 7])),
  'gatherND out of range': () => tf.gatherND(tf.ones([2, 2]), int([0, 5], [1, 2])),
  'gatherND below range': () => tf.gatherND(tf.ones([2, 2]), int([-1, 0], [1, 2])),
  'scatterND out of range': () => tf.scatterND(int([5], [1, 1]), tf.ones([1]), [3]),
  'tensorScatterUpdate out of range': () =>
    tf.tensorScatterUpdate(tf.zeros([3]), int([5], [1, 1]), tf.ones([1])),
  'unsortedSegmentSum out of range': () => tf.unsortedSegmentSum(tf.ones([2]), int([0, 5]) as tf.Tensor1D, 2),
  'bincount out of range': () => tf.bincount(int([0, 1, 1, 5]) as tf.Tensor1D, tf.zeros([0]), 4),
  'the mean of nothing': () => tf.mean(tf.zeros([2, 0]), 1),
  'all of nothing': () => tf.all(tf.zeros([2, 0], 'bool'), 1),
  'any of nothing': () => tf.any(tf.zeros([2, 0], 'bool'), 1),
  'a product over nothing': () => tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])),
  'gather of nothing, gradient': () => slope((x) => tf.gather(x, int([])), tf.range(0, 2)),
  'local responses of few channels, gradient': () =>
    slope((x) => tf.localResponseNormalization(x as tf.Tensor4D), tf.reshape(tf.range(0, 8), [1, 2, 2, 2])),
  'an LSTM cell, gradient': () =>
    slope(
      (kernel) => {
        const [data, none] = [tf.ones([1, 2]) as tf.Tensor2D, tf.zeros([1, 2]) as tf.Tensor2D];
        return tf.basicLSTMCell(1, kernel as tf.Tensor2D, tf.zeros([8]), data, none, none)[0];
      },
      tf.ones([4, 8]),
    ),
};

const seen: { [backend: string]: { [what: string]: number[] | 'refused' } } = { cpu: {}, wasm: {} };

beforeAll(async () => {
  for (const backend of ['cpu', 'wasm'] as const) {
    await useBackend(backend);
    for (const [what, body] of Object.entries(neighbours)) {
      try {
        seen[backend][what] = tf.tidy(() => [...body().dataSync()]);
      } catch {
        seen[backend][what] = 'refused';
      }
    }
  }
});
afterAll(() => useBackend('cpu'));

it.each(Object.keys(neighbours))('%s has one answer', (what) => {
  const [cpu, wasm] = [seen.cpu[what], seen.wasm[what]];
  expect(cpu === 'refused').toBe(wasm === 'refused');
  if (cpu === 'refused' || wasm === 'refused') return;
  expect(wasm).toHaveLength(cpu.length);
  cpu.forEach((entry, i) => {
    if (Number.isFinite(entry)) expect(Math.abs(wasm[i] - entry)).toBeLessThan(1e-5);
    else expect(wasm[i]).toBe(entry);
  });
});

it('which is refused for indices and classes that are not there, and nowhere else', () => {
  const refused = Object.keys(neighbours).filter((what) => seen.cpu[what] === 'refused');
  expect(refused).toEqual([
    'a label of no class',
    'gather out of range',
    'gatherND out of range',
    'gatherND below range',
    'scatterND out of range',
    'tensorScatterUpdate out of range',
    'unsortedSegmentSum out of range',
  ]);
});

it('and is right where it is not obvious', () => {
  expect(seen.cpu['the mean of nothing']).toEqual([Number.NaN, Number.NaN]);
  expect(seen.cpu['all of nothing']).toEqual([1, 1]);
  expect(seen.cpu['any of nothing']).toEqual([0, 0]);
  expect(seen.cpu['all classes masked']).toEqual([Number.NaN]);
  expect(seen.cpu['oneHot out of range']).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0]);
  expect(seen.cpu['sigmoid losses at ±∞, gradient']).toEqual([0, 0]);
});

it('kernels that the WebAssembly backend has not are refused by name, with advice', async () => {
  await useBackend('wasm');
  expect(() => tf.spectral.rfft(tf.ones([4]))).toThrow(
    "Complex: the backend 'wasm' has no such kernel; useBackend('cpu') has",
  );
  expect(() => tf.gatherND(tf.ones([2, 2]), int([0, 5], [1, 2]))).toThrow(
    'GatherNd(indices): expected places in [2,2], got [0,5]',
  );
});
