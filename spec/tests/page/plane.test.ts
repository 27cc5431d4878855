import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { leadingPlane, onPlane } from '../../../dashboard/page/src/data/plane.js';

fc.configureGlobal({ seed: 1 });

/** Orthonormal directions in six variables. */
const one = [0.5, 0.5, 0.5, 0.5, 0, 0];
const other = [0.5, -0.5, 0.5, -0.5, 0, 0];
const within = ([a, b]: readonly [number, number]) => one.map((x, i) => a * x + b * other[i]! + i);
const flat = fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })), {
  minLength: 3,
  maxLength: 40,
});

describe('leadingPlane', () => {
  test.prop([flat])('of points in a plane is that plane: it holds all, and keeps every distance', (pairs) => {
    const points = pairs.map(within);
    const plane = leadingPlane(points);
    if (plane === undefined) {
      expect(new Set(pairs.map(String)).size).toBe(1);
      return;
    }
    const first = points[0]!;
    const limit =
      100 *
      [...pairs.map((pair) => Math.hypot(...within(pair).map((x, i) => x - first[i]!)))].sort(
        (a, b) => a - b,
      )[pairs.length >> 1]!;
    const counted = points.filter(
      (point) => limit === 0 || Math.hypot(...point.map((x, i) => x - first[i]!)) <= limit,
    );
    expect(plane.shares[0] + plane.shares[1]).toBeCloseTo(1, 6);
    expect(plane.shares[0]).toBeGreaterThanOrEqual(plane.shares[1] - 1e-6);
    for (const point of counted) {
      const [a, b] = onPlane(plane, point);
      const [c, d] = onPlane(plane, first);
      const apart = Math.hypot(...point.map((x, i) => x - first[i]!));
      expect(Math.abs(Math.hypot(a - c, b - d) - apart)).toBeLessThan(1e-4 * (1 + apart));
    }
  });

  test('a point that ran away does not turn it', () => {
    const points = Array.from({ length: 30 }, (_, i) => within([i, Math.sin(i)]));
    const plane = leadingPlane([...points, [0, 0, 0, 0, 1e30, 0], [Number.NaN, 0, 0, 0, 0, 0]])!;
    for (const [i, x] of one.entries()) expect(plane.directions[0][i]).toBeCloseTo(x, 2);
  });

  test('a single point has none', () => {
    expect(leadingPlane([[1, 2, 3]])).toBeUndefined();
    expect(leadingPlane([])).toBeUndefined();
  });
});
