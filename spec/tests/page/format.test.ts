import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  bytes,
  count,
  duration,
  number,
  option,
  percent,
  plainTick,
} from '../../../dashboard/page/src/data/format.js';

fc.configureGlobal({ seed: 1 });

/** Thin spaces and true minus signs made plain. */
const plain = (text: string) => text.replaceAll('\u2009', ' ').replaceAll('−', '-');

describe('format', () => {
  test('writes numbers briefly', () => {
    const written = [1234.5678, 98765.4, 0.123456, 0.000123456, -2.5e-9, 1e6, 12e20, 0, -0].map((n) =>
      plain(number(n)),
    );
    expect(written).toEqual(['1235', '98765', '0.1235', '1.235e-4', '-2.5e-9', '1e6', '1.2e21', '0', '0']);
  });

  test('names what is not finite, and what is not known', () => {
    expect([Number.NaN, Infinity, -Infinity, undefined].map((n) => number(n))).toEqual([
      'NaN',
      '∞',
      '−∞',
      '–',
    ]);
    expect(percent(Number.NaN)).toBe('NaN');
    expect([count(undefined), percent(undefined), duration(undefined), duration(Infinity)]).toEqual(
      Array(4).fill('–'),
    );
  });

  test.prop([fc.double({ noNaN: true, min: -1e308, max: 1e308 })])(
    'keeps four significant digits',
    (value) => {
      // Rounding to four significant digits moves a value by at most half a unit of the fourth one; a
      // subnormal result may be off by one more of its own.
      const bound = 0.5e-3 * Math.abs(value) * (1 + 1e-12) + Number.MIN_VALUE;
      expect(Math.abs(Number(plain(number(value))) - value)).toBeLessThanOrEqual(bound);
    },
  );

  test.prop([fc.integer({ min: -1e9, max: 1e9 })])('groups thousands and loses no digit', (value) => {
    expect(Number(plain(count(value)).replaceAll(' ', ''))).toBe(value);
  });

  test('writes times as one says them', () => {
    expect([0.04, 9.94, 9.96, 59.4, 59.6, 3599.7, 7449].map((s) => plain(duration(s)))).toEqual([
      '0.0 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1:00',
      '1:00:00',
      '2:04:09',
    ]);
  });

  test('writes shares, bytes, ticks and options', () => {
    expect(plain(percent(0.97126, 2))).toBe('97.13 %');
    expect([0, 1023, 1024, 407_080, 5e9].map((n) => plain(bytes(n)))).toEqual([
      '0 B',
      '1023 B',
      '1.00 KiB',
      '398 KiB',
      '4.66 GiB',
    ]);
    expect([0.1, 1e-4, 250_000, 1200].map((n) => plain(plainTick(n)))).toEqual([
      '0.1',
      '0.0001',
      '250 000',
      '1 200',
    ]);
    expect(option({ rate: 1e-8, of: ['a', null, true] })).toBe('{rate: 1e−8, of: [a, null, true]}');
  });
});
