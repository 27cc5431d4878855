import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { useBackend } from '../../../src/tensors/index.js';
import type { WasmBackend } from '../../../src/tensors/wasm-backend.js';
import { repairWasm } from '../../../src/tensors/wasm-repairs.js';
import { seed } from '../../seed.js';

const ε = 2 ** -23;
const values = (body: () => tf.Tensor) => {
  const result = tf.tidy(body);
  const read = [...result.dataSync()];
  result.dispose();
  return read;
};

describe('the repaired WebAssembly backend', () => {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  it('finds the largest entry of each window and where it lies, in images wholly negative too', async () => {
    const [images, height, width, channels] = [2, 4, 5, 3];
    const x = new Random(5).normals(images * height * width * channels).map((entry) => entry - 3);
    for (const all of [false, true]) {
      const { result, indexes } = tf.maxPoolWithArgmax(
        tf.tensor4d(Float32Array.from(x), [images, height, width, channels]),
        2,
        2,
        'valid',
        all,
      );
      const [values, places] = [result.dataSync(), indexes.dataSync()];
      const [, rows, columns] = result.shape;
      values.forEach((value, out) => {
        const [channel, column] = [out % channels, Math.floor(out / channels) % columns];
        const row = Math.floor(out / channels / columns) % rows;
        const image = Math.floor(out / channels / columns / rows);
        const first = all ? 0 : image * height * width * channels;
        const seen = [0, 1, 2, 3].map((k) => {
          const [y, z] = [2 * row + (k >> 1), 2 * column + (k & 1)];
          return ((image * height + y) * width + z) * channels + channel;
        });
        const largest = seen.reduce((a, b) => (x[b] > x[a] ? b : a));
        expect(value).toBe(Math.fround(x[largest]));
        expect(places[out]).toBe(largest - first);
      });
    }
  });

  it('multiplies stacks of matrices, transposed or not, fused with bias and activation or not', () => {
    const sizes = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: 9 })));
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.boolean(), fc.integer(), ([s, m, k, n], ta, tb, start) => {
        const random = new Random(start);
        const a = tf.tensor3d(Float32Array.from(random.normals(s * m * k)), ta ? [s, k, m] : [s, m, k]);
        const b = tf.tensor3d(Float32Array.from(random.normals(s * k * n)), tb ? [s, n, k] : [s, k, n]);
        const bias = tf.tensor1d(Float32Array.from(random.normals(n)));
        const [x, y, c] = [a, b, bias].map((tensor) => tensor.dataSync());
        const before = tf.memory().numTensors;
        const plain = values(() => tf.matMul(a, b, ta, tb));
        const fused = values(() =>
          tf.fused.matMul({ a, b, transposeA: ta, transposeB: tb, bias, activation: 'relu' }),
        );
        expect(tf.memory().numTensors).toBe(before);
        for (let p = 0; p < s; p++) {
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              let want = 0;
              let size = 0;
              for (let q = 0; q < k; q++) {
                const term =
                  x[p * m * k + (ta ? q * m + i : i * k + q)] * y[p * k * n + (tb ? j * k + q : q * n + j)];
                want += term;
                size += Math.abs(term);
              }
              const at = p * m * n + i * n + j;
              const tolerance = (k + 1) * ε * (size + Math.abs(c[j]));
              expect(Math.abs(plain[at] - want)).toBeLessThanOrEqual(tolerance);
              expect(Math.abs(fused[at] - Math.max(0, want + c[j]))).toBeLessThanOrEqual(tolerance);
            }
          }
        }
        tf.dispose([a, b, bias]);
      }),
      { seed, numRuns: 60 },
    );
  });

  it('transposes matrices of every remainder by four, and sums over rows', () => {
    for (let rows = 1; rows <= 13; rows++) {
      for (let columns = 1; columns <= 13; columns++) {
        const x = tf.tensor2d(
          Array.from({ length: rows * columns }, (_, i) => i),
          [rows, columns],
        );
        const want = Array.from(
          { length: rows * columns },
          (_, i) => (i % rows) * columns + Math.floor(i / rows),
        );
        expect(values(() => tf.transpose(x))).toEqual(want);
        const sums = Array.from({ length: columns }, (_, j) => rows * j + (columns * rows * (rows - 1)) / 2);
        expect(values(() => tf.sum(x, 0))).toEqual(sums);
        expect(tf.tidy(() => tf.sum(x, 0, true).shape)).toEqual([1, columns]);
        x.dispose();
      }
    }
  });

  it('has a tanh within 2.5·2⁻²³ of the value, at every scale', () => {
    const points: number[] = [];
    for (let exponent = -100; exponent < 8; exponent += 1 / 128) points.push(Math.fround(2 ** exponent));
    const x = tf.tensor1d([...points, ...points.map((point) => -point)]);
    const got = values(() => tf.tanh(x));
    let worst = 0;
    [...x.dataSync()].forEach((point, i) => {
      worst = Math.max(worst, Math.abs(got[i] / Math.tanh(point) - 1));
    });
    expect(worst).toBeLessThanOrEqual(2.5 * ε);
    expect(worst).toBeGreaterThan(0);
    x.dispose();
    expect(values(() => tf.tanh(tf.tensor1d([0, 1 / 0, -1 / 0, Number.NaN])))).toEqual([
      0,
      1,
      -1,
      Number.NaN,
    ]);
  });

  it('has the gradient of tanh, 1 − tanh²', () => {
    const points = [-9, -2, -0.3, -1e-6, 0, 1e-3, 0.5, 4];
    const slope = values(() => tf.grad((x: tf.Tensor) => tf.sum(tf.tanh(x)))(tf.tensor1d(points)));
    slope.forEach((got, i) => {
      expect(Math.abs(got - (1 - Math.tanh(points[i]) ** 2))).toBeLessThanOrEqual(6 * ε);
    });
  });

  it('has the gradient of relu, and the gradient of that', () => {
    const points = [-2, -0, 0, 1e-30, 0.5, 3, Number.NaN, -7, 9];
    const x = tf.tensor1d(points);
    const dy = tf.tensor1d(points.map((_, i) => i - 4));
    const relu = (z: tf.Tensor) => tf.relu(z);
    const want = points.map((point, i) => (Number.isNaN(point) ? point : point > 0 ? i - 4 : 0));
    expect(values(() => tf.grad(relu)(x, dy))).toEqual(want);
    // By dy it is linear: Σᵢ (relu'(xᵢ)·dyᵢ)² has the gradient 2·relu'(xᵢ)·dyᵢ; by x it is constant.
    const square = (z: tf.Tensor, e: tf.Tensor) => tf.sum(tf.square(tf.grad(relu)(z, e)));
    expect(values(() => tf.grads(square)([x, dy])[1])).toEqual(want.map((entry) => 2 * entry));
    expect(values(() => tf.grads(square)([x, dy])[0]).filter((entry) => entry !== 0)).toEqual([]);
    tf.dispose([x, dy]);
  });

  it('marks classes in float32 and int32 alike, any mark, outside ones not at all', () => {
    const labels = tf.tensor1d([2, 0, -1, 3], 'int32');
    const want = [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(values(() => tf.oneHot(labels, 3))).toEqual(want);
    expect(values(() => tf.oneHot(labels, 3, 1, 0, 'float32'))).toEqual(want);
    expect(values(() => tf.oneHot(labels, 3, 2.5, -0.5, 'float32'))).toEqual(
      want.map((mark) => (mark === 1 ? 2.5 : -0.5)),
    );
    labels.dispose();
  });

  it('casts every number but 0 to true', () => {
    const numbers = [0, -0, 0.25, -2, 256, Number.NaN, 1 / 0];
    expect(values(() => tf.cast(tf.tensor1d(numbers), 'bool'))).toEqual([0, 0, 1, 1, 1, 1, 1]);
    expect(values(() => tf.cast(tf.tensor1d([0, 256], 'int32'), 'bool'))).toEqual([0, 1]);
  });

  it('takes maxima and minima of shapes that broadcast, clips, and keeps NaN', () => {
    const column = tf.tensor2d([1, Number.NaN], [2, 1]);
    const row = tf.tensor2d([0, 2, Number.NaN], [1, 3]);
    const { NaN: nan } = Number;
    expect(values(() => tf.maximum(column, row))).toEqual([1, 2, nan, nan, nan, nan]);
    expect(values(() => tf.minimum(row, column))).toEqual([0, 1, nan, nan, nan, nan]);
    expect(values(() => tf.clipByValue(row, -1, 1))).toEqual([0, 1, nan]);
    expect(values(() => tf.maximum(tf.tensor1d([1, 5], 'int32'), tf.scalar(3, 'int32')))).toEqual([3, 5]);
    expect(
      values(() =>
        tf.fused.matMul({ a: column, b: tf.tensor2d([[1]]), bias: tf.tensor1d([0]), activation: 'relu' }),
      ),
    ).toEqual([1, nan]);
    tf.dispose([column, row]);
  });

  it('refuses an array for which there is no room, and goes on', () => {
    const { wasm } = tf.backend() as unknown as WasmBackend;
    const held = tf.memory().numTensors;
    const most = 'wasm: no room for an array of 6104 MiB, of 2 GiB at most each and 4 GiB together: dispose';
    expect(() => tf.tidy(() => tf.broadcastTo(tf.scalar(1), [40_000, 40_000]))).toThrow(most);
    const [low, high] = [wasm._malloc(1.5 * 2 ** 30), wasm._malloc(1.5 * 2 ** 30)];
    expect(high).toBeGreaterThan(low);
    expect(() => wasm._malloc(1.5 * 2 ** 30)).toThrow('no room for an array of 1536 MiB');
    expect(() => wasm._malloc(2 ** 31)).toThrow('no room for an array of 2048 MiB');
    const x = tf.fill([5_000_000], 3); // behind it: the address is negative as 32 bits with a sign
    expect((tf.backend() as unknown as WasmBackend).dataIdMap.get(x.dataId).memoryOffset).toBeGreaterThan(
      2 ** 31,
    );
    expect(values(() => tf.slice(tf.add(x, x), [4_999_998], [2]))).toEqual([6, 6]);
    x.dispose();
    wasm._free(low);
    wasm._free(high);
    expect(tf.memory().numTensors).toBe(held);
  });

  it('is repaired once, however often it is asked for', async () => {
    const names = ['BatchMatMul', 'Tanh', 'Maximum', 'Transpose', 'OneHot', 'Sign'];
    const kernels = () => names.map((name) => tf.getKernel(name, 'wasm').kernelFunc);
    const first = kernels();
    repairWasm(tf.backend() as unknown as WasmBackend);
    await useBackend('cpu');
    await useBackend('wasm');
    expect(kernels()).toEqual(first);
    expect(tf.getKernel('BatchMatMul', 'cpu').kernelFunc.name).toBe('batchMatMul');
  });
});
