import { expect, test } from 'vitest';
import { LiveLandscape } from '../../../dashboard/plot/landscape.js';
import { type Track, windowAround, withEqualScales } from '../../../dashboard/plot/window.js';

const track = (points: number[][], values = points.map((_, k) => -k)): Track => ({ points, values });

test('the window holds starts, ends, near minima and what lies between, with a margin', () => {
  const tracks = [
    track([
      [0, 0],
      [2, -1],
      [1, 1],
    ]),
    track([
      [0, 0],
      [1, 1],
    ]),
  ];
  const window = windowAround(tracks, [
    [1.2, 1.1],
    [500, 500],
  ]);
  expect(window.x0).toBeLessThan(0);
  expect(window.y0).toBeLessThan(-1);
  expect(window.x1).toBeGreaterThan(2);
  expect(window.y1).toBeGreaterThan(1.1);
  expect(window.x1).toBeLessThan(2.5);
  expect(window.y1).toBeLessThan(1.5);
});

test('a path that runs away or is not finite does not stretch it', () => {
  const good = track([
    [-1, 1],
    [0.5, 0],
    [1, 1],
  ]);
  const usual = windowAround([good]);
  const far = Array.from({ length: 60 }, (_, k) => [-1 - 20 ** (k + 1), 10 ** k]);
  const diverging = track([[-1, 1], ...far], [1, ...far.map((_, k) => 1e3 ** k)]);
  const broken = track([
    [-1, 1],
    [Number.NaN, 2],
    [Infinity, 3],
  ]);
  expect(windowAround([good, diverging, broken])).toEqual(usual);
});

test('alone, a path that runs away shows its first steps, and the nearest minimum where one is known', () => {
  const points = Array.from({ length: 100 }, (_, k) => [1 + 2 ** k - 1, 0]);
  const diverging = track(
    points,
    points.map(([x]) => x * x),
  );
  const alone = windowAround([diverging]);
  expect(alone.x0).toBeLessThan(1);
  expect(alone.x1).toBeGreaterThan(8);
  expect(alone.x1).toBeLessThan(20);
  const known = windowAround([diverging], [[-3, 1]]);
  expect(known.x0).toBeLessThan(-3);
  expect(known.x1).toBeLessThan(20);
});

test('there is a window of some size whatever the paths are', () => {
  const cases: Track[][] = [
    [],
    [track([[Number.NaN, 0]])],
    [track([[3, 4]])],
    [
      track([
        [1e300, 1e300],
        [1e300, 1e300],
      ]),
    ],
    [
      track([
        [0, 0],
        [0, 0],
      ]),
    ],
    [
      track([
        [1e-300, 0],
        [2e-300, 0],
      ]),
    ],
    [
      track([
        [-1e300, 0],
        [1e300, 0],
      ]),
    ],
  ];
  for (const tracks of cases) {
    const { x0, x1, y0, y1 } = windowAround(tracks);
    expect([x0, x1, y0, y1].every(Number.isFinite)).toBe(true);
    expect(x1).toBeGreaterThan(x0);
    expect(y1).toBeGreaterThan(y0);
  }
});

test('scales are made equal where little is lost by it', () => {
  const { x0, x1, y0, y1 } = withEqualScales({ x0: 0, x1: 4, y0: 0, y1: 1 }, 200, 100);
  expect([x0, x1, y0, y1]).toEqual([0, 4, -0.5, 1.5]);
  const wide = { x0: 0, x1: 100, y0: 0, y1: 1 };
  expect(withEqualScales(wide, 200, 100)).toBe(wide);
});

test('a live landscape is sampled at the start, and again when a path leaves it, not at every point', () => {
  const landscape = new LiveLandscape((x, y) => x * x + y, [{ x: [0, 0], value: 0 }, { value: -1 }]);
  const first = landscape.visit(0, [1, 1], 2)!;
  expect(first.minima).toEqual([{ x: [0, 0], value: 0 }]);
  expect(first.values).toHaveLength(first.columns * first.rows);
  expect(first.values[0]).toBeCloseTo(first.x0 ** 2 + first.y0, 4);
  expect(first.values.at(-1)).toBeCloseTo(first.x1 ** 2 + first.y1, 4);
  expect(landscape.visit(0, [0.99, 0.99], 1.97)).toBeUndefined();
  const second = landscape.visit(0, [-1.5, -2], 0.25)!;
  expect(second.x0).toBeLessThan(-1.5);
  expect(second.y0).toBeLessThan(-2);
  expect(landscape.visit(1, [1, 1], 2)).toBeUndefined();
  let sampled = 0;
  for (let k = 0; k < 300; k++) if (landscape.visit(1, [2 ** k, 0], 4 ** k) !== undefined) sampled++;
  expect(sampled).toBeLessThan(12);
});
