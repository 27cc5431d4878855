import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../../../src/tensors/index.js';

const values = (body: () => tf.Tensor) => tf.tidy(() => [...body().dataSync()]);
const int = (entries: number[]) => tf.tensor(entries, [entries.length, 1], 'int32');

describe.each(['cpu', 'wasm'] as const)('values that stock kernels get wrong, on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('einsum sums axes of one operand alone, and owns its memory', () => {
    const [a, b] = [tf.reshape(tf.range(0, 12), [3, 4]), tf.reshape(tf.range(0, 8), [2, 4])];
    expect(values(() => tf.einsum('ij,kj->k', a, b))).toEqual([114, 378]);
    const before = tf.memory().numTensors;
    tf.einsum('ij->ij', a).dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(a.dataSync()[11]).toBe(11);
  });

  it('tensorScatterUpdate leaves its input as it was', () => {
    const x = tf.zeros([3]);
    expect(values(() => tf.tensorScatterUpdate(x, int([1]), tf.tensor1d([5])))).toEqual([0, 5, 0]);
    expect([...x.dataSync()]).toEqual([0, 0, 0]);
  });

  it('stridedSlice shrinks axes beside strided ones', () => {
    const x = tf.reshape(tf.range(0, 90), [5, 6, 3]);
    const slice = () => tf.stridedSlice(x, [1, 2, 0], [4, 2, 2], [2, 1, 1], 0, 2, 0, 0, 4);
    expect(values(slice)).toEqual([24, 27, 30, 33, 60, 63, 66, 69]);
    // x[::-1, 0, 2]: backwards to the first entry.
    const back = () => tf.stridedSlice(x, [0, 0, 2], [0, 1, 3], [-1, 1, 1], 3, 1, 0, 0, 6);
    expect(values(back)).toEqual([74, 56, 38, 20, 2]);
  });

  it('one NaN spoils no sums but those of its own segment', () => {
    const rows = tf.tensor1d([1, Number.NaN, 3, 4]);
    const segments = tf.tensor1d([0, 1, -1, 2], 'int32');
    expect(values(() => tf.unsortedSegmentSum(rows, segments, 3))).toEqual([1, Number.NaN, 4]);
  });

  it('the largest of negative numbers is negative', () => {
    const x = tf.neg(tf.add(tf.reshape(tf.range(0, 8), [1, 2, 2, 2, 1]), 1)) as tf.Tensor5D;
    expect(values(() => tf.maxPool3d(x, 2, 2, 'valid'))).toEqual([-1]);
    const flat = tf.reshape(x, [1, 2, 4, 1]) as tf.Tensor4D;
    expect(values(() => tf.dilation2d(flat, tf.zeros([2, 2, 1]), 2, 'valid'))).toEqual([-1, -3]);
  });

  it('transposes a convolution of volumes', () => {
    const y = tf.ones([1, 1, 1, 1, 1]) as tf.Tensor5D;
    const filter = tf.reshape(tf.range(1, 9), [2, 2, 2, 1, 1]) as tf.Tensor5D;
    expect(values(() => tf.conv3dTranspose(y, filter, [1, 2, 2, 2, 1], 2, 'valid'))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  it('pads to the same size where a filter is shorter than its stride', () => {
    const x = tf.tensor4d([2, 3], [1, 1, 2, 1]);
    const filter = tf.tensor4d([5, 7], [2, 1, 1, 1]);
    expect(values(() => tf.conv2d(x, filter, 2, 'same'))).toEqual([10]);
    expect(values(() => tf.depthwiseConv2d(x, filter, 2, 'same'))).toEqual([10]);
  });

  it('clips whole numbers, and reduces nothing', () => {
    expect(values(() => tf.clipByValue(tf.tensor1d([-5, 0, 7], 'int32'), -1.5, 1))).toEqual([-1, 0, 1]);
    const nothing = tf.zeros([2, 0]);
    expect(values(() => tf.max(nothing, 1))).toEqual([Number.NaN, Number.NaN]);
    expect(values(() => tf.prod(nothing, 1))).toEqual([1, 1]);
    expect(values(() => tf.sum(nothing, 1))).toEqual([0, 0]);
  });
});

it('oblong windows with a number as padding are refused on wasm, where they write beyond the memory', async () => {
  await useBackend('wasm');
  const [x, filter] = [tf.zeros([1, 5, 5, 1]) as tf.Tensor4D, tf.zeros([3, 2, 1, 1]) as tf.Tensor4D];
  expect(() => tf.conv2d(x, filter, 1, 1, 'NHWC', 1, 'floor')).toThrow(
    /^Conv2D\(pad\): a number takes square windows, got 3 × 2 by 1 × 1; give \[\[0, 0\], \[top, bottom\]/,
  );
});

describe('what has no gradient is refused by name', () => {
  beforeAll(() => useBackend('cpu'));

  const boxes = () => tf.tensor2d([[0, 0, 1, 1]]);
  it.each<[string, (x: tf.Tensor4D) => tf.Tensor]>([
    ['CropAndResize', (x) => tf.image.cropAndResize(x, boxes(), tf.tensor1d([0], 'int32'), [2, 2])],
    ['RotateWithOffset', (x) => tf.image.rotateWithOffset(x, 0.1)],
    ['Transform', (x) => tf.image.transform(x, tf.tensor2d([[1, 0, 0, 0, 1, 0, 0, 0]]))],
    ['FFT', (x) => tf.abs(tf.spectral.fft(tf.cast(x, 'complex64')))],
  ])('%s', (name, body) => {
    const gradient = () =>
      tf.tidy(() => tf.grad((x) => tf.sum(body(x as tf.Tensor4D)))(tf.ones([1, 4, 4, 1])));
    expect(gradient).toThrow(name);
  });
});

it('what the CPU has cast is the same numbers on another backend', async () => {
  await useBackend('cpu');
  const whole = tf.tensor1d([1, 2, -3], 'int32');
  const truth = tf.tensor1d([true, false, true], 'bool');
  const cast = [tf.cast(whole, 'float32'), tf.cast(truth, 'float32'), tf.cast(truth, 'int32')];
  await useBackend('wasm');
  const moved = cast.map((x) => values(() => tf.mul(x, tf.scalar(2, x.dtype as 'int32'))));
  expect(moved).toEqual([
    [2, 4, -6],
    [2, 0, 2],
    [2, 0, 2],
  ]);
});
