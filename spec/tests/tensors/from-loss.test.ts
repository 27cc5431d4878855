import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { leaves, Random } from '../../../src/index.js';
import { fromLoss, tensors, useBackend } from '../../../src/tensors/index.js';

type Line = { slope: tf.Tensor; offset: tf.Tensor };
type Points = { x: tf.Tensor; y: tf.Tensor };

const line = {
  name: 'line',
  parameters: (seed: number): Line => ({
    slope: tf.scalar(seed % 7).add(1), // an intermediate that the module does not free
    offset: tf.scalar(0),
  }),
  loss: ({ slope, offset }: Line, { x, y }: Points): tf.Tensor =>
    tf.mean(tf.squaredDifference(tf.add(tf.mul(slope, x), offset), y)),
  *batches(): Iterable<Points> {
    for (;;) yield { x: tf.tensor1d([1, 2, 3]), y: tf.tensor1d([3, 5, 7]) };
  },
};

describe('fromLoss', () => {
  beforeAll(async () => {
    await useBackend('cpu');
  });

  it('derives the gradient, here (2/n)Σ r·x and (2/n)Σ r, and frees what the module leaves', () => {
    const before = tensors.live();
    const problem = fromLoss(line);
    const start = problem.start(new Random(1));
    expect(tensors.live()).toBe(before + 2);
    const parameters = { slope: tensors.array([1], []), offset: tensors.array([0.5], []) };
    const batch = { x: tensors.array([1, 2, 3], [3]), y: tensors.array([3, 5, 7], [3]) };
    const { value, gradient } = problem.valueAndGradient(parameters, batch);
    // residuals −1.5, −2.5, −3.5
    expect(tensors.number(value)).toBeCloseTo((1.5 ** 2 + 2.5 ** 2 + 3.5 ** 2) / 3, 5);
    const { slope, offset } = gradient as unknown as Line;
    expect(tensors.number(slope)).toBeCloseTo((-2 / 3) * (1.5 + 5 + 10.5), 5);
    expect(tensors.number(offset)).toBeCloseTo((-2 / 3) * 7.5, 5);
    for (const tree of [start, parameters, batch, gradient, value]) {
      for (const leaf of leaves(tensors, tree)) tensors.release(leaf);
    }
    expect(tensors.live()).toBe(before);
  });

  it('starts alike from one seed', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => {
      const start = fromLoss(line).start(new Random(seed));
      return leaves(tensors, start).map((leaf) => tensors.number(leaf));
    });
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it('gives a parameter that the loss leaves out the gradient 0', () => {
    const problem = fromLoss({
      ...line,
      parameters: () => ({ ...line.parameters(0), spare: tf.ones([2, 2]) }),
    });
    const batch = { x: tensors.array([1], [1]), y: tensors.array([3], [1]) };
    const { gradient } = problem.valueAndGradient(problem.start(new Random(1)), batch);
    const { spare } = gradient as { spare: tf.Tensor };
    expect([...tensors.values(spare)]).toEqual([0, 0, 0, 0]);
  });

  it('says what is wrong with a module', () => {
    const start = (parameters: unknown) => () =>
      fromLoss({ ...line, parameters: () => parameters as Line }).start(new Random(1));
    expect(start(3)).toThrow('line.parameters: expected a tensor, or a list or record of tensors, got 3');
    expect(start({ a: { b: 'x' } })).toThrow(
      "line.parameters(a/b): expected a tensor, or a list or record of tensors, got 'x'",
    );
    expect(start({})).toThrow('line.parameters: expected at least one tensor, got none');
    expect(start({ a: tf.tensor1d([1], 'int32') })).toThrow(
      'line.parameters(a): expected a float32 tensor, got one of shape [1] and dtype int32',
    );
    const shared = tf.zeros([2]);
    expect(start({ a: shared, b: shared })).toThrow(
      'line.parameters(b): expected a tensor of its own, got the one at a',
    );
    const loss = (value: unknown) => () =>
      fromLoss({ ...line, loss: () => value as tf.Tensor }).valueAndGradient(line.parameters(0), {
        x: tf.zeros([1]),
        y: tf.zeros([1]),
      });
    expect(loss(tf.zeros([2]))).toThrow(
      'line.loss: expected a 0-d float32 tensor, got one of shape [2] and dtype float32',
    );
    expect(loss(undefined)).toThrow('line.loss: expected a 0-d float32 tensor, got undefined');
    expect(loss(0.5)).toThrow('line.loss: expected a 0-d float32 tensor, got 0.5');
  });
});
