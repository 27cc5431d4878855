import { fc, test } from '@fast-check/vitest';
import { expect, test as once } from 'vitest';
import { contourLines, regionWithoutValues } from '../../../dashboard/plot/contour-lines.js';
import { sampleLandscape } from '../../../dashboard/plot/landscape.js';
import { contourLevels } from '../../../dashboard/plot/levels.js';
import { refined } from '../../../dashboard/plot/refine.js';

const window = { x0: -3, x1: 2, y0: -1, y1: 4 };

test.prop(
  [
    fc.record({
      a: fc.integer({ min: 1, max: 16 }),
      b: fc.integer({ min: -3, max: 3 }),
      c: fc.integer({ min: 4, max: 16 }),
      x: fc.integer({ min: -2, max: 1 }),
      y: fc.integer({ min: 0, max: 3 }),
      level: fc.integer({ min: 1, max: 60 }),
    }),
  ],
  { seed: 1 },
)('a quadratic has the level on its lines, within what the grid can tell', ({ a, b, c, x, y, level }) => {
  const value = (u: number, v: number) => a * (u - x) ** 2 + b * (u - x) * (v - y) + c * (v - y) ** 2;
  const [columns, rows] = [41, 33];
  const lines = contourLines(sampleLandscape(value, window, columns, rows), level);
  // Between two samples h apart a function with second derivative 2k is off its chord by at most kh²/4.
  const error = Math.max((a * (5 / (columns - 1)) ** 2) / 4, (c * (5 / (rows - 1)) ** 2) / 4);
  const rounding = 1e3 * Number.EPSILON * (a + Math.abs(b) + c) * 25;
  for (const { points, closed } of lines) {
    for (const [u, v] of points) {
      expect(Math.abs(value(u, v) - level)).toBeLessThanOrEqual(error + rounding);
    }
    if (closed) expect(points.at(-1)).toEqual(points[0]);
    else for (const end of [points[0], points.at(-1)!]) expect(onEdge(end)).toBe(true);
  }
});

once('a circle inside the window is one closed line of the right length', () => {
  const grid = sampleLandscape((x, y) => x * x + (y - 1) ** 2, window, 201, 201);
  const [circle, ...others] = contourLines(grid, 1);
  expect(others).toEqual([]);
  expect(circle.closed).toBe(true);
  let length = 0;
  circle.points.forEach(([x, y], k) => {
    if (k > 0) length += Math.hypot(x - circle.points[k - 1][0], y - circle.points[k - 1][1]);
  });
  expect(Math.abs(length - 2 * Math.PI)).toBeLessThan(2e-3);
});

once('lines end where the function has no value, and the hole is known', () => {
  const value = (x: number, y: number) => (x > 0 ? Math.log(x) : Number.NaN) + y;
  const grid = sampleLandscape(value, window, 61, 61);
  for (const level of [-1, 0, 1, 2]) {
    for (const { points } of contourLines(grid, level)) {
      for (const [x, y] of points) {
        expect(x).toBeGreaterThan(0);
        expect(Math.abs(value(x, y) - level)).toBeLessThan(0.06); // log's worst, between h and 2h
      }
    }
  }
  const [hole] = regionWithoutValues(grid);
  expect(Math.max(...hole.map(([x]) => x))).toBeCloseTo(1 / 24, 10);
});

once('a function that throws in a part of the plane has no value there', () => {
  const grid = sampleLandscape(
    (x) => {
      if (x < 0) throw new RangeError('outside');
      return x;
    },
    window,
    11,
    3,
  );
  expect(grid.values.slice(0, 11)).toEqual([...Array(6).fill(Number.NaN), 0, 0.5, 1, 1.5, 2]);
});

once('refined samples keep the given ones and are exact for quadratics, up to the edges', () => {
  const value = (x: number, y: number) => 3 * x * x - 2 * x * y + y * y - x + 4;
  const coarse = sampleLandscape(value, window, 6, 5);
  const fine = refined(coarse, 4);
  expect([fine.columns, fine.rows]).toEqual([21, 17]);
  const exact = sampleLandscape(value, window, 21, 17).values;
  fine.values.forEach((sample, k) => {
    expect(Math.abs(sample - exact[k])).toBeLessThan(100 * Number.EPSILON * 60);
  });
  for (let row = 0; row < 5; row++) {
    for (let column = 0; column < 6; column++) {
      expect(fine.values[4 * row * 21 + 4 * column]).toBe(coarse.values[row * 6 + column]);
    }
  }
});

once('refining invents no value where one is missing, and none is lost elsewhere', () => {
  const value = (x: number, y: number) => (x > 0 ? x : Number.NaN) + y;
  const fine = refined(sampleLandscape(value, { x0: -2, x1: 2, y0: 0, y1: 2 }, 9, 5), 3);
  fine.values.forEach((sample, k) => {
    const x = -2 + ((k % fine.columns) / (fine.columns - 1)) * 4;
    expect(Number.isFinite(sample)).toBe(x > 0.5 - 1e-9);
  });
});

test.prop(
  [
    fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 200 }),
    fc.integer({ min: 1, max: 15 }),
  ],
  { seed: 1 },
)('levels rise, lie inside the values, and are few', (values, count) => {
  const levels = contourLevels([...values, Number.NaN, Infinity], count);
  expect(levels.length).toBeLessThanOrEqual(count);
  levels.forEach((level, k) => {
    expect(level).toBeGreaterThan(k === 0 ? Math.min(...values) : levels[k - 1]);
    expect(level).toBeLessThan(Math.max(...values));
  });
});

once('levels of a bowl lie at about even distances from its minimum, in round numbers', () => {
  const grid = sampleLandscape((x, y) => x * x + y * y, { x0: -1, x1: 1, y0: -1, y1: 1 }, 101, 101);
  expect(contourLevels(grid.values, 8)).toEqual([0.02, 0.06, 0.15, 0.3, 0.4, 0.6, 0.8, 1]);
  expect(contourLevels([1, 1, 1], 8)).toEqual([]);
  expect(contourLevels([], 8)).toEqual([]);
});

function onEdge([x, y]: readonly [number, number]): boolean {
  const near = (value: number, bound: number) => Math.abs(value - bound) < 1e-9;
  return near(x, window.x0) || near(x, window.x1) || near(y, window.y0) || near(y, window.y1);
}
