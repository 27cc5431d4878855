import type * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { gradientCheck, leaves, mapTree, methodsIn, Random, type Tree } from '../../../src/index.js';
import {
  type BackendName,
  type Batch,
  mlp,
  regression,
  squaredError,
  tensors,
  useBackend,
} from '../../../src/tensors/index.js';
import {
  clipByNorm,
  clipByValue,
  sign,
  type Transform,
  trustRatio,
  weightAverage,
} from '../../../src/transforms/index.js';
import { once } from '../methods/plain-loop.js';

const nan = Number.NaN;
const apply = (transform: Transform, u: number[], x: number[] = u) => {
  const before = tensors.live();
  const values = tensors.scope(() => {
    const vector = (entries: number[]) => tensors.array(entries, [entries.length]);
    return [...tensors.values(once(transform, vector(u), vector(x), tensors).update as tf.Tensor)];
  });
  expect(tensors.live()).toBe(before);
  return values;
};

/** Methods that ask for nothing but the gradient. */
const trained = methodsIn('train');
const firstOrder = [...trained].filter(([, { create }]) => !create().needs?.length).map(([name]) => name);

describe.each(['cpu', 'wasm'] as BackendName[])('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  test('what is short passes, what is long is shortened, and nothing hides a NaN or an overflow', () => {
    expect(apply(clipByNorm(5), [3, 0, 4])).toEqual([3, 0, 4]);
    expect(apply(clipByNorm(2.5), [3, 0, 4])).toEqual([1.5, 0, 2]);
    expect(apply(clipByNorm(1), [1e30, 0])[0]).toBeNaN();
    expect(apply(clipByNorm(1), [nan, 1])).toEqual([nan, nan]);
    expect(apply(clipByValue(1), [nan, 2, -3, 0.5])).toEqual([nan, 1, -1, 0.5]);
    expect(apply(sign(), [nan, 2, -3, 0])).toEqual([nan, 1, -1, 0]);
  });

  test('the trust ratio is safe where weights or updates are zero, and not where they are NaN', () => {
    expect(apply(trustRatio(), [3, 0, 4], [0, 10, 0])).toEqual([6, 0, 8]);
    expect(apply(trustRatio(), [3, 0, 4], [0, 0, 0])).toEqual([3, 0, 4]);
    expect(apply(trustRatio(), [0, 0], [3, 4])).toEqual([0, 0]);
    expect(apply(trustRatio(), [3, 4], [nan, 1])).toEqual([nan, nan]);
    expect(apply(trustRatio(), [1e30, 1], [3, 4])[0]).toBeNaN();
  });

  test('the weight average is a copy with a life of its own', () => {
    const x = tensors.array([1, 2], [2]);
    const { average } = weightAverage().init(x, tensors) as { average: tf.Tensor };
    tensors.release(x);
    expect([...tensors.values(average)]).toEqual([1, 2]);
    tensors.release(average);
  });

  test.each(firstOrder)('%s makes a finite update of the shape it got', (name) => {
    const update = apply(trained.get(name)!.create(), [3, 0.5, 4], [1, -2, 0]);
    expect(update).toHaveLength(3);
    expect(update.every(Number.isFinite)).toBe(true);
  });

  test('gradientCheck accepts a network of float32 numbers, and finds one wrong by a tenth', () => {
    const random = new Random(3);
    const problem = regression(mlp([3, 4, 2], { activation: 'tanh' }), { loss: squaredError });
    const before = tensors.live();
    const batch: Batch = {
      inputs: tensors.array(random.normals(15), [5, 3]),
      labels: tensors.array(random.normals(10), [5, 2]),
    };
    const x = problem.start(random);
    const right = gradientCheck(problem, x, batch);
    expect(right.agrees, right.message).toBe(true);
    const n = 3 * 4 + 4 + 4 * 2 + 2;
    expect(right.checked).toBe(n + n ** 2); // the gradient, and the Hessian that a model answers
    const wrong = gradientCheck(
      {
        ...problem,
        valueAndGradient(parameters: Tree<tf.Tensor>, on: Batch) {
          const { value, gradient } = problem.valueAndGradient(parameters, on);
          return { value, gradient: mapTree(tensors, (g) => tensors.mul(g, 1.1), gradient) };
        },
      },
      x,
      batch,
    );
    const found = wrong.disagreements.filter((one) => one.of === 'gradient');
    expect(found.length).toBeGreaterThan(n / 2);
    for (const array of [...leaves(tensors, x), batch.inputs, batch.labels]) tensors.release(array);
    expect(tensors.live()).toBe(before);
  });
});
