import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { Series } from '../../../dashboard/page/src/data/series.js';
import { Smoothed } from '../../../dashboard/page/src/data/smoothing.js';

fc.configureGlobal({ seed: 1 });

const dyadic = fc.integer({ min: -4096, max: 4096 }).map((n) => n / 1024);
const span = fc.integer({ min: 2, max: 1000 });

function smoothed(numbers: readonly number[], over: number): number[] {
  const raw = new Series();
  for (const number of numbers) raw.push(number);
  return [...new Smoothed(raw, over).update().values.view()];
}

/** Σ β^(t−i) y_i / Σ β^(t−i) over the finite values up to t: the definition, summed anew for every t. */
function byDefinition(numbers: readonly number[], over: number): number[] {
  const decay = 1 - 1 / over;
  return numbers.map((number, t) => {
    if (!Number.isFinite(number)) return number;
    const past = numbers.slice(0, t + 1).filter(Number.isFinite);
    const weights = past.map((_, i) => decay ** (past.length - 1 - i));
    const sum = past.reduce((total, value, i) => total + weights[i]! * value, 0);
    return sum / weights.reduce((total, weight) => total + weight, 0);
  });
}

describe('Smoothed', () => {
  test.prop([fc.array(fc.oneof(dyadic, fc.constantFrom(Number.NaN, Infinity)), { maxLength: 60 }), span])(
    'is the debiased exponential average, with what is not finite where it happened',
    (numbers, over) => {
      const found = smoothed(numbers, over);
      const expected = byDefinition(numbers, over);
      // Each step of the recurrence rounds five times, in terms no larger than the largest value times the
      // weight so far, and dividing by that weight restores the scale: 5·t·ε, twice for the two sides.
      const bound = 10 * numbers.length * Number.EPSILON * 4;
      for (const [t, number] of expected.entries()) {
        if (Number.isFinite(number)) expect(Math.abs(found[t]! - number)).toBeLessThanOrEqual(bound);
        else expect(found[t]).toBe(number);
      }
    },
  );

  test.prop([fc.array(dyadic, { minLength: 1, maxLength: 200 }), span])(
    'stays in the hull',
    (numbers, over) => {
      const slack = 10 * numbers.length * Number.EPSILON * 4;
      for (const number of smoothed(numbers, over)) {
        expect(number).toBeGreaterThanOrEqual(Math.min(...numbers) - slack);
        expect(number).toBeLessThanOrEqual(Math.max(...numbers) + slack);
      }
    },
  );

  test.prop([fc.array(dyadic, { maxLength: 100 }), fc.nat(100), span])(
    'goes on where it stopped, bit for bit',
    (numbers, cut, over) => {
      const raw = new Series();
      const running = new Smoothed(raw, over);
      for (const [index, number] of numbers.entries()) {
        raw.push(number);
        if (index === cut) running.update();
      }
      expect([...running.update().values.view()]).toEqual(smoothed(numbers, over));
    },
  );

  test('takes a bucket of n equal values as n values', () => {
    const raw = new Series();
    raw.push(1);
    raw.pushBucket({ min: 3, max: 3, mean: 3, values: 4, marks: 0 });
    const found = new Smoothed(raw, 10).update().at(1);
    expect(Math.abs(found - smoothed([1, 3, 3, 3, 3], 10)[4]!)).toBeLessThanOrEqual(50 * Number.EPSILON * 3);
  });
});
