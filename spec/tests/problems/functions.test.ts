import { expect, test } from 'vitest';
import {
  findFunction,
  float64,
  fromFunction,
  functions,
  gradientCheck,
  quadratic,
  Random,
  rosenbrock,
} from '../../../src/index.js';

const all = [
  ...[...functions.values()].map((entry) => entry.create()),
  rosenbrock(3),
  rosenbrock(7),
  quadratic(4, 1e6),
];

test.each(all.map((of) => [`${of.name}(${of.start.length})`, of] as const))(
  '%s has the derivatives and the minimum it claims',
  (_, of) => {
    const random = new Random(11);
    const n = of.start.length;
    for (let trial = 0; trial < 20; trial++) {
      const { message, agrees, checked } = gradientCheck(of, random.normals(n));
      expect(agrees, message).toBe(true);
      expect(checked).toBe(n + n * n);
    }
    const { x, value } = of.minimum!;
    expect(of.value(Float64Array.from(x))).toBeCloseTo(value, 14);
    expect(Math.max(...of.gradient!(Float64Array.from(x)).map(Math.abs))).toBeLessThan(1e-12);
    expect(of.value(Float64Array.from(of.start))).toBeGreaterThan(value);
  },
);

test('a quadratic has the spectrum asked for', () => {
  const n = 5;
  const of = quadratic(n, 100);
  const hessian = of.hessian!(new Float64Array(n));
  for (let mode = 0; mode < n; mode++) {
    // The eigenvectors are the columns of Q = I − (2/n)11ᵀ.
    const v = Float64Array.from({ length: n }, (_, i) => (i === mode ? 1 : 0) - 2 / n);
    for (let i = 0; i < n; i++) {
      const product = v.reduce((sum, entry, j) => sum + hessian[i * n + j] * entry, 0);
      expect(product).toBeCloseTo(100 ** (mode / (n - 1)) * v[i], 11);
    }
  }
});

test('functions are found by name and take their options', () => {
  expect(findFunction('rosenbrock').create({ n: 6 }).start).toHaveLength(6);
  expect(() => findFunction('rosenbrok')).toThrow(/did you mean 'rosenbrock'/);
  expect(() => findFunction('rosenbrock').create({ n: 1 })).toThrow(
    'rosenbrock(n): expected a number in [2, ∞), got 1',
  );
  expect(() => findFunction('booth').create({ n: 3 })).toThrow(/booth\(n\)/);
  expect(() => quadratic(4, 0.5)).toThrow('quadratic(condition): expected a number in [1, ∞), got 0.5');
  for (const [name, entry] of functions) expect(entry.create().name).toBe(name);
});

test('a function without derivatives gets differences, and says so', () => {
  const { start, value, gradient } = rosenbrock(3);
  const bare = fromFunction({ name: 'bare', start, value });
  expect(bare.derivatives).toEqual({ gradient: 'differences', hessian: 'none' });
  expect(bare.hessian).toBeUndefined();
  const half = fromFunction({ name: 'half', start, value, gradient });
  expect(half.derivatives).toEqual({ gradient: 'closed form', hessian: 'differences' });
  const full = fromFunction(rosenbrock(3));
  expect(full.derivatives).toEqual({ gradient: 'closed form', hessian: 'closed form' });

  const x = full.start(new Random(1));
  const exact = float64.values(full.valueAndGradient(x, undefined).gradient as never);
  const near = float64.values(bare.valueAndGradient(x, undefined).gradient as never);
  const hessian = float64.values(full.hessian!(x, undefined));
  const nearHessian = float64.values(half.hessian!(x, undefined));
  // Truncation h²f‴/6 with h = 6e-6·1.2 and |f‴| ≤ 2400·1.2; rounding ε·f/h. Together below 1e-7.
  expect(Math.max(...exact.map((entry, i) => Math.abs(entry - near[i])))).toBeLessThan(1e-7);
  expect(Math.max(...hessian.map((entry, i) => Math.abs(entry - nearHessian[i])))).toBeLessThan(1e-6);
});

test('a function that answers wrongly is named', () => {
  const wrong = fromFunction({
    name: 'wrong',
    start: [0, 0],
    value: () => 0,
    gradient: () => Float64Array.of(1),
  });
  expect(() => wrong.valueAndGradient(wrong.start(new Random(1)), undefined)).toThrow(
    'gradient(x): expected 2 numbers, got 1',
  );
});

const value = (): number => 0;

test.each([
  [null, 'fromFunction(of): expected an object, got null'],
  [{ start: [1], value }, 'fromFunction(name): expected a string, got undefined'],
  [{ name: 'f', start: 3, value }, 'fromFunction(start): expected a list of finite numbers, got 3'],
  [{ name: 'f', start: [], value }, 'fromFunction(start): expected a list of finite numbers, got []'],
  [{ name: 'f', start: [1, Number.NaN], value }, 'expected a list of finite numbers, got [1, NaN]'],
  [{ name: 'f', start: [1] }, 'fromFunction(value): expected a function, got undefined'],
  [{ name: 'f', start: [1], value, gradient: 1 }, 'fromFunction(gradient): expected a function, got 1'],
])('what is no test function is refused at once: %#', (wrong, message) => {
  expect(() => fromFunction(wrong as never)).toThrow(message);
});
