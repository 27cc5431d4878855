import { describe, expect, it } from 'vitest';
import { type Algebra, counting, faultInjecting, float64, poisoning } from '../../../src/algebra/index.js';

/** ‖x − y‖² and 2(x − y): six computing operations. */
function distance<T>(algebra: Algebra<T>, x: T, y: T): { value: T; gradient: T } {
  return algebra.scope(() => {
    const difference = algebra.sub(x, y);
    const value = algebra.sum(algebra.square(difference));
    return { value, gradient: algebra.neg(algebra.neg(algebra.mul(difference, 2))) };
  });
}

describe('counting', () => {
  it('counts operations by name and reads by themselves, and leaves the values alone', () => {
    const counted = counting(float64);
    float64.scope(() => {
      const { value, gradient } = distance(counted, counted.fill([2], 3), counted.fill([2], 1));
      expect(counted.number(value)).toBe(8);
      expect([...counted.values(gradient)]).toEqual([4, 4]);
    });
    expect(Object.fromEntries(counted.counts)).toEqual({
      fill: 2,
      sub: 1,
      square: 1,
      sum: 1,
      mul: 1,
      neg: 2,
      number: 1,
      values: 1,
    });
    expect(counted.reads()).toBe(2);
    counted.reset();
    expect(counted.reads()).toBe(0);
    expect(counted.counts.size).toBe(0);
  });
});

describe('faultInjecting', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('puts %d into the k-th computed array only', (value) => {
    const right = [8, 4, 4];
    for (let at = 0; at < 7; at++) {
      const faulty = faultInjecting(float64, { at, value });
      const before = float64.live();
      const got = float64.scope(() => {
        const result = distance(faulty, faulty.fill([2], 3), faulty.fill([2], 1));
        return [faulty.number(result.value), ...faulty.values(result.gradient)];
      });
      expect(float64.live()).toBe(before);
      expect(got[2], `second entry, fault at ${at}`).toBe(4);
      expect(faulty.injected()).toBe(at < 6);
      if (at === 6) expect(got).toEqual(right);
      else expect(got.every(Number.isFinite), `fault at ${at} was lost`).toBe(false);
    }
  });

  it('refuses a place that is no whole number', () => {
    expect(() => faultInjecting(float64, { at: -1, value: Number.NaN })).toThrow(
      'faultInjecting(at): expected a number in [0, ∞), got -1',
    );
  });
});

describe('poisoning', () => {
  it('computes what the bare algebra computes', () => {
    const strict = poisoning(float64);
    const before = float64.live();
    const [x, y] = [strict.fill([2], 3), strict.fill([2], 1)];
    const { value, gradient } = distance(strict, x, y);
    expect(strict.number(value)).toBe(8);
    expect(strict.live()).toBe(before + 4);
    for (const array of [x, y, value, gradient]) strict.release(array);
    expect(strict.live()).toBe(before);
    strict.drain();
    expect(float64.live()).toBe(before);
  });

  it('throws on every late read, and on a second release', () => {
    const strict = poisoning(float64);
    let leaked = strict.fill([], 0);
    strict.release(leaked);
    strict.scope(() => {
      leaked = strict.fill([3], 1);
    });
    const other = strict.fill([3], 1); // must not be the recycled `leaked`
    expect(other).not.toBe(leaked);
    const late = 'an operand was read after it had been freed';
    expect(() => strict.sum(leaked)).toThrow(`float64.sum: ${late}`);
    expect(() => strict.add(other, leaked)).toThrow(`float64.add: ${late}`);
    expect(() => strict.combine(1, other, 1, leaked)).toThrow(late);
    expect(() => strict.values(leaked)).toThrow(late);
    expect(() => strict.shape(leaked)).toThrow(late);
    expect(() => strict.release(leaked)).toThrow('float64.release: this array was released before');
    strict.release(other);
    strict.drain();
  });

  it('lets survivors of nested scopes live as long as the enclosing one', () => {
    const strict = poisoning(float64);
    let inner = strict.fill([1], 0);
    strict.release(inner);
    strict.scope(() => {
      inner = strict.scope(() => strict.fill([1], 5));
      expect(strict.number(inner)).toBe(5);
    });
    expect(() => strict.number(inner)).toThrow('after it had been freed');
    strict.drain();
  });

  it('frees what a throwing scope made', () => {
    const strict = poisoning(float64);
    const before = strict.live();
    expect(() =>
      strict.scope(() => {
        strict.fill([2], 1);
        throw new Error('inner');
      }),
    ).toThrow('inner');
    expect(strict.live()).toBe(before);
    strict.drain();
  });
});
