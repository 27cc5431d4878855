import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { robustRange, wholeRange } from '../../../dashboard/page/src/charts/range.js';

fc.configureGlobal({ seed: 1 });

const curve = (values: readonly number[], failed = false) => ({ values: [values], failed });
const falling = (from: number, length = 100) =>
  Array.from({ length }, (_, i) => from * (0.2 + 0.8 * Math.exp(-i / 20)));

describe('robustRange', () => {
  test('a single spike does not rule the axis, and the whole range holds it', () => {
    const values = Array.from({ length: 500 }, (_, i) => 5 + Math.sin(i));
    values[250] = 400;
    expect(robustRange([curve(values)], false)!.high).toBeLessThan(10);
    expect(wholeRange([curve(values)])!.high).toBe(400);
  });

  test('a method that diverged flattens nobody, on a log axis neither', () => {
    const diverged = Array.from({ length: 40 }, (_, i) => 24 * 1e4 ** i);
    const others = [falling(2), falling(3), falling(2.5)].map((values) => curve(values));
    for (const log of [false, true]) {
      expect(robustRange([...others, curve(diverged, true)], log)!.high).toBeLessThan(4);
    }
    expect(robustRange([others[0]!, curve(diverged, true)], true)!.high).toBeLessThan(4);
  });

  test('what comes far down on a log axis is the point of the picture, and stays in it', () => {
    const quadratic = Array.from({ length: 8 }, (_, i) => 10 ** -(2 ** i / 4));
    const range = robustRange([curve(falling(2)), curve(falling(3)), curve(quadratic)], true)!;
    expect(range.low).toBeLessThan(1e-30 ** 0.9);
  });

  test('most methods are never left outside', () => {
    const apart = [1, 100, 1e4, 1e6].map((from) => curve(falling(from)));
    expect(robustRange(apart, false)!.high).toBeGreaterThanOrEqual(100);
    expect(robustRange([curve(falling(1)), curve(falling(1e6))], false)!.high).toBe(1e6);
  });

  test.prop([
    fc.array(fc.array(fc.double({ noDefaultInfinity: true }), { maxLength: 40 }), { maxLength: 5 }),
  ])('lies within the whole range, for any values', (curves) => {
    const drawn = curves.map((values) => curve(values));
    const [range, whole] = [robustRange(drawn, false), wholeRange(drawn)];
    expect(range === undefined).toBe(whole === undefined);
    if (range === undefined || whole === undefined) return;
    expect(range.low).toBeGreaterThanOrEqual(whole.low);
    expect(range.high).toBeLessThanOrEqual(whole.high);
    expect(range.low).toBeLessThanOrEqual(range.high);
  });
});
