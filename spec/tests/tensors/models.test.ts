import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { entries, leaves, Random, type Tree } from '../../../src/index.js';
import {
  type BackendName,
  type Batch,
  classification,
  crossEntropy,
  gaussianLikelihood,
  mlp,
  regression,
  softmaxRegression,
  squaredError,
  tensors,
  useBackend,
} from '../../../src/tensors/index.js';
import {
  backpropagationOracle,
  type NaiveLayer,
  naiveCrossEntropy,
  naiveGaussian,
  naiveSquaredError,
} from '../../oracles/backpropagation.js';
import { seed } from '../../seed.js';

const ε = tensors.epsilon;
type Parameters = Tree<tf.Tensor>;

function rows(x: tf.Tensor): number[][] {
  const [count, width = 1] = x.shape;
  const values = [...tensors.values(x)];
  return Array.from({ length: count }, (_, i) => values.slice(i * width, (i + 1) * width));
}

/** The layers of an MLP's parameters or gradient, read off by path. */
function layersOf(parameters: Parameters): NaiveLayer[] {
  const found = new Map(entries(tensors, parameters));
  return Array.from({ length: found.size / 2 }, (_, l) => ({
    kernel: rows(found.get(`layer${l + 1}/kernel`)!),
    bias: [...tensors.values(found.get(`layer${l + 1}/bias`)!)],
  }));
}

const flat = (layer: NaiveLayer) => [...layer.kernel.flat(), ...layer.bias];
const norm = (values: readonly number[]) => Math.hypot(...values);
const apart = (x: readonly number[], y: readonly number[]) => norm(x.map((value, i) => value - y[i]));
const releaseAll = (...trees: Parameters[]) => {
  for (const tree of trees) for (const leaf of leaves(tensors, tree)) tensors.release(leaf);
};

const losses = {
  crossEntropy: naiveCrossEntropy,
  squaredError: naiveSquaredError,
  gaussian: naiveGaussian,
};

const cases = fc.record({
  hidden: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }),
  inputs: fc.integer({ min: 1, max: 9 }),
  outputs: fc.integer({ min: 1, max: 5 }),
  examples: fc.integer({ min: 1, max: 12 }),
  activation: fc.constantFrom('relu' as const, 'tanh' as const),
  loss: fc.constantFrom(...(Object.keys(losses) as (keyof typeof losses)[])),
  start: fc.integer({ min: 0, max: 1_000 }),
});

describe.each(['cpu', 'wasm'] as BackendName[])('models on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  it('agree with backpropagation by hand in float64, and leave no tensor behind', () => {
    fc.assert(
      fc.property(cases, ({ hidden, inputs, outputs, examples, activation, loss, start }) => {
        const before = tensors.live();
        const random = new Random(start);
        const width = loss === 'gaussian' ? 2 * outputs : loss === 'crossEntropy' ? outputs + 1 : outputs;
        const model = mlp([inputs, ...hidden, width], { activation });
        const problem =
          loss === 'crossEntropy'
            ? classification(model)
            : regression(model, { loss: loss === 'gaussian' ? gaussianLikelihood : squaredError });
        const parameters = problem.start(random);
        const batch: Batch = {
          inputs: tensors.array(random.normals(examples * inputs), [examples, inputs]),
          labels:
            loss === 'crossEntropy'
              ? tf.tensor1d(
                  Array.from({ length: examples }, () => random.integer(width)),
                  'int32',
                )
              : tensors.array(random.normals(examples * outputs), [examples, outputs]),
        };
        const { value, gradient } = problem.valueAndGradient(parameters, batch);
        const labels = loss === 'crossEntropy' ? [...tensors.values(batch.labels)] : rows(batch.labels);
        const want = backpropagationOracle(
          layersOf(parameters),
          activation,
          losses[loss],
          rows(batch.inputs),
          labels,
        );
        const got = layersOf(gradient);
        // Every entry is a sum over the examples of what went through sums over all the widths.
        const n = examples + inputs + width + hidden.reduce((sum, units) => sum + units, 0);
        expect(Math.abs(tensors.number(value) - want.loss)).toBeLessThanOrEqual(
          30 * n * ε * (1 + Math.abs(want.loss)),
        );
        got.forEach((layer, l) => {
          const size = want.layers[l].scale + norm(flat(want.layers[l]));
          expect(apart(flat(layer), flat(want.layers[l]))).toBeLessThanOrEqual(30 * n * ε * size);
        });
        const alone = problem.value(parameters, batch);
        expect(tensors.number(alone)).toBe(tensors.number(value));
        releaseAll(parameters, gradient, [alone, value, batch.inputs, batch.labels]);
        expect(tensors.live()).toBe(before);
      }),
      { seed, numRuns: 40 },
    );
  });

  it('softmax regression has the gradient xᵀ(softmax(xW + b) − onehot(y))/n', () => {
    const random = new Random(3);
    const [n, d, k] = [7, 5, 4];
    const problem = classification(softmaxRegression(d, k));
    const parameters = {
      kernel: tensors.array(random.normals(d * k), [d, k]),
      bias: tensors.array(random.normals(k), [k]),
    };
    const x = Array.from({ length: n }, () => [...random.normals(d)].map(Math.fround));
    const y = Array.from({ length: n }, () => random.integer(k));
    const batch = { inputs: tensors.array(x.flat(), [n, d]), labels: tf.tensor1d(y, 'int32') };
    const { value, gradient } = problem.valueAndGradient(parameters, batch);
    const W = rows(parameters.kernel);
    const b = tensors.values(parameters.bias);
    const wantKernel = Array.from({ length: d }, () => new Array<number>(k).fill(0));
    const wantBias = new Array<number>(k).fill(0);
    x.forEach((row, example) => {
      const powers = [...b].map((bias, j) => Math.exp(row.reduce((z, xi, i) => z + xi * W[i][j], bias)));
      const total = powers.reduce((sum, power) => sum + power, 0);
      for (let j = 0; j < k; j++) {
        const residual = (powers[j] / total - (j === y[example] ? 1 : 0)) / n;
        wantBias[j] += residual;
        for (let i = 0; i < d; i++) wantKernel[i][j] += row[i] * residual;
      }
    });
    const { kernel, bias } = gradient as { kernel: tf.Tensor; bias: tf.Tensor };
    const tolerance = 30 * (n + d + k) * ε * (norm(x.flat()) + 1);
    expect(apart(rows(kernel).flat(), wantKernel.flat())).toBeLessThanOrEqual(tolerance);
    expect(apart([...tensors.values(bias)], wantBias)).toBeLessThanOrEqual(tolerance);
    releaseAll(parameters, gradient, [value, batch.inputs, batch.labels]);
  });

  it('cross-entropy neither overflows on large logits nor hides a NaN', () => {
    const problem = classification(softmaxRegression(1, 2));
    const at = (weight: number) => {
      const parameters = {
        kernel: tensors.array([weight, -weight], [1, 2]),
        bias: tensors.fill([2], 0),
      };
      const batch = { inputs: tensors.fill([2, 1], 1), labels: tf.tensor1d([0, 1], 'int32') };
      const { value, gradient } = problem.valueAndGradient(parameters, batch);
      const result = { value: tensors.number(value), gradient: layerValues(gradient) };
      releaseAll(parameters, gradient, [value, batch.inputs, batch.labels]);
      return result;
    };
    expect(at(1e4)).toEqual({ value: 1e4, gradient: [0.5, -0.5, 0.5, -0.5] });
    const lost = at(Number.NaN);
    expect(lost.value).toBeNaN();
    expect(lost.gradient.every(Number.isNaN)).toBe(true);
  });

  it('cross-entropy has the second derivative (diag(p) − ppᵀ)/n by its logits', () => {
    const logits = tf.tensor2d([
      [0.5, -1, 2],
      [0, 0.25, -0.5],
    ]);
    const labels = tf.tensor1d([2, 0], 'int32');
    const v = tf.tensor2d([
      [1, -2, 0.5],
      [0.5, 3, -1],
    ]);
    const slope = tf.grad((z: tf.Tensor) => crossEntropy(z, labels));
    const product = tf.tidy(() => tf.grad((z: tf.Tensor) => tf.sum(tf.mul(slope(z), v)))(logits));
    const [z, direction, got] = [logits, v, product].map(rows);
    z.forEach((row, i) => {
      const powers = row.map(Math.exp);
      const total = powers.reduce((sum, power) => sum + power, 0);
      const p = powers.map((power) => power / total);
      const along = p.reduce((sum, pj, j) => sum + pj * direction[i][j], 0);
      p.forEach((pj, j) => {
        expect(Math.abs(got[i][j] - (pj * (direction[i][j] - along)) / 2)).toBeLessThanOrEqual(30 * 3 * ε);
      });
    });
    releaseAll([logits, labels, v, product]);
  });

  it('a gradient over the whole batch is the mean over its parts, in any order, duplicated or not', () => {
    const random = new Random(5);
    const problem = classification(mlp([6, 8, 3]));
    const parameters = problem.start(random);
    const n = 12;
    const x = Array.from({ length: n }, () => [...random.normals(6)]);
    const y = Array.from({ length: n }, () => random.integer(3));
    const gradientOf = (positions: readonly number[]) => {
      const batch = {
        inputs: tensors.array(
          positions.flatMap((i) => x[i]),
          [positions.length, 6],
        ),
        labels: tf.tensor1d(
          positions.map((i) => y[i]),
          'int32',
        ),
      };
      const { value, gradient } = problem.valueAndGradient(parameters, batch);
      const values = [tensors.number(value), ...layerValues(gradient)];
      releaseAll(gradient, [value, batch.inputs, batch.labels]);
      return values;
    };
    const all = Array.from({ length: n }, (_, i) => i);
    const whole = gradientOf(all);
    const tolerance = 30 * (n + 17) * ε * (norm(whole) + norm(x.flat()) / n);
    const mean = (parts: readonly (readonly number[])[]) =>
      parts.reduce(
        (sum, part) => {
          const gradient = gradientOf(part);
          return sum.map((s, i) => s + (part.length / n) * gradient[i]);
        },
        whole.map(() => 0),
      );
    expect(apart(mean([all.slice(0, 4), all.slice(4, 8), all.slice(8)]), whole)).toBeLessThanOrEqual(
      tolerance,
    );
    expect(apart(mean([all.slice(0, 1), all.slice(1, 10), all.slice(10)]), whole)).toBeLessThanOrEqual(
      tolerance,
    );
    expect(apart(gradientOf([...new Random(9).permutation(n)]), whole)).toBeLessThanOrEqual(tolerance);
    expect(apart(gradientOf([...all, ...all]), whole)).toBeLessThanOrEqual(2 * tolerance);
    // Parts of unequal size weighted alike are not the whole: the weights matter.
    const unweighted = [all.slice(0, 1), all.slice(1)].map(gradientOf);
    const wrong = whole.map((_, i) => (unweighted[0][i] + unweighted[1][i]) / 2);
    expect(apart(wrong, whole)).toBeGreaterThan(100 * tolerance);
    releaseAll(parameters);
  });

  it('evaluates on the test examples in chunks, as a loop over them would', () => {
    const before = tensors.live();
    const size = 2_345;
    const random = new Random(8);
    const x = Float32Array.from(random.normals(2 * size));
    const y = Int32Array.from({ length: size }, (_, i) => (x[2 * i] + 0.3 * x[2 * i + 1] > 0 ? 0 : 1));
    const test = {
      name: 'half-plane',
      size,
      batch: (positions: Int32Array) => ({
        inputs: tf.tensor2d(
          Float32Array.from(
            positions.length === 0 ? [] : [...positions].flatMap((i) => [x[2 * i], x[2 * i + 1]]),
          ),
          [positions.length, 2],
        ),
        labels: tf.tensor1d(
          Int32Array.from(positions, (i) => y[i]),
          'int32',
        ),
      }),
      release: ({ inputs, labels }: Batch) => {
        inputs.dispose();
        labels.dispose();
      },
    };
    const problem = classification(softmaxRegression(2, 2), { test });
    const parameters = {
      kernel: tensors.array([1, -1, 0, 0], [2, 2]),
      bias: tensors.fill([2], 0),
    };
    let loss = 0;
    let right = 0;
    for (let i = 0; i < size; i++) {
      const margin = 2 * x[2 * i] * (y[i] === 0 ? 1 : -1);
      loss += Math.log1p(Math.exp(-margin));
      if (x[2 * i] > 0 === (y[i] === 0)) right++;
    }
    const evaluation = problem.evaluate!(parameters);
    expect(evaluation.accuracy).toBe(right / size);
    expect(Math.abs(evaluation.loss - loss / size)).toBeLessThanOrEqual(30 * size * ε * (loss / size));
    releaseAll(parameters);
    expect(tensors.live()).toBe(before);
  });

  it('starts alike from one seed, at the scale asked for', () => {
    const start = (options: Options) => {
      const parameters = mlp([80, 60, 2], options).start(new Random(2));
      const values = tensors.values(entries(tensors, parameters)[0][1]);
      releaseAll(parameters);
      return values;
    };
    expect(start({})).toEqual(start({ initializer: 'he' }));
    expect(start({ activation: 'tanh' })).toEqual(start({ activation: 'tanh', initializer: 'glorot' }));
    const variance = (values: Float64Array) => values.reduce((sum, v) => sum + v * v, 0) / values.length;
    // The variance of N normal deviates deviates by √(2/N): six of these.
    const spread = 6 * Math.sqrt(2 / (80 * 60));
    for (const [initializer, want] of [
      ['he', 2 / 80],
      ['glorot', 2 / 140],
      ['lecun', 1 / 80],
    ] as const) {
      expect(Math.abs(variance(start({ initializer })) / want - 1)).toBeLessThanOrEqual(spread);
    }
    expect(variance(start({ initializer: 'zeros' }))).toBe(0);
  });
});

type Options = NonNullable<globalThis.Parameters<typeof mlp>[1]>;

function layerValues(gradient: Parameters): number[] {
  return leaves(tensors, gradient).flatMap((leaf) => [...tensors.values(leaf)]);
}

describe('models', () => {
  it('are named by paths that masks can tell apart', () => {
    const parameters = mlp([3, 2, 1]).start(new Random(1));
    expect(entries(tensors, parameters).map(([path, leaf]) => [path, leaf.shape])).toEqual([
      ['layer1/kernel', [3, 2]],
      ['layer1/bias', [2]],
      ['layer2/kernel', [2, 1]],
      ['layer2/bias', [1]],
    ]);
    releaseAll(parameters);
    expect(classification(mlp([784, 128, 10])).name).toBe('classification(mlp(784-128-10))');
  });

  it('refuse misuse by name', () => {
    expect(() => mlp([3])).toThrow('mlp(widths): expected at least two widths, got [3]');
    expect(() => mlp([3, 0])).toThrow('mlp(widths): expected a number in [1, ∞), got 0');
    expect(() => mlp([3, 1.5])).toThrow('mlp(widths): expected a whole number');
    expect(() => mlp([3, 1], { activation: 'gelu' as 'relu' })).toThrow(
      "mlp(activation): expected 'relu' or 'tanh', got 'gelu'",
    );
    expect(() => mlp([3, 1], { initializer: 'one' as 'he' })).toThrow('mlp(initializer): expected');
    expect(() => mlp([3, 1], { width: 3 } as object)).toThrow('mlp(width): expected one of');
    expect(() => softmaxRegression(0, 2)).toThrow('softmaxRegression(inputs)');
    expect(() => classification(mlp([3, 1]), { tests: 1 } as object)).toThrow('classification(tests)');
    const outputs = tensors.fill([2, 2], 0);
    const targets = tensors.fill([2, 3], 0);
    expect(() => squaredError(outputs, targets)).toThrow(
      'squaredError(targets): expected shape [2,2], got [2,3]',
    );
    expect(() => gaussianLikelihood(outputs, targets)).toThrow(
      'gaussianLikelihood(targets): expected shape [2,1], got [2,3]',
    );
    expect(() => crossEntropy(targets, targets)).toThrow(
      'crossEntropy(labels): expected int32 of shape [2], got float32 of shape [2,3]',
    );
    const labels = tf.tensor1d([0, 0], 'int32');
    expect(() =>
      crossEntropy(
        tf.tidy(() => tf.zeros([2, 1])),
        labels,
      ),
    ).toThrow('crossEntropy(logits): expected two classes at least, got shape [2,1]');
    releaseAll([outputs, targets, labels]);
  });
});
