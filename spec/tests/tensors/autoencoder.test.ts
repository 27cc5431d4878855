import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { flatten } from '../../../src/algebra/flatten.js';
import { Random, type Tree, treeDot } from '../../../src/index.js';
import { type Examples, ridged } from '../../../src/objective/index.js';
import {
  autoencoder,
  type Batch,
  classification,
  mlp,
  reconstruction,
  tensors,
  useBackend,
} from '../../../src/tensors/index.js';

const widths = [6, 5, 4, 2];
const rows = (n: number, seed: number) => tensors.array(new Random(seed).uniforms(n * 6), [n, 6]);
const examples = (seed: number): Examples<Batch> => ({
  name: 'uniform',
  size: 8,
  batch: (positions) => {
    const all = rows(8, seed);
    return { inputs: tf.gather(all, [...positions]), labels: tf.zeros([positions.length], 'int32') };
  },
  release: () => {},
});

describe('the deep autoencoder', () => {
  beforeAll(() => useBackend('cpu'));

  test('has a linear code and linear outputs, tanh between, and the start of its peer', () => {
    const model = autoencoder(widths);
    const x = model.start(new Random(3)) as Record<string, { kernel: tf.Tensor; bias: tf.Tensor }>;
    const inputs = rows(3, 1);
    let hidden: tf.Tensor = inputs;
    for (let i = 1; i <= 6; i++) {
      const { kernel, bias } = x[`layer${i}`];
      hidden = tf.add(tf.matMul(hidden, kernel), bias);
      if (i !== 3 && i !== 6) hidden = tf.tanh(hidden);
    }
    expect([...tensors.values(model.outputsOf(x, inputs))]).toEqual([...tensors.values(hidden)]);
    const big = autoencoder([400, 300]).start(new Random(1)) as typeof x;
    const w = tensors.values(big.layer1.kernel);
    const deviation = Math.sqrt(w.reduce((sum, wi) => sum + wi * wi, 0) / w.length);
    // Normal with deviation 1/√in before it is cut off at two deviations, which leaves 0.8796 of it.
    expect(Math.max(...w.map(Math.abs))).toBeLessThanOrEqual(2 / 20);
    expect(Math.abs(deviation * 20 - 0.8796)).toBeLessThan((6 * 0.88) / Math.sqrt(2 * w.length));
    expect(Math.max(...tensors.values(big.layer1.bias).map(Math.abs))).toBe(0);
  });

  test('its loss is Σ log(1 + eᶻ) − xz, its squared error that of σ(z), both summed over the pixels', () => {
    const model = autoencoder(widths);
    const [measured, test_] = [examples(5), examples(6)];
    const problem = reconstruction(model, { ridge: 0.25, measured, test: test_ });
    const x = problem.start(new Random(2));
    const by = (seed: number, f: (z: number, t: number) => number) => {
      const inputs = rows(8, seed);
      const z = tensors.values(model.outputsOf(x, inputs));
      return tensors.values(inputs).reduce((sum, t, i) => sum + f(z[i], t), 0) / 8;
    };
    const entropy = (z: number, t: number) => Math.log1p(Math.exp(z)) - t * z;
    const { loss, squaredError } = problem.evaluate!(x);
    expect(loss).toBeCloseTo(by(6, entropy), 4);
    expect(squaredError).toBeCloseTo(
      by(5, (z, t) => (1 / (1 + Math.exp(-z)) - t) ** 2),
      4,
    );
    const batch = { inputs: rows(8, 6), labels: tf.zeros([8], 'int32') };
    const ridge = 0.125 * tensors.number(treeDot(tensors, x, x));
    expect(tensors.number(problem.value(x, batch))).toBeCloseTo(by(6, entropy) + ridge, 4);
    const seen = problem.layers!(x, batch, 'signs', new Random(1));
    expect(seen.layers.length).toBe(6);
    expect(seen.unmatched).toEqual([]);
  });
});

describe('a ridge', () => {
  beforeAll(() => useBackend('cpu'));

  test('adds ½c‖x‖² to the loss, cx to its gradient, cI to its curvature', () => {
    const plain = classification(mlp([6, 4, 3], { activation: 'tanh' }));
    const problem = ridged(plain, 0.5);
    const x = plain.start(new Random(1));
    const batch = { inputs: rows(4, 2), labels: tf.tensor1d([0, 1, 2, 0], 'int32') };
    const flat = (tree: Tree<tf.Tensor>) => flatten(tensors, tree);
    const [here, there] = [problem, plain].map((one) => one.valueAndGradient(x, batch));
    const square = flat(x).reduce((sum, xi) => sum + xi * xi, 0);
    expect(tensors.number(here.value)).toBeCloseTo(tensors.number(there.value) + square / 4, 5);
    expect(tensors.number(problem.value(x, batch))).toBeCloseTo(tensors.number(here.value), 6);
    const w = flat(x);
    const [g, bare] = [flat(here.gradient), flat(there.gradient)];
    for (const [i, wi] of w.entries()) expect(g[i]).toBeCloseTo(bare[i] + wi / 2, 6);
    const [c, d] = [problem, plain].map((one) => flat(one.curvature!('gaussNewton', x, batch).apply(x)));
    for (const [i, wi] of w.entries()) expect(c[i]).toBeCloseTo(d[i] + wi / 2, 5);
    expect(problem.linearized!(x, batch).ridge).toBe(0.5);
    expect(ridged(problem, 0.25).linearized!(x, batch).ridge).toBe(0.75);
  });

  test('refuses what is no weight', () => {
    expect(() => ridged(classification(mlp([2, 2])), -1)).toThrow(
      'ridged(weight): expected a finite number ≥ 0, got -1',
    );
    expect(() => autoencoder([3])).toThrow('autoencoder(widths): expected at least two widths, got [3]');
  });
});
