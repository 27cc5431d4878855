import { expect, test } from 'vitest';
import { eigenbases, inverses, SavedArray, type Work } from '../../../src/index.js';
import { withSpectrum } from './matrices.js';
import { differenceRatio, naiveProduct, naiveTranspose } from './residuals.js';

const spectra = [[4], [1, 3], [0.5, 1, 2, 8, 9], Array.from({ length: 20 }, (_, i) => 1 + i / 4)];
const matrices = spectra.map((values, seed) => withSpectrum(values, seed));
const saved = (a: Float64Array) => new SavedArray([Math.sqrt(a.length), Math.sqrt(a.length)], a.slice());
const run = <R>(work: Work, list: readonly SavedArray[]) => work.run(structuredClone(list) as never) as R[];

test('inverses are those of each matrix, and of no other', () => {
  const made = run<SavedArray>(inverses, matrices.map(saved));
  made.forEach(({ shape: [n], data }, i) => {
    const identity = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
    expect(differenceRatio(identity, naiveProduct(matrices[i], data, n, n, n), n)).toBeLessThan(30 * 18); // κ of the third is the largest, 18
  });
});

test('eigenbases take each matrix apart', () => {
  const made = run<{ values: SavedArray; vectors: SavedArray }>(eigenbases, matrices.map(saved));
  made.forEach(({ values, vectors: { shape, data } }, i) => {
    const [n] = shape;
    const scaled = Float64Array.from(data, (q, k) => q * values.data[k % n]);
    const product = naiveProduct(scaled, naiveTranspose(data, n, n), n, n, n);
    expect(differenceRatio(matrices[i], product, n)).toBeLessThan(30);
  });
});

test('float32 comes in as it is, and what has no answer is null', () => {
  const quarter = new SavedArray([1, 1], Float32Array.of(0.25));
  const wrong = new SavedArray([1, 1], Float64Array.of(Number.NaN));
  const negative = new SavedArray([1, 1], Float64Array.of(-1));
  expect(run(inverses, [quarter, wrong, negative])).toEqual([
    new SavedArray([1, 1], Float64Array.of(4)),
    null,
    null,
  ]);
  expect(run(eigenbases, [wrong])).toEqual([null]);
});
