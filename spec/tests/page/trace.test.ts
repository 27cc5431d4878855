import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { Series } from '../../../dashboard/page/src/data/series.js';
import { band, trace } from '../../../dashboard/page/src/data/trace.js';
import { Column } from '../../../dashboard/record/column.js';

fc.configureGlobal({ seed: 1 });

const value = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -4096, max: 4096 }).map((n) => n / 1024) },
  { weight: 1, arbitrary: fc.constantFrom(0, Number.NaN, Infinity, -Infinity) },
);
const numbers = fc.array(value, { minLength: 1, maxLength: 600 });
const pixels = fc.integer({ min: 1, max: 80 });

function drawn(values: readonly number[], across: number, log = false) {
  const places = new Column();
  const series = new Series();
  values.forEach((number, index) => {
    places.push(index);
    series.push(number);
  });
  const axis = { low: 0, high: Math.max(1, values.length - 1), pixels: across, log };
  return trace(places, series, 0, values.length, axis);
}

const finite = (values: readonly number[]) => values.filter(Number.isFinite);

describe('trace', () => {
  test.prop([numbers, pixels])('loses no extreme value', (values, across) => {
    const { y } = drawn(values, across);
    expect(Math.min(...finite(y))).toBe(Math.min(...finite(values)));
    expect(Math.max(...finite(y))).toBe(Math.max(...finite(values)));
  });

  test.prop([numbers, pixels])('marks every kind of what is not finite', (values, across) => {
    const kinds = new Set(drawn(values, across).marks.map(({ kind }) => kind));
    expect(kinds.has('NaN')).toBe(values.some(Number.isNaN));
    expect(kinds.has('+∞')).toBe(values.includes(Infinity));
    expect(kinds.has('−∞')).toBe(values.includes(-Infinity));
  });

  test.prop([numbers, pixels])(
    'goes from left to right with a bounded number of points',
    (values, across) => {
      const { x, marks } = drawn(values, across);
      expect(x).toEqual([...x].sort((a, b) => a - b));
      expect(x.length).toBeLessThanOrEqual(Math.max(2 * across, 4 * (across + 1)));
      expect(marks.length).toBeLessThanOrEqual(Math.max(2 * across, 3 * (across + 1)));
    },
  );

  test.prop([numbers, pixels])('never draws a line over a NaN', (values, across) => {
    const { x, y } = drawn(values, across);
    for (let i = 1; i < x.length; i++) {
      if (Number.isNaN(y[i]!) || Number.isNaN(y[i - 1]!) || x[i] === x[i - 1]) continue;
      expect(values.slice(x[i - 1], x[i]! + 1).every(Number.isFinite)).toBe(true);
    }
  });

  test.prop([numbers, pixels])('on a log axis marks what is not positive', (values, across) => {
    const { y, marks } = drawn(values, across, true);
    expect(finite(y).every((number) => number > 0)).toBe(true);
    const unseen = values.some((number) => Number.isFinite(number) && number <= 0);
    expect(marks.some(({ kind }) => kind === 'belowZero')).toBe(unseen);
  });

  test.prop([fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 50 })])(
    'draws few points one by one',
    (values) => {
      const { x, y } = drawn(values, 100);
      expect(x).toEqual(values.map((_, index) => index));
      expect(y).toEqual(values);
    },
  );

  test('finds a single spike among a million values', () => {
    const values = Array.from({ length: 1_000_000 }, (_, i) => (i === 654_321 ? 1e9 : Math.sin(i)));
    expect(Math.max(...drawn(values, 1000).y)).toBe(1e9);
  });

  test('breaks where the run was paused, on the side of what came later', () => {
    const places = new Column();
    const series = new Series();
    for (const [place, value] of [1, 2, 50, 51].entries()) {
      places.push(value);
      series.push(place);
    }
    const { x, y } = trace(places, series, 0, 4, { low: 0, high: 60, pixels: 100, log: false, breaks: [3] });
    expect(x).toEqual([1, 2, 50, 50, 51]);
    expect(y.map(Number.isNaN)).toEqual([false, false, true, false, false]);
  });

  test.prop([fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 600 }), pixels])(
    'loses no extreme value over a log axis',
    (values, across) => {
      const places = new Column();
      const series = new Series();
      values.forEach((number, index) => {
        places.push(index);
        series.push(number);
      });
      const stretch = {
        low: 1,
        high: Math.max(2, values.length - 1),
        pixels: across,
        log: false,
        logX: true,
      };
      const { x, y } = trace(places, series, 0, values.length, stretch);
      expect(Math.max(...y)).toBe(Math.max(...values));
      expect(x).toEqual([...x].sort((a, b) => a - b));
    },
  );
});

describe('band', () => {
  test.prop([fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 600 }), pixels])(
    'of a series and itself is an envelope that holds every extreme value',
    (values, across) => {
      const places = new Column();
      const series = new Series();
      values.forEach((number, index) => {
        places.push(index);
        series.push(number);
      });
      const stretch = { low: 0, high: Math.max(1, values.length - 1), pixels: across, log: false };
      const { x, below, above } = band(places, series, series, 0, values.length, stretch);
      expect(Math.min(...below)).toBe(Math.min(...values));
      expect(Math.max(...above)).toBe(Math.max(...values));
      expect([x[0], x.at(-1)]).toEqual([0, values.length - 1]);
      expect(x).toEqual([...x].sort((a, b) => a - b));
    },
  );

  test('breaks where the run was paused', () => {
    const places = new Column();
    const series = new Series();
    for (const [value, place] of [1, 2, 3, 50, 51, 52].entries()) {
      places.push(place);
      series.push(value);
    }
    const stretch = { low: 0, high: 60, pixels: 100, log: false, breaks: [3.5] };
    const { x, above } = band(places, series, series, 0, 6, stretch, 2);
    const gap = above.findIndex(Number.isNaN);
    expect([x[gap - 1], x[gap + 1]]).toEqual([3, 50]);
    expect(above.filter(Number.isNaN)).toHaveLength(1);
    expect([Math.min(...above.slice(0, gap)), Math.max(...above.slice(gap + 1))]).toEqual([1, 5]);
  });
});
