import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { type Layer, leaves, mapTree, type Problem, Random, type Tree } from '../../../src/index.js';
import {
  type Batch,
  binaryCrossEntropy,
  classification,
  gaussianLikelihood,
  type Loss,
  type Model,
  mlp,
  regression,
  squaredError,
  tensors,
  useBackend,
} from '../../../src/tensors/index.js';
import { recordTransposed } from '../../../src/tensors/provenance.js';
import { rowsByExample, rowsByLayer, rowsFromTape } from '../../../src/tensors/pull-rows.js';
import { recordPass } from '../../../src/tensors/recorded-pass.js';

const widths = [3, 4, 2];
const examples = 5;
const random = new Random(5);
const values = (shape: number[]) => tensors.array(random.normals(shape.reduce((a, b) => a * b, 1)), shape);

const kinds: Record<string, { loss?: Loss; labels: () => tf.Tensor }> = {
  classification: { labels: () => tf.tensor1d([0, 1, 1, 0, 1], 'int32') },
  squaredError: { loss: squaredError, labels: () => values([examples, 2]) },
  binaryCrossEntropy: { loss: binaryCrossEntropy, labels: () => tf.sigmoid(values([examples, 2])) },
  gaussianLikelihood: { loss: gaussianLikelihood, labels: () => values([examples, 1]) },
};

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(async () => void (await useBackend(backend)));

  describe.each(Object.entries(kinds))('%s', (_, { loss, labels }) => {
    const model = mlp(widths, { activation: 'tanh' });
    const problem: Problem<tf.Tensor, Batch> =
      loss === undefined ? classification(model) : regression(model, { loss });
    const setting = () => {
      const parameters = problem.start(new Random(1));
      return { parameters, batch: { inputs: values([examples, 3]), labels: labels() } };
    };
    const size = 3 * 4 + 4 + 4 * 2 + 2;
    const direction = (like: Tree<tf.Tensor>) => unflatten(tensors, random.normals(size), like);
    const moved = (x: Tree<tf.Tensor>, h: number, v: Tree<tf.Tensor>) => {
      const [a, b] = [flatten(tensors, x), flatten(tensors, v)];
      return unflatten(
        tensors,
        a.map((ai, i) => ai + h * b[i]),
        x,
      );
    };
    /** Differences in float32: truncation h² and rounding ε/h, h = 2⁻⁷. */
    const near = (x: ArrayLike<number>, y: ArrayLike<number>) => {
      const scale = 1 + Math.hypot(...Array.from(y));
      for (let i = 0; i < x.length; i++) expect(Math.abs(x[i] - y[i])).toBeLessThan(2e-3 * scale);
    };
    const h = 2 ** -7;

    /** To a rounding or two. */
    const closeTo = (x: tf.Tensor, y: tf.Tensor) => {
      expect(x.shape).toEqual(y.shape);
      const expected = tensors.values(y);
      for (const [i, xi] of tensors.values(x).entries()) {
        expect(Math.abs(xi - expected[i])).toBeLessThanOrEqual(2 ** -21 * (1 + Math.abs(expected[i])));
      }
    };

    test('the layers of a linearization are those of a pass of their own, and leave nothing behind', () => {
      const { parameters, batch } = setting();
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        for (const source of ['signs', 'given', 'sampled'] as const) {
          const own = problem.layers!(parameters, batch, source, new Random(7));
          const shared = problem.linearized!(parameters, batch).layers!(source, new Random(7));
          expect(shared).toMatchObject({ terms: own.terms, unmatched: own.unmatched });
          expect(own.layers.length).toBe(2);
          for (const [i, layer] of own.layers.entries()) {
            const { inputs, errors, ...rest } = shared.layers[i];
            expect(layer).toMatchObject(rest);
            closeTo(inputs, layer.inputs);
            closeTo(errors, layer.errors);
          }
        }
      });
      expect(tf.memory().numTensors).toBe(before);
    });

    test('Jacobian products agree with differences, and with each other', () => {
      const { parameters, batch } = setting();
      const { outputs, push, pull } = problem.linearized!(parameters, batch);
      const v = direction(parameters);
      const u = values([examples, 2]);
      const at = (sign: number) =>
        tensors.values(model.outputsOf(moved(parameters, sign * h, v), batch.inputs));
      const [after, before] = [at(1), at(-1)];
      const pushed = tensors.values(push(v));
      near(
        pushed,
        after.map((x, i) => (x - before[i]) / (2 * h)),
      );
      const pulled = flatten(tensors, pull(u));
      const left = pushed.reduce((sum, x, i) => sum + x * tensors.values(u)[i], 0);
      const right = flatten(tensors, v).reduce((sum, x, i) => sum + x * pulled[i], 0);
      expect(Math.abs(left - right)).toBeLessThan(1e-4 * (1 + Math.abs(left)));
      expect(outputs.shape).toEqual([examples, 2]);
    });

    test('a product with some leaves alone takes the others for 0', () => {
      const { parameters, batch } = setting();
      const { push } = problem.linearized!(parameters, batch);
      const v = direction(parameters);
      const [last, others] = ['layer2/kernel,layer2/bias', 'layer1/kernel,layer1/bias'].map(
        (paths) => new Set(paths.split(',')),
      );
      const alone = mapTree(tensors, (x) => tf.zerosLike(x), v) as Record<string, Tree<tf.Tensor>>;
      alone.layer2 = (v as Record<string, Tree<tf.Tensor>>).layer2;
      near(tensors.values(push(v, last)), tensors.values(push(alone)));
      const sum = tf.add(push(v, last), push(v, others));
      near(tensors.values(sum), tensors.values(push(v)));
      near(tensors.values(push(v, new Set())), new Float64Array(sum.size));
    });

    test('the rows of examples, from the tape, by layers and one by one, are what each alone sends back', () => {
      const { parameters, batch } = setting();
      const u = values([examples, 2]);
      const { pull, pullRows } = problem.linearized!(parameters, batch);
      const each = Array.from({ length: examples }, (_, i) => {
        const own = tf.mul(
          u,
          tf
            .oneHot(tf.fill([examples], i, 'int32') as tf.Tensor1D, examples)
            .slice(0, 1)
            .transpose(),
        );
        return flatten(tensors, pull(own));
      });
      const xs = leaves(tensors, parameters);
      const { result: pass, transposed } = recordTransposed(() =>
        recordPass(() => [model.outputsOf(parameters, batch.inputs)], xs),
      );
      const one = (i: number) => model.outputsOf(parameters, tf.slice(batch.inputs, i, 1));
      for (const rows of [
        pullRows([u]),
        rowsFromTape(pass, parameters, u, examples)!,
        rowsByLayer(pass, transposed, parameters, u, examples)!,
        rowsByExample(pass, parameters, [u], examples),
        rowsByExample(pass, parameters, [u], examples, one),
      ]) {
        const alone = (i: number) => mapTree(tensors, (x) => tf.slice(x, i, 1), rows);
        for (let i = 0; i < examples; i++) near(flatten(tensors, alone(i)), each[i]);
      }
    });

    test('the Hessian agrees with differences of the gradient', () => {
      const { parameters, batch } = setting();
      const v = direction(parameters);
      const gradientAt = (sign: number) =>
        flatten(tensors, problem.valueAndGradient(moved(parameters, sign * h, v), batch).gradient);
      const [after, before] = [gradientAt(1), gradientAt(-1)];
      const product = flatten(tensors, problem.curvature!('hessian', parameters, batch).apply(v));
      near(
        product,
        after.map((x, i) => (x - before[i]) / (2 * h)),
      );
    });

    test('the Gauss–Newton matrix is JᵀLLᵀJ, symmetric and positive semidefinite', () => {
      const { parameters, batch } = setting();
      const G = problem.curvature!('gaussNewton', parameters, batch).dense!();
      const { outputs, pull, loss: at } = problem.linearized!(parameters, batch);
      const expected = new Float64Array(size * size);
      for (let k = 0; k < outputs.size; k++) {
        const unit = new Float64Array(outputs.size);
        unit[k] = 1;
        const row = flatten(tensors, pull(at.factorProduct(tensors.array(unit, outputs.shape))));
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) expected[i * size + j] += row[i] * row[j];
      }
      near(G, expected);
      expect(problem.curvature!('gaussNewton', parameters, batch).positiveSemidefinite).toBe(true);
    });

    test('every layer is found, and its gradient is xᵀD', () => {
      const { parameters, batch } = setting();
      const draw = new Random(3);
      const { layers, unmatched } = problem.layers!(parameters, batch, 'given', draw);
      expect(unmatched).toEqual([]);
      expect(layers.map(({ kernel, bias, sharing }) => [kernel, bias, sharing]).sort()).toEqual([
        ['layer1/kernel', 'layer1/bias', 1],
        ['layer2/kernel', 'layer2/bias', 1],
      ]);
      const { gradient } = problem.valueAndGradient(parameters, batch);
      for (const { kernel, inputs, errors } of layers) {
        const [name] = kernel.split('/');
        const own = (gradient as Record<string, { kernel: tf.Tensor; bias: tf.Tensor }>)[name];
        near(tensors.values(tf.matMul(inputs, errors, true)), tensors.values(own.kernel));
        near(tensors.values(tf.sum(errors, 0)), tensors.values(own.bias));
      }
    });

    test.each(['sampled', 'signs'] as const)(
      'errors for labels %s have the Fisher as covariance',
      (source) => {
        const { parameters, batch } = setting();
        const draw = new Random(4);
        const { loss: at, outputs } = problem.linearized!(parameters, batch);
        const rounds = 300;
        const covariance = new Float64Array(4);
        for (let round = 0; round < rounds; round++) {
          tf.tidy(() => {
            const errors = lastErrors(problem.layers!(parameters, batch, source, draw).layers);
            const second = tensors.values(tf.matMul(errors, errors, true));
            for (let i = 0; i < 4; i++) covariance[i] += (second[i] * examples) / rounds;
          });
        }
        const exact = new Float64Array(4);
        for (let j = 0; j < 2; j++) {
          const unit = tf.tensor(
            Array.from({ length: outputs.size }, (_, k) => (k % 2 === j ? 1 : 0)),
            outputs.shape,
          );
          const column = tensors.values(tf.sum(at.curvatureProduct(unit), 0));
          for (let i = 0; i < 2; i++) exact[i * 2 + j] = column[i];
        }
        // Class S: |z| ≤ 6, the spread of a product of two errors at most √2 of its diagonal's.
        const spread = 6 * Math.sqrt(3 / (rounds * examples)) * Math.max(...exact.map(Math.abs)) * 3;
        for (let i = 0; i < 4; i++) expect(Math.abs(covariance[i] - exact[i])).toBeLessThan(spread);
      },
    );

    test('nothing is left behind', () => {
      const { parameters, batch } = setting();
      const draw = new Random(3);
      const round = () =>
        tensors.scope(() => {
          problem.layers!(parameters, batch, 'sampled', draw);
          problem.curvature!('hessian', parameters, batch).apply(direction(parameters));
          problem.curvature!('gaussNewton', parameters, batch).apply(direction(parameters));
          problem.curvature!('empiricalFisher', parameters, batch).apply(direction(parameters));
          return null;
        });
      round();
      const [before, buffers] = [tf.memory().numTensors, tf.memory().numDataBuffers];
      round();
      expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual([before, buffers]);
    });
  });

  test('weights used twice, vectors and unused parameters are named with a reason', () => {
    const shared: Model = {
      name: 'shared',
      inputs: 3,
      outputs: 3,
      start: () => ({
        twice: tf.eye(3),
        scale: tf.ones([3]),
        unused: tf.ones([2, 2]),
        transposed: tf.eye(3),
      }),
      outputsOf(parameters, inputs) {
        const { twice, scale, transposed } = parameters as Record<string, tf.Tensor>;
        const once = tf.tanh(tf.matMul(inputs, twice));
        return tf.mul(tf.matMul(tf.matMul(once, twice), transposed, false, true), scale);
      },
    };
    const problem = regression(shared);
    const { layers, unmatched } = problem.layers!(
      problem.start(new Random(1)),
      { inputs: values([examples, 3]), labels: values([examples, 3]) },
      'given',
      new Random(1),
    );
    expect(layers).toEqual([]);
    expect(Object.fromEntries(unmatched.map(({ path, reason }) => [path, reason]))).toMatchObject({
      twice: 'its gradient is no single product: used twice, or not as a matrix',
      scale: 'a vector that is no bias of a layer',
      unused: 'the outputs do not depend on it',
    });
    expect(unmatched.map(({ path }) => path)).toContain('transposed');
  });
});

test('layers are found where a reshape has memory of its own, as on the native backend', async () => {
  await useBackend('cpu');
  const stock = tf.getKernel('Reshape', 'cpu')!;
  const exchange = (config: typeof stock) => {
    tf.unregisterKernel('Reshape', 'cpu');
    tf.registerKernel(config);
  };
  exchange({
    ...stock,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { dataId, dtype } = inputs.x!;
      const shape = (attrs as { shape: number[] }).shape;
      const own = backend as unknown as tf.KernelBackend;
      return { dataId: own.write(own.readSync(dataId), shape, dtype), shape, dtype };
    },
  });
  try {
    const problem = classification({
      name: 'reshaped',
      inputs: 3,
      outputs: 2,
      start: () => ({ kernel: values([3, 2]), bias: values([2]), transposed: values([2, 2]) }),
      outputsOf(parameters, inputs) {
        const { kernel, bias, transposed } = parameters as Record<string, tf.Tensor>;
        const sum = tf.add(tf.matMul(inputs, tf.reshape(tf.reshape(kernel, [6]), [3, 2])), bias);
        return tf.matMul(sum, tf.reshape(transposed, [2, 2]), false, true);
      },
    });
    const { layers, unmatched } = problem.layers!(
      problem.start(new Random(1)),
      { inputs: values([examples, 3]), labels: tf.tensor1d([0, 1, 1, 0, 1], 'int32') },
      'given',
      new Random(1),
    );
    expect(layers.map(({ kernel, bias }) => [kernel, bias])).toEqual([['kernel', 'bias']]);
    expect(unmatched.map(({ path }) => path)).toEqual(['transposed']);
  } finally {
    exchange(stock);
  }
});

function lastErrors(layers: readonly Layer<tf.Tensor>[]): tf.Tensor {
  return layers.find(({ kernel }) => kernel === 'layer2/kernel')!.errors;
}
