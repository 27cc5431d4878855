import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { covered, isRough } from '../../../dashboard/page/src/charts/thick.js';

fc.configureGlobal({ seed: 1 });

const height = fc.oneof(
  { weight: 9, arbitrary: fc.nat(200) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
/** The heights that a line goes through in each of some pixel columns. */
const columns = fc.array(fc.array(height, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 60 });
const lineThrough = (drawn: readonly (readonly number[])[]) =>
  drawn.flatMap((heights, x) => heights.flatMap((y) => [x, y]));

/** Whether a polygon whose points come in pairs above each other holds a place. */
function holds(surface: readonly number[], x: number, y: number): boolean {
  const at = surface.filter((_, i) => i % 2 === 1 && Math.abs(surface[i - 1]! - x) < 1);
  return at.length > 0 && y >= Math.min(...at) && y <= Math.max(...at);
}

describe('covered', () => {
  test.prop([columns])(
    'covers every point of the line, and reaches no farther than its thickness',
    (drawn) => {
      const surfaces = covered(lineThrough(drawn), { width: 1 });
      drawn.forEach((heights, x) => {
        for (const y of heights.filter((each) => !Number.isNaN(each)))
          expect(surfaces.some((surface) => holds(surface, x, y))).toBe(true);
      });
      const all = drawn.flat().filter((y) => !Number.isNaN(y));
      for (const surface of surfaces) {
        for (let i = 1; i < surface.length; i += 2) {
          expect(surface[i]).toBeGreaterThanOrEqual(Math.min(...all) - 1);
          expect(surface[i]).toBeLessThanOrEqual(Math.max(...all) + 1);
        }
      }
    },
  );

  test('breaks where the line breaks, and leaves the gaps of its dashes out', () => {
    expect(covered([0, 1, 1, 1, 2, Number.NaN, 3, 1, 4, 1], { width: 2 })).toHaveLength(2);
    const line = Array.from({ length: 40 }, (_, x) => [x, 5]).flat();
    const dashes = covered(line, { width: 2, dash: [6, 4] });
    expect(dashes).toHaveLength(4);
    for (const dash of dashes) expect(Math.max(...dash.filter((_, i) => i % 2 === 0)) % 10).toBe(5);
  });

  test('only a line that goes up and down much counts as rough', () => {
    expect(isRough([0, 0, 1, 1, 2, 2])).toBe(false);
    expect(isRough([0, 0, 0, 9, 1, 0, 1, 9])).toBe(true);
  });
});
