import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Algebra, float64 } from '../../../src/index.js';
import { seed } from '../../seed.js';

/** float32 numbers of many scales, far enough from overflow and underflow for products and squares. */
const scaled = fc
  .tuple(fc.integer({ min: -(2 ** 12), max: 2 ** 12 }), fc.integer({ min: -12, max: 12 }))
  .map(([mantissa, exponent]) => mantissa * 2 ** (exponent - 10));
const positive = scaled.map((value) => Math.abs(value) + 2 ** -10);
const modest = fc.integer({ min: -(2 ** 12), max: 2 ** 12 }).map((value) => value / 2 ** 10);
const list = (entry: fc.Arbitrary<number>) => fc.array(entry, { minLength: 1, maxLength: 37 });
const pairs = (left: fc.Arbitrary<number>, right: fc.Arbitrary<number>) =>
  fc.array(fc.tuple(left, right), { minLength: 1, maxLength: 37 });

type Name = keyof typeof float64;
type Operation = (...operands: unknown[]) => never;

const vector = (values: number[]) => ({ values, shape: [values.length] });

// How many roundings of ε/2 an operation may make; pow is promised a few units in the last
// place by the C library, and the rounding of the exact result comes on top.
const unary: [Name, fc.Arbitrary<number>, number][] = [
  ['neg', scaled, 0],
  ['abs', scaled, 0],
  ['sign', scaled, 0],
  ['square', scaled, 1],
  ['sqrt', positive, 1],
];
const binary: [Name, fc.Arbitrary<number>, fc.Arbitrary<number>, number][] = [
  ['add', scaled, scaled, 1],
  ['sub', scaled, scaled, 1],
  ['mul', scaled, scaled, 1],
  ['div', scaled, positive, 1],
  ['min', scaled, scaled, 0],
  ['max', scaled, scaled, 0],
  ['greater', scaled, scaled, 0],
];

/** The tests that every arithmetic passes: it agrees with float64 up to its own rounding, and frees what it should. */
export function agreesWithFloat64<T>(algebra: Algebra<T>, numRuns = 60): void {
  const properties = (property: fc.IProperty<never>) => fc.assert(property as never, { seed, numRuns });
  // Called by name, so the type of the entries is left to the arithmetic.
  const given = algebra as unknown as typeof float64;
  const { epsilon: ε, name: named } = algebra;
  const rounded = ε > 2 ** -52 ? Math.fround : (value: number) => value;

  /** Runs an operation of each arithmetic on the same values, given as flat lists with shapes. */
  function both(name: Name, operands: ({ values: number[]; shape: number[] } | number | boolean)[]) {
    const results = [given, float64].map((algebra) =>
      algebra.scope(() => {
        const arrays = operands.map((operand) =>
          typeof operand === 'object' ? algebra.array(operand.values, operand.shape) : operand,
        );
        const result = (algebra[name] as Operation)(...arrays);
        const bound = algebra as unknown as typeof float64;
        return { values: bound.values(result), shape: [...bound.shape(result)] };
      }),
    );
    expect(results[0].shape).toEqual(results[1].shape);
    return { got: results[0].values, want: results[1].values };
  }

  /** |got − want| ≤ ulps·ε·|want|, the bound of an operation rounded a few times. */
  function close(got: Float64Array, want: Float64Array, ulps: number): void {
    for (let i = 0; i < want.length; i++) {
      expect(Math.abs(got[i] - want[i])).toBeLessThanOrEqual(ulps * ε * Math.abs(want[i]));
    }
  }

  it.each(unary)('%s agrees with float64', (name, entry, ulps) => {
    properties(
      fc.property(list(entry), (values) => {
        const { got, want } = both(name, [vector(values)]);
        close(got, want, ulps);
      }) as never,
    );
  });

  it.each(binary)('%s agrees with float64, arrays and numbers', (name, left, right, ulps) => {
    properties(
      fc.property(pairs(left, right), (entries) => {
        const xs = entries.map(([x]) => x);
        const ys = entries.map(([, y]) => y);
        const one = { values: [ys[0]], shape: [] };
        for (const operands of [
          [vector(xs), vector(ys)],
          [vector(xs), ys[0]],
          [vector(xs), one],
          [{ values: [xs[0]], shape: [] }, vector(ys)],
        ]) {
          const { got, want } = both(name, operands);
          close(got, want, ulps);
        }
      }) as never,
    );
  });

  it('combine rounds thrice at most, and where and pow agree', () => {
    properties(
      fc.property(pairs(scaled, scaled), modest, modest, (entries, a, b) => {
        const xs = entries.map(([x]) => x);
        const ys = entries.map(([, y]) => y);
        const { got, want } = both('combine', [a, vector(xs), b, vector(ys)]);
        for (let i = 0; i < xs.length; i++) {
          const size = Math.abs(a * xs[i]) + Math.abs(b * ys[i]);
          expect(Math.abs(got[i] - want[i])).toBeLessThanOrEqual(2 * ε * size);
        }
        const chosen = both('where', [vector(xs.map((x) => Math.max(x, 0))), vector(xs), vector(ys)]);
        expect(chosen.got).toEqual(chosen.want);
        // pow by way of exp and log loses as many units as the exponent of the result has
        const power = both('pow', [vector(xs.map((x) => Math.abs(x) + 2 ** -10)), 1.5]);
        close(power.got, power.want, 40);
      }) as never,
    );
  });

  it('sums, products and reshapings agree within n·ε of the terms', () => {
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    );
    properties(
      fc.property(
        sizes,
        fc.infiniteStream(modest),
        fc.boolean(),
        fc.boolean(),
        ([m, k, n], stream, tx, ty) => {
          const take = (count: number) => Array.from({ length: count }, () => stream.next().value as number);
          const x = { values: take(m * k), shape: tx ? [k, m] : [m, k] };
          const y = { values: take(k * n), shape: ty ? [n, k] : [k, n] };
          const product = both('matmul', [x, y, tx, ty]);
          const size = 16 * k; // entries lie within ±4
          for (let i = 0; i < product.want.length; i++) {
            expect(Math.abs(product.got[i] - product.want[i])).toBeLessThanOrEqual(k * ε * size);
          }
          const stack = (one: { values: number[]; shape: number[] }) => ({
            values: [...one.values, ...one.values.map((value) => -2 * value)],
            shape: [2, ...one.shape],
          });
          const stacked = both('matmul', [stack(x), stack(y), tx, ty]);
          // Each with each: the second product is four times the first.
          const twice = [...product.want, ...product.want.map((entry) => 4 * entry)];
          expect(stacked.got.length).toBe(twice.length);
          for (const [i, entry] of twice.entries()) {
            expect(Math.abs(stacked.got[i] - entry)).toBeLessThanOrEqual(k * ε * 4 * size);
          }
          expect(both('transpose', [x]).got).toEqual(both('transpose', [x]).want);
          const total = both('sum', [x]);
          expect(Math.abs(total.got[0] - total.want[0])).toBeLessThanOrEqual(m * k * ε * 4 * m * k);
          const dot = both('dot', [x, x]);
          expect(Math.abs(dot.got[0] - dot.want[0])).toBeLessThanOrEqual(m * k * ε * 16 * m * k);
          const flat = algebra.scope(() =>
            algebra.values(algebra.reshape(algebra.array(x.values, x.shape), [m * k])),
          );
          expect([...flat]).toEqual(x.values);
        },
      ) as never,
    );
  });

  it('swallows no NaN', () => {
    const at = (name: Name, ...operands: unknown[]) =>
      algebra.scope(() => algebra.values((given[name] as Operation)(...operands)));
    const nan = algebra.array([1, Number.NaN, -2, 3, Number.NaN], [5]);
    const one = algebra.array([1, 1, 1, 1, 1], [5]);
    const single = algebra.array([Number.NaN], []);
    const matrix = algebra.array([Number.NaN, 0, 0, 1], [2, 2]);
    const holes = [1, 4];
    for (const name of ['neg', 'abs', 'sign', 'square', 'sqrt'] as const) {
      for (const i of holes) expect(at(name, nan)[i], name).toBeNaN();
    }
    for (const name of ['add', 'sub', 'mul', 'div', 'min', 'max'] as const) {
      for (const i of holes) {
        expect(at(name, nan, one)[i], name).toBeNaN();
        expect(at(name, one, nan)[i], name).toBeNaN();
        expect(at(name, nan, 0.5)[i], name).toBeNaN();
      }
      expect([...at(name, one, Number.NaN)].every(Number.isNaN), name).toBe(true);
      expect([...at(name, one, single)].every(Number.isNaN), name).toBe(true);
      expect([...at(name, single, one)].every(Number.isNaN), name).toBe(true);
    }
    expect([...at('greater', nan, 0)]).toEqual([1, 0, 0, 1, 0]);
    expect([...at('greater', one, nan)]).toEqual([0, 0, 1, 0, 0]);
    expect(at('where', nan, nan, one)[1]).toBeNaN();
    expect(at('where', one, nan, one)[4]).toBeNaN();
    expect(at('where', algebra.fill([5], 0), one, nan)[4]).toBeNaN();
    expect(at('combine', 0.5, nan, 0.5, one)[1]).toBeNaN();
    expect(at('combine', 0.5, one, 0.5, nan)[4]).toBeNaN();
    expect(at('pow', nan, 2)[1]).toBeNaN();
    expect(at('sum', nan)[0]).toBeNaN();
    expect(at('dot', nan, one)[0]).toBeNaN();
    expect(at('matmul', matrix, matrix)[0]).toBeNaN();
    expect(at('matmul', matrix, matrix, true, true)[0]).toBeNaN();
    expect(at('finite', nan)[0]).toBe(0);
    expect(at('finite', one)[0]).toBe(1);
    expect(at('finite', algebra.array([1, Number.POSITIVE_INFINITY], [2]))[0]).toBe(0);
  });

  it('frees what a scope does not return, on a throw too, and counts what lives', () => {
    const before = algebra.live();
    const x = algebra.array([1, 2, 3], [3]);
    const kept = algebra.scope(() => {
      const doubled = algebra.mul(x, 2);
      const inner = algebra.scope(() => ({ deep: [algebra.add(doubled, 1)], host: new Float64Array(1e6) }));
      return { a: algebra.add(inner.deep[0], x), b: [inner.deep[0]] };
    });
    expect(algebra.live()).toBe(before + 3);
    expect([...algebra.values(kept.a)]).toEqual([4, 7, 10]);
    expect(() =>
      algebra.scope(() => {
        algebra.mul(x, 2);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(algebra.live()).toBe(before + 3);
    for (const name of ['add', 'greater', 'max'] as const) given.release((given[name] as Operation)(x, 2));
    expect(algebra.live()).toBe(before + 3);
    for (const array of [x, kept.a, kept.b[0]]) algebra.release(array);
    expect(algebra.live()).toBe(before);
    expect(() => algebra.release(x)).toThrow(`${named}.release: this array was released before`);
  });

  it('gives copies that outlive the original, and values in float64', () => {
    const x = algebra.array([0.1, 2], [2]);
    const copy = algebra.copy(x);
    algebra.release(x);
    const values = algebra.values(copy);
    expect(values).toBeInstanceOf(Float64Array);
    expect([...values]).toEqual([rounded(0.1), 2]);
    values[0] = 7;
    expect(algebra.values(copy)[0]).toBe(rounded(0.1));
    algebra.release(copy);
  });

  it('refuses shapes that do not fit, with nothing left behind', () => {
    const before = algebra.live();
    const x = algebra.array([1, 2], [2]);
    const y = algebra.array([1, 2, 3], [3]);
    expect(() => algebra.add(x, y)).toThrow(`${named}.add: expected equal shapes, got [2] and [3]`);
    expect(() => algebra.combine(1, x, 1, y)).toThrow('expected equal shapes');
    expect(() => algebra.dot(x, y)).toThrow('expected equal shapes');
    expect(() => algebra.where(x, y, y)).toThrow('expected equal shapes');
    expect(() => algebra.matmul(x, y)).toThrow('expected two matrices');
    expect(() => algebra.transpose(x)).toThrow('expected a matrix');
    expect(() => algebra.reshape(x, [3])).toThrow('expected 2 entries');
    expect(() => algebra.number(x)).toThrow('expected one entry, got shape [2]');
    expect(() => algebra.array([1], [2])).toThrow(`${named}.array(values): expected 2 values, got 1`);
    for (const array of [x, y]) algebra.release(array);
    expect(algebra.live()).toBe(before);
  });
}
