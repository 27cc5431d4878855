import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  asSolver,
  bfgs,
  float64,
  fromFunction,
  gradientCheck,
  gradientDescent,
  leastSquares,
  levenbergMarquardt,
  minimize,
  newtonConjugateGradient,
  regression,
  rosenbrock,
  throughResiduals,
  trustRegion,
} from '../../../src/index.js';
import { flattenedLoss, tensors, useBackend } from '../../../src/tensors/index.js';
import { seed } from '../../seed.js';

beforeAll(async () => {
  await useBackend('wasm');
});

/** What JavaScript would count as a number, as a Float64Array does, or fail at with a message of its own. */
const noNumbers = fc.constantFrom<unknown>(
  null,
  undefined,
  '',
  '3',
  'x',
  true,
  false,
  new Date(7),
  [1],
  [],
  {},
  3n,
  Symbol('s'),
  () => 1,
);

const square = { value: ([x, y]: Float64Array) => (x - 1) ** 2 + (y + 1) ** 2 };
const closed = { ...square, gradient: ([x, y]: Float64Array) => Float64Array.of(2 * (x - 1), 2 * (y + 1)) };
const line = { residuals: ([x, y]: Float64Array) => [x - 1, y - 2, x + y] as never };
const fitted = { value: ([a, b]: Float64Array, x: number) => a + b * x };
const data = [1, 2, 3];

type Numbers = never; // what is passed is not what the type says: these are the mistakes of JavaScript

/** Every place where numbers come in, by how its error calls it. `bad` holds one that is none. */
const doors: readonly [string, number, (bad: Numbers) => unknown][] = [
  ['minimize(start)', 2, (bad) => minimize(square, bad, bfgs())],
  ['gradient(x)', 2, (bad) => minimize({ ...square, gradient: () => bad }, [3, 3], bfgs())],
  ['hessian(x)', 4, (bad) => minimize({ ...closed, hessian: () => bad }, [3, 3], trustRegion())],
  [
    'hessianVectorProduct(x)',
    2,
    (bad) => minimize({ ...closed, hessianVectorProduct: () => bad }, [3, 3], newtonConjugateGradient()),
  ],
  [
    'gradient(x)',
    2,
    (bad) => minimize({ ...square, gradient: () => bad }, [3, 3], asSolver(gradientDescent())),
  ],
  ['leastSquares(start)', 2, (bad) => leastSquares(line, bad, levenbergMarquardt())],
  ['residuals(x)', 3, (bad) => leastSquares({ residuals: () => bad }, [3, 3], levenbergMarquardt())],
  ['jacobian(x)', 6, (bad) => leastSquares({ ...line, jacobian: () => bad }, [3, 3], levenbergMarquardt())],
  [
    'residuals(x)',
    2,
    (bad) => minimize(closed, [3, 3], throughResiduals(levenbergMarquardt(), { residuals: () => bad })),
  ],
  ['regression(y)', 3, (bad) => regression(fitted, data, bad)],
  ['regression(x)', 3, (bad) => regression(fitted, [...(bad as number[])].reverse(), data)],
  ['fromFunction(start)', 2, (bad) => fromFunction({ ...square, name: 'square', start: bad })],
  ['gradientCheck(x)', 2, (bad) => gradientCheck(closed, bad)],
  ['float64.array(values)', 3, (bad) => float64.array(bad, [3])],
  ['tensors.array(values)', 3, (bad) => tensors.array(bad, [3])],
  [
    'flattenedLoss(x)',
    2,
    (bad) => flattenedLoss(({ w }) => tf.sum(w), { w: tf.tensor1d([1, 2]) }).parameters(bad),
  ],
];

describe('what is no number', () => {
  it.each(doors)('is refused in words by %s', (where, length, enter) => {
    const bad = fc.tuple(noNumbers, fc.integer({ min: 0, max: length - 1 })).map(([no, at]) => {
      const list: unknown[] = Array.from({ length }, (_, i) => i + 1);
      list[at] = no;
      return list;
    });
    fc.assert(
      fc.property(bad, (list) => {
        expect(() => enter(list as never)).toThrow(where);
        expect(() => enter(list as never)).toThrow(/expected .*, got /);
      }),
      { seed, numRuns: 60 },
    );
  });

  it.each(doors)('is refused in words where %s should be a list', (where, _, enter) => {
    for (const no of [null, undefined, '123', 3, true, new Date(7), {}, () => [1, 2]]) {
      if (where === 'regression(x)') continue; // what its door is given is turned round, so it must be a list
      expect(() => enter(no as never), String(no)).toThrow(where);
      expect(() => enter(no as never), String(no)).toThrow(/expected .*, got /);
    }
  });

  it.each(doors)('is told from numbers in any list by %s', (where, length, enter) => {
    const good = Array.from({ length }, (_, i) => i + 1);
    for (const list of [good, Float64Array.from(good), Float32Array.from(good)]) {
      let message = '';
      try {
        enter(list as never);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).not.toContain(where);
    }
    // An observation may be anything, as long as all are of one type.
    if (where !== 'regression(x)')
      expect(() => enter(BigInt64Array.from(good, BigInt) as never)).toThrow(where);
  });

  it('is refused as a value too, from a function, residual or curve', () => {
    fc.assert(
      fc.property(noNumbers, (no) => {
        const value = () => no as number;
        expect(() => minimize({ value }, [1], bfgs())).toThrow(/value\(x\): expected a number, got /);
        const of = regression({ value }, data, data);
        expect(() => leastSquares(of, [1], levenbergMarquardt())).toThrow(
          /regression\(model\): expected a number of value\(b, x\), got .* for observation 0/,
        );
        expect(() =>
          fromFunction({ ...rosenbrock(2), value }).value(float64.array([1, 2], [2]), undefined),
        ).toThrow(/value\(x\): expected a number, got /);
      }),
      { seed, numRuns: 30 },
    );
  });

  it('gets a hint where it is a promise or a tensor', () => {
    const promise = { value: async () => 1 } as never;
    expect(() => minimize(promise, [1], bfgs())).toThrow('got Promise; the function must be synchronous');
    const tensor = { value: () => tf.scalar(1) } as never;
    expect(() => minimize(tensor, [1], bfgs())).toThrow(
      'got Tensor; flattenedLoss of fluxion/tensors makes a loss of TensorFlow.js a problem',
    );
  });

  it('leaves a gap in data that went through JSON no zero', () => {
    const y = JSON.parse(JSON.stringify([2, 4, Number.NaN, 8]));
    expect(() => regression({ value: ([a], x: number) => a * x }, [1, 2, 3, 4], y)).toThrow(
      'regression(y): expected numbers, got null at index 2',
    );
  });
});

describe('a function that changes its argument', () => {
  const changes: readonly [string, (x: Float64Array) => void][] = [
    ['sorts it', (x) => void x.sort()],
    ['clamps it', (x) => void (x[0] = Math.min(x[0], 2))],
    ['shifts it', (x) => void (x[1] += 1e-12)],
    ['makes it NaN', (x) => void (x[0] = Number.NaN)],
    ['turns a zero', (x) => void (x[2] = -0)],
  ];
  const start = [3, -2, 0];
  const value = (x: Float64Array) => x.reduce((sum, xi) => sum + xi * xi, 0);
  const gradient = (x: Float64Array) => x.map((xi) => 2 * xi);

  it.each(changes)('is found out when it %s', (_, change) => {
    const changing =
      <A>(of: (x: Float64Array) => A) =>
      (x: Float64Array) => {
        const answer = of(x);
        change(x);
        return answer;
      };
    const message = (name: string) => `${name}(x): expected x unchanged, got x[`;
    expect(() => minimize({ value: changing(value) }, start, bfgs())).toThrow(message('value'));
    expect(() => minimize({ value, gradient: changing(gradient) }, start, bfgs())).toThrow(
      message('gradient'),
    );
    const hessian = () => Float64Array.of(2, 0, 0, 0, 2, 0, 0, 0, 2);
    const newton = { value, gradient, hessian: changing(hessian) };
    expect(() => minimize(newton, start, trustRegion())).toThrow(message('hessian'));
    expect(() =>
      leastSquares({ residuals: changing((x) => x.slice()) }, start, levenbergMarquardt()),
    ).toThrow(message('residuals'));
    const jacobian = () => Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const fit = { residuals: (x: Float64Array) => x.slice(), jacobian: changing(jacobian) };
    expect(() => leastSquares(fit, start, levenbergMarquardt())).toThrow(message('jacobian'));
  });

  it('is found out later too, where it changes x only far from the start', () => {
    const far = {
      value(x: Float64Array) {
        const f = (x[0] - 20) ** 2 + 1;
        if (x[0] > 10) x[0] = 10;
        return f;
      },
    };
    expect(() => minimize(far, [0], asSolver(gradientDescent({ learningRate: 0.1 })))).toThrow(
      'value(x): expected x unchanged, got x[0] changed from ',
    );
  });

  it('is found out where it changes the direction of a product', () => {
    const product = {
      value,
      gradient,
      hessianVectorProduct(_: Float64Array, v: Float64Array) {
        for (let i = 0; i < v.length; i++) v[i] *= 2;
        return v;
      },
    };
    expect(() => minimize(product, start, newtonConjugateGradient())).toThrow(
      'hessianVectorProduct(x, v): expected v unchanged, got v[0] changed from ',
    );
  });

  it('is found out at the end where it changed many variables unseen', () => {
    const many = new Float64Array(40).fill(3);
    const unseen = (x: Float64Array, call: number) => {
      if (call > 2 && call < 16) x.fill(5);
    };
    let calls = 0;
    const squares = {
      value(x: Float64Array) {
        const f = x.reduce((sum, xi) => sum + (xi - 1) ** 2, 1);
        unseen(x, ++calls);
        return f;
      },
      gradient: (x: Float64Array) => x.map((xi) => 2 * (xi - 1)),
    };
    expect(() =>
      minimize(squares, many, asSolver(gradientDescent({ learningRate: 0.1 })), { maxIterations: 3 }),
    ).toThrow(
      /^value\(x\): expected the same value again at the end, got [\d.]+ where the run was told [\d.]+; does it/,
    );
    calls = 0;
    const fit = {
      residuals(x: Float64Array) {
        const r = x.map((xi) => xi * xi - 2);
        unseen(x, ++calls);
        return r;
      },
      jacobian: (x: Float64Array) =>
        Float64Array.from({ length: 1600 }, (_, at) => (at % 41 === 0 ? 2 * x[at / 41] : 0)),
    };
    expect(() => leastSquares(fit, many, levenbergMarquardt(), { maxIterations: 3 })).toThrow(
      'residuals(x): expected the same value again at the end, got ',
    );
  });

  it('leaves a function alone that is noisy or remembers a little', () => {
    let calls = 0;
    const noisy = (x: Float64Array) => x.reduce((sum, xi) => sum + xi * xi, 1) + 0.1 * Math.sin(++calls);
    const many = new Float64Array(40).fill(1);
    expect(minimize({ value: noisy, gradient }, many, bfgs(), { maxIterations: 5 }).x).toHaveLength(40);
  });

  it('tells where it was called, not where it went', () => {
    try {
      minimize({ value: (x) => (x[0] = 7) }, [3], bfgs());
      expect.unreachable();
    } catch (error) {
      expect([...(error as { x: Float64Array }).x]).toEqual([3]);
    }
  });
});
