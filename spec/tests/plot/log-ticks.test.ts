import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { logRange, logTicks } from '../../../dashboard/plot/log-ticks.js';

fc.configureGlobal({ seed: 1 });

const exponent = fc.integer({ min: -300, max: 280 });
const labels = (low: number, high: number, room: number) =>
  logTicks(low, high, room).flatMap(({ value, labelled }) => (labelled ? [value] : []));

describe('logTicks', () => {
  test.prop([exponent, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 12 })])(
    'lie on the axis, rise, and are few, however small or large the numbers',
    (low, decades, room) => {
      const ticks = logTicks(Number(`1e${low}`), Number(`3e${low + decades}`), room);
      const values = ticks.map(({ value }) => value);
      expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
      expect(values.length).toBeGreaterThan(0);
      expect(values.length).toBeLessThanOrEqual(100);
      expect(values[0]).toBe(Number(`1e${low}`));
      expect(ticks.filter(({ labelled }) => labelled).length).toBeLessThanOrEqual(room + 9);
    },
  );

  test('are labelled as closely as there is room', () => {
    expect(labels(0.1, 1000, 8)).toEqual([0.1, 1, 10, 100, 1000]);
    expect(labels(1, 100, 8)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(labels(0.2, 0.5, 8)).toEqual([0.2, 0.3, 0.4, 0.5]);
    expect(labels(1e-20, 1e4, 8)).toEqual([1e-18, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1, 1000]);
  });
});

describe('logRange', () => {
  const positive = fc.double({ min: 1e-307, max: 8e307, noNaN: true });

  test.prop([positive, positive])('holds both ends, and by little more', (one, other) => {
    const [low, high] = [Math.min(one, other), Math.max(one, other)];
    const [bottom, top] = logRange(low, high);
    expect(bottom).toBeGreaterThan(0);
    expect(bottom).toBeLessThanOrEqual(low);
    expect(top).toBeGreaterThanOrEqual(high);
    expect(top).toBeGreaterThan(bottom);
    // At most to the next multiple of a power of ten, which is less than a factor of two away.
    expect(bottom).toBeGreaterThanOrEqual(low / 2);
    expect(top).toBeLessThanOrEqual(2 * high);
  });

  test('is whole multiples of powers of ten', () => {
    expect(logRange(0.0123, 139.9)).toEqual([0.01, 200]);
    expect(logRange(1e-20, 30)).toEqual([1e-20, 30]);
    expect(logRange(5, 5)).toEqual([5, 10]);
    expect(logRange(Number.MIN_VALUE, 1)).toEqual([Number.MIN_VALUE, 1]);
  });
});
