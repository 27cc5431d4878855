import { expect, test } from 'vitest';
import { adamw, float64 } from '../../../src/index.js';
import {
  chain,
  clipByNorm,
  grouped,
  learningRate,
  masked,
  momentum,
  newton,
  type Transform,
  weightDecay,
} from '../../../src/transforms/index.js';
import { numbers, once, vector } from '../methods/plain-loop.js';

const network = () => ({
  dense: { kernel: vector(3, 4), bias: vector(6) },
  layers: [{ kernel: vector(1), bias: vector(2) }],
});
type Network = ReturnType<typeof network>;
const flat = (tree: unknown) => {
  const { dense, layers } = tree as Network;
  return [dense.kernel, dense.bias, layers[0].kernel, layers[0].bias].map(numbers);
};

test('a mask reaches only what it chooses, by pattern or by function', () => {
  const u = network();
  for (const chosen of [/kernel$/, /kernel$/g, (path: string) => path.endsWith('kernel')]) {
    const transform = masked(weightDecay(1), chosen);
    for (let again = 0; again < 2; again++) {
      expect(flat(once(transform, u, network(), float64).update)).toEqual([[6, 8], [6], [2], [2]]);
    }
  }
});

test('a norm inside a mask is that of the chosen part, and only it has state', () => {
  const u = network();
  const transform = masked(chain(momentum(0.5), clipByNorm(5)), (path) => path === 'dense/kernel');
  const state = transform.init(u, float64);
  expect(JSON.parse(JSON.stringify(state, (_, x) => (float64.isArray(x) ? numbers(x) : x)))).toEqual([
    { velocity: { 'dense/kernel': [0, 0] } },
    null,
  ]);
  const step = once(transform, u, u, float64, state);
  expect(flat(step.update)).toEqual([[3, 4], [6], [1], [2]]);
});

test('a group has a transform of its own', () => {
  const u = network();
  const byKind = (path: string) => path.split('/').at(-1)!;
  const transform = grouped(byKind, { kernel: learningRate(1), bias: chain(momentum(0.5), learningRate(2)) });
  expect(flat(once(transform, u, u, float64).update)).toEqual([[-3, -4], [-12], [-1], [-4]]);
  expect(transform.options).toMatchObject({ by: 'byKind' });
  expect(() => grouped(byKind, { kernel: learningRate(1), bia: learningRate(1) }).init(u, float64)).toThrow(
    "grouped(dense/bias): expected one of kernel, bia, got 'bias'; did you mean 'bia'?",
  );
});

test('an outcome inside a mask or a group gets out', () => {
  const u = vector(1);
  const failing: Transform = {
    ...learningRate(1),
    update: ({ update }) => ({ update, state: null, outcome: { kind: 'diverged', message: 'no' } }),
  };
  expect(once(masked(failing, /x/), { x: u }, { x: u }, float64).outcome?.message).toBe('no');
  expect(
    once(
      grouped(() => 'all', { all: failing }),
      u,
      u,
      float64,
    ).outcome?.message,
  ).toBe('no');
});

test('a method takes a selection, and shows it', () => {
  const u = network();
  const zero = {
    dense: { kernel: vector(0, 0), bias: vector(0) },
    layers: [{ kernel: vector(0), bias: vector(0) }],
  };
  const method = adamw({ learningRate: 1, weightDecay: 0.5, decayed: /kernel/ });
  expect(flat(once(method, zero, u, float64).update)).toEqual([[-1.5, -2], [-0], [-0.5], [-0]]);
  expect(method.options.decayed).toBe('/kernel/');
});

test('misuse is told', () => {
  expect(() => masked(momentum(), 'kernel' as never)).toThrow(
    "masked(chosen): expected a regular expression or a function of the path, got 'kernel'",
  );
  expect(() => once(masked(newton(), /./), { x: vector(1) }, { x: vector(1) }, float64)).toThrow(
    /newton\(objective\)/,
  );
  const twice = { 'a/b': vector(1), a: { b: vector(2) } };
  expect(() => masked(momentum(), /./).init(twice, float64)).toThrow('tree(a/b): expected paths that differ');
});
