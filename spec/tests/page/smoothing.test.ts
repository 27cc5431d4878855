import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { Series } from '../../../dashboard/page/src/data/series.js';
import { Smoothed } from '../../../dashboard/page/src/data/smoothing.js';

fc.configureGlobal({ seed: 1 });

const dyadic = fc.integer({ min: -4096, max: 4096 }).map((n) => n / 1024);
const span = fc.integer({ min: 2, max: 100 });

function smoothed(numbers: readonly number[], over: number, log = false): number[] {
  const raw = new Series();
  for (const number of numbers) raw.push(number);
  return [...new Smoothed(raw, over, log).update().values.view()];
}

/** The weighted line through all that is finite, fitted anew for every t by its normal equations. */
function byDefinition(numbers: readonly number[], over: number): number[] {
  const decay = (over - 1) / (over + 1);
  return numbers.map((number, t) => {
    if (!Number.isFinite(number)) return number;
    let [w, wd, wdd, wy, wdy] = [0, 0, 0, 0, 0];
    numbers.forEach((y, i) => {
      if (!Number.isFinite(y)) return;
      const weight = decay ** Math.abs(i - t);
      w += weight;
      wd += weight * (i - t);
      wdd += weight * (i - t) ** 2;
      wy += weight * y;
      wdy += weight * (i - t) * y;
    });
    const determinant = w * wdd - wd * wd;
    return determinant > 1e-9 * w * wdd ? (wdd * wy - wd * wdy) / determinant : wy / w;
  });
}

describe('Smoothed', () => {
  test.prop([fc.array(fc.oneof(dyadic, fc.constantFrom(Number.NaN, Infinity)), { maxLength: 60 }), span])(
    'is the local line of its definition, with what is not finite where it happened',
    (numbers, over) => {
      const found = smoothed(numbers, over);
      for (const [t, number] of byDefinition(numbers, over).entries()) {
        // Sums of at most 60 terms up to 60²·4, and a determinant that cancels to 1e−9 of its terms at the worst.
        if (Number.isFinite(number)) expect(Math.abs(found[t]! - number)).toBeLessThan(1e-4);
        else expect(found[t]).toBe(number);
      }
    },
  );

  test.prop([dyadic, dyadic, fc.integer({ min: 2, max: 300 }), span])(
    'leaves a straight line as it is, up to both ends: it neither lags nor is drawn towards the middle',
    (start, slope, length, over) => {
      const line = Array.from({ length }, (_, i) => start + slope * i);
      const size = Math.abs(start) + Math.abs(slope) * length + 1;
      for (const [i, value] of smoothed(line, over).entries()) {
        expect(Math.abs(value - line[i]!)).toBeLessThan(1e-6 * size);
      }
    },
  );

  test.prop([span, fc.integer({ min: 1, max: 50 })])(
    'leaves an exponential as it is in log space, where the mean of the values lies above it',
    (over, rate) => {
      const curve = Array.from({ length: 200 }, (_, i) => Math.exp(-i / rate));
      for (const [i, value] of smoothed(curve, over, true).entries()) {
        expect(Math.abs(Math.log(value) + i / rate)).toBeLessThan(1e-4);
      }
      const plain = smoothed(curve, over);
      expect(plain[100]).toBeGreaterThan(curve[100]!);
    },
  );

  test.prop([fc.array(dyadic, { minLength: 1, maxLength: 100 }), span])(
    'has no direction',
    (numbers, over) => {
      const forth = smoothed(numbers, over);
      const back = smoothed(numbers.toReversed(), over).reverse();
      for (const [i, value] of forth.entries()) expect(Math.abs(value - back[i]!)).toBeLessThan(1e-4);
    },
  );

  test.prop([fc.integer({ min: 1, max: 2000 }), fc.nat(2000), fc.integer({ min: 2, max: 20 })])(
    'comes to the same when values arrive in two parts',
    (length, cut, over) => {
      const numbers = Array.from({ length }, (_, i) => Math.sin(i * i) + i / 100);
      const raw = new Series();
      const running = new Smoothed(raw, over, false);
      for (const [index, number] of numbers.entries()) {
        raw.push(number);
        if (index === cut) running.update();
      }
      const found = running.update().values.view();
      // What lies farther than 12 spans away weighs less than e^−24.
      for (const [i, value] of smoothed(numbers, over).entries()) {
        expect(Math.abs(found[i]! - value)).toBeLessThan(1e-6);
      }
    },
  );

  test('in log space passes on what is not above 0, and leaves it out', () => {
    const found = smoothed([1, 1, 0, 1, -3, 1], 4, true);
    expect(found.map((value) => Number(value.toFixed(9)))).toEqual([1, 1, 0, 1, -3, 1]);
  });

  test('takes a bucket of n equal values as n values', () => {
    const raw = new Series();
    for (let i = 0; i < 20; i++) raw.push(1);
    raw.pushBucket({ min: 3, max: 3, mean: 3, values: 5, marks: 0 });
    for (let i = 0; i < 20; i++) raw.push(1);
    const found = new Smoothed(raw, 6, false).update().at(20);
    const single = smoothed([...Array(20).fill(1), 3, 3, 3, 3, 3, ...Array(20).fill(1)], 6)[22]!;
    // Its values all stand in its middle, where in truth they reach two steps to each side.
    expect(Math.abs(found - single)).toBeLessThan(0.3);
    expect(found).toBeGreaterThan(1.5);
  });
});
