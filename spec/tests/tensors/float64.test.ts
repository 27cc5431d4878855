import { beforeAll, describe, expect, it } from 'vitest';

/*
 * With Float64Array in the place of Float32Array before TensorFlow.js is loaded, its CPU backend computes in
 * float64: here differences are exact enough to tell a right gradient from a nearly right one.
 */
globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
const tf = await import('@tensorflow/tfjs');
const { Random, leaves, mapTree } = await import('../../../src/index.js');
const { classification, gaussianLikelihood, mlp, regression, softmaxRegression, tensors, useBackend } =
  await import('../../../src/tensors/index.js');
const { backpropagationOracle, naiveCrossEntropy } = await import('../../oracles/backpropagation.js');

const ε = 2 ** -52;

beforeAll(async () => {
  await useBackend('cpu');
});

const problems = [
  ['softmax regression', () => classification(softmaxRegression(4, 3)), 3],
  ['relu network', () => classification(mlp([4, 6, 5, 3])), 3],
  ['tanh network', () => classification(mlp([4, 6, 3], { activation: 'tanh' })), 3],
  ['squared error', () => regression(mlp([4, 5, 2], { activation: 'tanh' })), 0],
  [
    'Gaussian likelihood',
    () => regression(mlp([4, 5, 4], { activation: 'tanh' }), { loss: gaussianLikelihood }),
    0,
  ],
] as const;

describe('gradients in float64', () => {
  it.each(problems)('%s: the Taylor remainder falls by the square of the step', (_, make, classes) => {
    const random = new Random(11);
    const problem = make();
    const nudge = (x: import('@tensorflow/tfjs').Tensor, size: number) =>
      tensors.add(
        x,
        tensors.array(
          random.normals(x.size).map((deviate) => size * deviate),
          x.shape,
        ),
      );
    const point = mapTree(tensors, (x) => nudge(x, 0.1), problem.start(random));
    const direction = mapTree(tensors, (x) => nudge(tf.zerosLike(x), 1), point);
    const batch = {
      inputs: tensors.array(random.normals(4 * 7), [7, 4]),
      labels:
        classes > 0
          ? tf.tensor1d(
              Array.from({ length: 7 }, () => random.integer(classes)),
              'int32',
            )
          : tensors.array(random.normals(2 * 7), [7, 2]),
    };
    const { value, gradient } = problem.valueAndGradient(point, batch);
    const f = tensors.number(value);
    const slope = leaves(
      tensors,
      mapTree(tensors, (g, v) => tensors.dot(g, v), gradient, direction),
    )
      .map((product) => tensors.number(product))
      .reduce((sum, product) => sum + product, 0);
    const remainder = (h: number) => {
      const moved = mapTree(tensors, (x, v) => tensors.combine(1, x, h, v), point, direction);
      return Math.abs(tensors.number(problem.value(moved, batch)) - f - h * slope);
    };
    expect(Math.abs(slope)).toBeGreaterThan(1e-3);
    // Far above rounding (1e3·ε of the terms) and small enough for the quadratic term to rule.
    const [h, half] = [2 ** -15, 2 ** -16];
    const [r, s] = [remainder(h), remainder(half)];
    const rounding = 1e3 * ε * (Math.abs(f) + Math.abs(h * slope));
    expect(s < rounding || Math.log2(r / s) >= 1.9).toBe(true);
    // A gradient off by one part in a thousand would not pass.
    const wrong = (step: number) => Math.abs(remainder(step) + 1e-3 * step * Math.abs(slope));
    expect(Math.log2(wrong(h) / wrong(half))).toBeLessThan(1.9);
  });

  it('a deep network agrees with backpropagation by hand to float64', () => {
    const random = new Random(4);
    const widths = [5, 7, 6, 3];
    const problem = classification(mlp(widths, { activation: 'tanh' }));
    const parameters = problem.start(random) as {
      [layer: string]: { kernel: import('@tensorflow/tfjs').Tensor; bias: import('@tensorflow/tfjs').Tensor };
    };
    const rows = (x: import('@tensorflow/tfjs').Tensor) => {
      const values = [...tensors.values(x)];
      return Array.from({ length: x.shape[0] }, (_, i) =>
        values.slice(i * x.shape[1]!, (i + 1) * x.shape[1]!),
      );
    };
    const inputs = tensors.array(random.normals(5 * 9), [9, 5]);
    const labels = Array.from({ length: 9 }, () => random.integer(3));
    const { value, gradient } = problem.valueAndGradient(parameters, {
      inputs,
      labels: tf.tensor1d(labels, 'int32'),
    });
    const layers = Object.values(parameters).map(({ kernel, bias }) => ({
      kernel: rows(kernel),
      bias: [...tensors.values(bias)],
    }));
    const want = backpropagationOracle(layers, 'tanh', naiveCrossEntropy, rows(inputs), labels);
    const n = 9 + widths.reduce((sum, width) => sum + width, 0);
    expect(Math.abs(tensors.number(value) - want.loss)).toBeLessThanOrEqual(30 * n * ε * (1 + want.loss));
    Object.values(gradient as typeof parameters).forEach(({ kernel, bias }, l) => {
      const got = [...rows(kernel).flat(), ...tensors.values(bias)];
      const expected = [...want.layers[l].kernel.flat(), ...want.layers[l].bias];
      const gap = Math.hypot(...got.map((entry, i) => entry - expected[i]));
      expect(gap).toBeLessThanOrEqual(30 * n * ε * (want.layers[l].scale + Math.hypot(...expected)));
    });
  });
});
