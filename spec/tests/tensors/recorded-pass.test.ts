import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../../../src/tensors/index.js';
import { recordPass } from '../../../src/tensors/recorded-pass.js';

beforeAll(() => useBackend('wasm'));

/** f(x, y) = (x², x·y) and how often it was evaluated. */
function counted() {
  const [x, y] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 5])];
  const of = { x, y, evaluations: 0 };
  const f = () => {
    of.evaluations++;
    return [tf.square(x), tf.mul(x, y)];
  };
  return { of, f };
}

const entries = (tensors: readonly (tf.Tensor | null)[]) =>
  tensors.map((tensor) => (tensor === null ? null : [...tensor.dataSync()]));

test('within a scope f is evaluated once, and nothing is left behind', () => {
  const { of, f } = counted();
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const { push, pull } = recordPass(f, [of.x, of.y]);
    const ones = tf.ones([2]);
    expect(entries(push([ones, tf.zeros([2])]))).toEqual([
      [2, 4],
      [3, 5],
    ]);
    expect(entries(push([tf.zeros([2]), ones]))).toEqual([
      [0, 0],
      [1, 2],
    ]);
    expect(entries(pull([ones, ones]))).toEqual([
      [5, 9],
      [1, 2],
    ]);
    expect(of.evaluations).toBe(1);
  });
  expect(tf.memory().numTensors).toBe(before);
});

test('where its scope has ended, or there was none, f is evaluated again', () => {
  const { of, f } = counted();
  const ended = tf.tidy(() => ({ pass: recordPass(f, [of.x, of.y]) }) as never) as {
    pass: ReturnType<typeof recordPass>;
  };
  const before = tf.memory().numTensors;
  const open = recordPass(f, [of.x, of.y]);
  for (const { pull } of [ended.pass, open]) {
    const made = pull([tf.ones([2]), tf.zeros([2])]);
    expect(entries(made)).toEqual([
      [2, 4],
      [0, 0],
    ]);
  }
  expect(of.evaluations).toBe(4);
  tf.dispose([...open.outputs]);
  expect(tf.memory().numTensors).toBe(before + 2 * 4); // the ones, the zeros and the products
});

test('what f does not depend on has no gradient, and a constant no tangent', () => {
  tf.tidy(() => {
    const [x, y] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 5])];
    const { push, pull } = recordPass(() => [tf.exp(x), tf.mul(2, tf.ones([2]))], [x, y]);
    expect(pull([tf.ones([2]), tf.ones([2])])[1]).toBeNull();
    expect(entries(push([tf.zeros([2]), tf.ones([2])]))[1]).toEqual([0, 0]);
  });
});

test('tangents of sums and means are sums and means, spread where one operand was', async () => {
  const [x, y] = [tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor1d([3, 5])];
  const f = () => [tf.sub(tf.add(x, y), 1), tf.sub(y, x), tf.mean(x, 1), tf.add(y, tf.ones([2, 2]))];
  const [dx, dy] = [tf.tensor2d([1, 2, 4, 8], [2, 2]), tf.tensor1d([10, 20])];
  const pass = recordPass(f, [x, y]);
  expect(entries(pass.push([dx, dy]))).toEqual([
    [11, 22, 14, 28],
    [9, 18, 6, 12],
    [1.5, 6],
    [10, 20, 10, 20],
  ]);
  expect(entries(pass.push([dx, null]))[1]).toEqual([-1, -2, -4, -8]);
  const { kernels } = await tf.profile(() => tf.tidy(() => void recordPass(f, [x, y]).push([dx, dy])));
  expect(kernels.map(({ name }) => name)).not.toContain('Multiply'); // as the way over the gradient has them
});

test('to a gradient that is being derived, a recorded pass is constant', () => {
  const x = tf.scalar(3);
  const f = (z: tf.Tensor) => {
    const [slope] = recordPass(() => [tf.mul(z, tf.mul(z, z))], [z]).pull([tf.scalar(1)]);
    return tf.mul(z, slope as tf.Tensor);
  };
  expect(tf.grad(f)(x).dataSync()[0]).toBe(27);
});

test('a right factor that is used once has the two its gradient is made of, another its gradient', () => {
  tf.tidy(() => {
    const [a, w, b] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [5]]), tf.tensor1d([7])];
    const once = recordPass(() => [tf.add(tf.matMul(a, w), b)], [w, b]).pullProducts([tf.tensor2d([[2]])]);
    expect(entries(once.gradients)).toEqual([null, [2]]);
    expect(once.products[1]).toBeNull();
    const { inputs, errors } = once.products[0]!;
    expect(entries([inputs, errors])).toEqual([[1, 2], [2]]);
    const twice = [
      () => tf.add(tf.matMul(a, w), tf.sum(w)),
      () => tf.matMul(tf.matMul(a, w), tf.transpose(w)),
      () => tf.matMul(a, tf.reshape(w, [2, 1])),
      () => tf.matMul(tf.transpose(w), tf.transpose(a)),
    ];
    for (const f of twice) {
      const pass = recordPass(() => [f()], [w]);
      const us = [tf.onesLike(pass.outputs[0])];
      const { gradients, products } = pass.pullProducts(us);
      expect(products).toEqual([null]);
      expect(entries(gradients)).toEqual(entries(pass.pull(us)));
    }
  });
});

test('a product with the transposed Jacobian frees what it has used, not what it was given or gives', async () => {
  const x = tf.fill([1000], 0.5);
  const [length, longest] = [40, 8];
  const pass = tf.tidy(() => {
    const pass = recordPass(() => {
      let y: tf.Tensor = x;
      for (let i = 0; i < length; i++) y = tf.sin(tf.add(y, x));
      return [y, y];
    }, [x]);
    const u = tf.ones([1000]);
    const before = tf.memory().numBytes;
    let most = 0;
    const dispose = tf.Tensor.prototype.dispose;
    tf.Tensor.prototype.dispose = function (this: tf.Tensor) {
      most = Math.max(most, tf.memory().numBytes - before);
      dispose.call(this);
    };
    try {
      const [slope] = pass.pull([u, u]);
      // d/dx of y₁ = sin(2x), …, each 2·(cos(yᵢ + x))·(1 + yᵢ′).
      let [y, dy] = [0.5, 1];
      for (let i = 0; i < length; i++) [y, dy] = [Math.sin(y + 0.5), Math.cos(y + 0.5) * (dy + 1)];
      expect(slope!.dataSync()[7]).toBeCloseTo(2 * dy, 4);
      expect([...u.dataSync()].every((entry) => entry === 1)).toBe(true);
    } finally {
      tf.Tensor.prototype.dispose = dispose;
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(longest * 4000);
    return { outputs: pass.outputs } as never;
  }) as { outputs: readonly tf.Tensor[] };
  tf.dispose([x, ...pass.outputs]);
});

test.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('a factor of two products has the sum of their gradients, transposed: %s, %s', (ta, tb) => {
  tf.tidy(() => {
    const a = tf.tensor2d([1, 2, 3, 5, 7, 11], ta ? [3, 2] : [2, 3]);
    const b = tf.tensor2d([13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59], tb ? [4, 3] : [3, 4]);
    const u = tf.tensor2d([1, -1, 2, -2, 3, -3, 4, -4], [2, 4]);
    const product = () => tf.matMul(a, b, ta, tb);
    const once = recordPass(() => [product()], [a, b]).pull([u]);
    const twice = recordPass(() => [product(), product()], [a, b]).pull([u, u]);
    expect(entries(twice)).toEqual(entries(once.map((gradient) => tf.mul(2, gradient!))));
  });
});

test.each([0, 1, [0, 1]])('what is summed over axis %s and multiplied has the derivative of both', (axis) => {
  tf.tidy(() => {
    const [x, w] = [tf.tensor2d([1, 2, 3, 5, 7, 11], [3, 2]), tf.tensor2d([13, 17, 19, 23], [2, 2])];
    const f = () => [tf.matMul(x, w), tf.sum(x, axis), tf.sum(tf.mul(x, x), axis), tf.sum(x, axis, true)];
    const { outputs, pull } = recordPass(f, [x]);
    const one = [1, 1, 2, 1].map((u, i) => tf.fill(outputs[i].shape, u));
    const [slope] = pull(one);
    // Row by row the sums of w's rows, and 1, 2·2x and 1 of the sums.
    const want = [1, 2, 3, 5, 7, 11].map((entry, at) => [30, 42][at % 2] + 1 + 4 * entry + 1);
    expect([...slope!.dataSync()]).toEqual(want);
    expect(slope!.shape).toEqual([3, 2]);
  });
});

test('the derivative by what rows are summed of begins the product that it is added to', async () => {
  const [x, w, u, v] = [[3, 2], [2, 2], [3, 2], [2]].map((shape) => tf.ones(shape));
  const made: tf.Tensor[] = [];
  const { kernels } = await tf.profile(() => {
    const pass = tf.tidy(() => {
      const { outputs, pull } = recordPass(() => [tf.matMul(x, w), tf.sum(x, 0)], [x]);
      return [...outputs, ...pull([u, v])] as tf.Tensor[];
    });
    made.push(...pass);
    return made;
  });
  expect([...made[2].dataSync()]).toEqual([3, 3, 3, 3, 3, 3]);
  const names = kernels.map(({ name }) => name);
  expect(names).toContain('FluxionAddProduct');
  expect(names).not.toContain('Multiply'); // as the stock gradient spreads the row
  expect(names).not.toContain('Add');
  tf.dispose([x, w, u, v, ...made]);
});
