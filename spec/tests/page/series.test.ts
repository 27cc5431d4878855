import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { emptyExtent, include, Series } from '../../../dashboard/page/src/data/series.js';
import { Column, lowerBound, nearest } from '../../../dashboard/record/column.js';
import { mark } from '../../../dashboard/record/summary.js';

fc.configureGlobal({ seed: 1 });

/** Mostly ordinary values, with zeros, negative ones and all that is not finite among them. */
const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -4096, max: 4096 }).map((n) => n / 1024) },
  { weight: 1, arbitrary: fc.constantFrom(0, Number.NaN, Infinity, -Infinity) },
);
/** Long enough for two levels of summaries, and made from few numbers so that it shrinks well. */
const values = fc
  .tuple(fc.array(value, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 5000 }))
  .map(([pattern, length]) =>
    Array.from({ length }, (_, i) => pattern[(i * i + (i >> 5)) % pattern.length]!),
  );

function filled(numbers: readonly number[]): Series {
  const series = new Series();
  for (const number of numbers) series.push(number);
  return series;
}

function extentOf(numbers: readonly number[]) {
  const extent = emptyExtent();
  for (const number of numbers) include(extent, number);
  return extent;
}

describe('Column', () => {
  test.prop([fc.array(fc.double()), fc.nat(200)])('is an array that grows and is cut', (numbers, cut) => {
    const column = new Column(1);
    for (const number of numbers) column.push(number);
    expect([...column.view()]).toEqual(numbers);
    column.truncate(cut);
    expect([...column.view()]).toEqual(numbers.slice(0, cut));
    expect(column.last).toBe(numbers.slice(0, cut).at(-1) ?? Number.NaN);
    expect(column.at(-1)).toBeNaN();
  });

  test.prop([fc.array(fc.nat(50)), fc.integer({ min: -1, max: 51 })])('finds places', (numbers, target) => {
    const sorted = numbers.sort((a, b) => a - b);
    const column = new Column();
    for (const number of sorted) column.push(number);
    const first = sorted.findIndex((number) => number >= target);
    expect(lowerBound(column, target)).toBe(first < 0 ? sorted.length : first);
    const least = Math.min(...sorted.map((number) => Math.abs(number - target)));
    if (sorted.length > 0) expect(Math.abs(column.at(nearest(column, target)) - target)).toBe(least);
    else expect(nearest(column, target)).toBe(-1);
  });
});

describe('Series', () => {
  test.prop([values, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })])(
    'knows the extent of any stretch as a pass over it does',
    (numbers, one, other) => {
      const [from, to] = [one, other].sort().map((share) => Math.round(share * numbers.length));
      expect(filled(numbers).extent(from!, to!)).toEqual(extentOf(numbers.slice(from, to)));
    },
  );

  test.prop([values, fc.nat(5000), values])('is cut and goes on as if never longer', (numbers, cut, more) => {
    const series = filled(numbers);
    series.truncate(cut);
    for (const number of more) series.push(number);
    const expected = [...numbers.slice(0, cut), ...more];
    expect(series.length).toBe(expected.length);
    expect(series.extent(0, series.length)).toEqual(extentOf(expected));
  });

  test('keeps least, greatest and oddities of values that came as a summary', () => {
    const series = filled(Array.from({ length: 130 }, () => 1));
    series.pushBucket({ min: -3, max: 9, mean: 2, values: 5, marks: mark.nan });
    series.pushBucket({ min: Infinity, max: -Infinity, mean: Number.NaN, values: 0, marks: mark.infinity });
    expect(series.extent(0, 132)).toEqual({
      low: -3,
      high: 9,
      lowPositive: 1,
      oddities: mark.nan | mark.infinity,
    });
    series.truncate(130);
    expect(series.extent(0, 132)).toEqual({ low: 1, high: 1, lowPositive: 1, oddities: 0 });
  });
});
