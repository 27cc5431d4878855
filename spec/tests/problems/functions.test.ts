import { expect, test } from 'vitest';
import {
  bard,
  biggs,
  brownAlmostLinear,
  brownDennis,
  chebyquad,
  extendedRosenbrock,
  findFunction,
  float64,
  freudensteinRoth,
  fromFunction,
  functions,
  gaussian,
  gradientCheck,
  jennrichSampson,
  kowalikOsborne,
  linearFullRank,
  meyer,
  osborne1,
  osborne2,
  penalty1,
  penalty2,
  powellSingular,
  quadratic,
  Random,
  rosenbrock,
  type SumOfSquares,
  styblinskiTang,
  type TestFunction,
  trigonometric,
  watson,
  zakharov,
} from '../../../src/index.js';
import { extrapolatedDifferences } from '../../../src/problems/extrapolated-differences.js';

const all = [
  ...[...functions.values()].map((entry) => entry.create()),
  rosenbrock(3),
  rosenbrock(7),
  quadratic(4, 1e6),
  powellSingular(8),
  ...[9, 12].map(watson),
  ...[4].flatMap((n) => [penalty1(n), penalty2(n), trigonometric(n)]),
  ...[5, 10].map(chebyquad),
  zakharov(5),
  styblinskiTang(4),
];
const label = <F extends TestFunction>(of: F): [string, F] => [`${of.name}(${of.start.length})`, of];
const labelled = all.map(label);
const epsilon = Number.EPSILON;
const largest = (x: ArrayLike<number>) => Math.max(...Array.from(x, Math.abs));

/** The start, then points about it. */
function points(of: TestFunction, count: number): Float64Array[] {
  const random = new Random(11);
  return Array.from({ length: count }, (_, trial) => {
    const shift = random.normals(of.start.length);
    return Float64Array.from(of.start, (entry, i) =>
      trial === 0 ? entry : entry + 0.1 * Math.max(1, Math.abs(entry)) * shift[i],
    );
  });
}

test.each(labelled)('%s has the gradient and Hessian it claims', (_, of) => {
  const n = of.start.length;
  for (const x of points(of, 8)) {
    const { message, agrees, checked } = gradientCheck(of, x);
    expect(agrees, message).toBe(true);
    expect(checked).toBe(n + n * n);
  }
});

const squares = all.filter((of): of is SumOfSquares => 'residuals' in of).map(label);

test.each(squares)('%s is the sum of squares of its residuals, with their Jacobian', (_, of) => {
  const n = of.start.length;
  for (const x of points(of, 4)) {
    const r = of.residuals(x);
    const sum = r.reduce((total, one) => total + one * one, 0);
    // Both sums have r.length terms, each with a few roundings of r itself.
    expect(Math.abs(of.value(x) - sum)).toBeLessThanOrEqual(16 * r.length * epsilon * sum);
    const jacobian = of.jacobian(x);
    expect(jacobian).toHaveLength(r.length * n);
    const { estimates, tolerances } = extrapolatedDifferences(of.residuals, x, epsilon);
    for (let i = 0; i < r.length; i++) {
      for (let j = 0; j < n; j++) {
        const difference = Math.abs(jacobian[i * n + j] - estimates[j][i]);
        expect(difference, `∂r${i}/∂x${j}`).toBeLessThanOrEqual(tolerances[j][i]);
      }
    }
  }
});

test.each(labelled)('%s has the minima it claims', (_, of) => {
  const n = of.start.length;
  const minima = of.minima ?? (of.minimum === undefined ? [] : [of.minimum]);
  expect(minima.length).toBeGreaterThan(0);
  expect(of.value(Float64Array.from(of.start))).toBeGreaterThan(minima[0].value);
  minima.forEach(({ value }) => void expect(value).toBeGreaterThanOrEqual(minima[0].value));
  for (const { x, value } of minima) {
    if (x === undefined) continue;
    const at = Float64Array.from(x);
    const hessian = of.hessian!(at);
    const curvature = Math.max(
      ...at.map((_, i) => hessian.subarray(i * n, (i + 1) * n).reduce((sum, h) => sum + Math.abs(h), 0)),
    );
    // x is exact to a rounding, and so are the terms of f: the gradient may have as much as that moves it.
    const size = curvature * largest(at);
    const terms = Math.abs(value) + size * largest(at);
    expect(largest(of.gradient!(at))).toBeLessThanOrEqual(30 * n * epsilon * (size + residualSize(of, at)));
    const off = Math.abs(of.value(at) - value);
    expect(off).toBeLessThanOrEqual(30 * n * epsilon * (value === 0 ? epsilon * terms : terms));
  }
});

/** max Σ |Jᵢⱼ||rᵢ|, what the sums in a gradient of squares are made of; for other functions that of the value. */
function residualSize(of: TestFunction, x: Float64Array): number {
  if (!('residuals' in of)) return Math.abs(of.value(x));
  const { residuals, jacobian } = of as SumOfSquares;
  const [r, j] = [residuals(x), jacobian(x)];
  const sums = new Float64Array(x.length);
  j.forEach((entry, at) => {
    sums[at % x.length] += 2 * Math.abs(entry * r[Math.floor(at / x.length)]);
  });
  return largest(sums);
}

/** As the collection prints them, rounded or cut off after six digits. */
const printed: readonly (readonly [SumOfSquares, ...number[]])[] = [
  [freudensteinRoth(), 0, 48.9842],
  [jennrichSampson(), 124.362],
  [bard(), 8.21487e-3, 17.4286],
  [gaussian(), 1.12793e-8],
  [meyer(), 87.9458],
  [kowalikOsborne(), 3.07505e-4, 1.02734e-3],
  [brownDennis(), 85822.2],
  [osborne1(), 5.46489e-5],
  [biggs(), 0, 5.65565e-3],
  [osborne2(), 4.01377e-2],
  [watson(6), 2.28767e-3],
  [watson(9), 1.39976e-6],
  [watson(12), 4.72238e-10],
  [penalty1(4), 2.24997e-5],
  [penalty1(10), 7.08765e-5],
  [penalty2(4), 9.37629e-6],
  [penalty2(10), 2.9366e-4],
  [trigonometric(10), 0, 2.79506e-5],
  [brownAlmostLinear(10), 0, 1],
  [chebyquad(8), 3.51687e-3],
];

test.each(printed.map(([of, ...values]) => [...label(of), values] as const))(
  'the minima of %s are the published ones',
  (_, of, values) => {
    expect(of.minima).toHaveLength(values.length);
    of.minima!.forEach(({ value }, i) => {
      const sixthDigit = values[i] === 0 ? 0 : 10 ** (Math.floor(Math.log10(values[i])) - 5);
      expect(Math.abs(value - values[i])).toBeLessThanOrEqual(sixthDigit);
    });
  },
);

test.each([
  [() => powellSingular(6), 'powellSingular(n): expected a multiple of 4, got 6'],
  [() => extendedRosenbrock(3), 'extendedRosenbrock(n): expected an even number, got 3'],
  [() => watson(32), 'watson(n): expected a number in [2, 31], got 32'],
  [() => linearFullRank(10, 9), 'linearFullRank(m): expected a number in [10, ∞), got 9'],
])('a dimension that does not fit is refused: %#', (make, message) => {
  expect(make).toThrow(message);
});

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
    'rosenbrock(n): expected a whole number in [2, ∞), got 1',
  );
  expect(() => findFunction('booth').create({ n: 3 })).toThrow(/booth\(n\)/);
  expect(() => quadratic(4, 0.5)).toThrow('quadratic(condition): expected a number in [1, ∞), got 0.5');
  for (const [name, entry] of functions) expect(entry.create().name).toBe(name);
});

test('a function without derivatives gets differences, and says so', () => {
  const { start, value, gradient } = rosenbrock(3);
  const bare = fromFunction({ name: 'bare', start, value });
  expect(bare.derivatives).toEqual({ gradient: 'differences', hessian: 'none' });
  expect(bare.curvature).toBeUndefined();
  const half = fromFunction({ name: 'half', start, value, gradient });
  expect(half.derivatives).toEqual({ gradient: 'closed form', hessian: 'differences' });
  const full = fromFunction(rosenbrock(3));
  expect(full.derivatives).toEqual({ gradient: 'closed form', hessian: 'closed form' });

  const x = full.start(new Random(1));
  const exact = float64.values(full.valueAndGradient(x, undefined).gradient as never);
  const near = float64.values(bare.valueAndGradient(x, undefined).gradient as never);
  const hessian = full.curvature!('hessian', x, undefined).dense!();
  const nearHessian = half.curvature!('hessian', x, undefined).dense!();
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
