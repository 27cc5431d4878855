import { expect, test } from 'vitest';
import { LiveProfile } from '../../../dashboard/plot/profile.js';

test('a function of one variable is sampled around what was visited, anew only when that grows', () => {
  const profile = new LiveProfile((x) => x * x, [{ x: [0], value: 0 }]);
  const first = profile.visit(0, [2], 4)!;
  expect([first.rows, first.columns]).toEqual([1, first.values.length]);
  expect(first.x0).toBeLessThan(0); // the minimum is seen from the start on
  expect(first.x1).toBeGreaterThan(2);
  const at = (k: number) => first.x0 + (k / (first.columns - 1)) * (first.x1 - first.x0);
  for (const k of [0, 100, 256]) expect(first.values[k]).toBeCloseTo(at(k) ** 2, 4);
  expect(profile.visit(0, [1], 1)).toBeUndefined();
  const wider = profile.visit(0, [-3], 9)!;
  expect(wider.x0).toBeLessThan(-3);
  expect(wider.x1).toBeGreaterThanOrEqual(first.x1);
});

test('a step that runs away does not empty the picture, and a throw is a gap', () => {
  const profile = new LiveProfile((x) => {
    if (x < 1) throw new Error('outside');
    return x;
  });
  profile.visit(0, [2], 2);
  for (const x of [2.1, 2.2, 2.3, 2.4]) profile.visit(0, [x], x);
  expect(profile.visit(0, [1e30], 1e30)).toBeUndefined();
  expect(profile.visit(0, [Number.NaN], Number.NaN)).toBeUndefined();
  const sampled = profile.visit(0, [0.5], Number.NaN)!;
  expect(sampled.values[0]).toBeNaN();
  expect(sampled.x1).toBeLessThan(10);
});
