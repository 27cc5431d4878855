import { describe, expect, test } from 'vitest';
import { MethodRecord } from '../../../dashboard/page/src/data/method-record.js';
import { pace } from '../../../dashboard/page/src/data/pace.js';
import { bytesPerStep, stepColumns } from '../../../dashboard/record/step-columns.js';

/** A method after `count` steps, each `milliseconds(step)` long, with as much time again between them. */
function havingTaken(count: number, milliseconds: (step: number) => number): MethodRecord {
  const method = new MethodRecord({ name: 'adam', label: 'adam', options: {}, operators: [] });
  const columns = stepColumns(new ArrayBuffer(bytesPerStep * count), 0, count);
  let seconds = 0;
  for (let step = 0; step < count; step++) {
    columns.step[step] = step;
    columns.seconds[step] = seconds;
    columns.milliseconds[step] = milliseconds(step);
    seconds += milliseconds(step) / 500;
  }
  for (let step = 0; step < count; step++) method.step(columns, step);
  return method;
}

describe('pace', () => {
  test('knows nothing before the first steps', () => {
    const nothing = { rate: undefined, millisecondsPerStep: undefined, secondsLeft: undefined };
    expect(
      pace(
        havingTaken(0, () => 1),
        10,
      ),
    ).toEqual({ taken: 0, ...nothing });
    expect(
      pace(
        havingTaken(1, () => 8),
        10,
      ),
    ).toEqual({ taken: 1, ...nothing, millisecondsPerStep: 8 });
  });

  test('is that of the last five seconds, not of the slow start', () => {
    const { taken, rate, millisecondsPerStep, secondsLeft } = pace(
      havingTaken(2001, (step) => (step < 10 ? 1000 : 5)),
      3001,
    );
    expect(taken).toBe(2001);
    // 5 ms in a step and 5 ms between: 100 steps a second, from seconds that are sums of 2001 terms: 2001·ε·30 s in 5 s, times 100, is below 1e-9.
    expect(Math.abs(rate! - 100)).toBeLessThan(1e-9);
    expect(millisecondsPerStep).toBe(5);
    expect(Math.abs(secondsLeft! - 10)).toBeLessThan(1e-9);
  });

  test('of a method that has ended leaves no time', () => {
    const method = havingTaken(20, () => 5);
    method.outcome = { kind: 'nonFinite', message: 'the loss became NaN' };
    expect(pace(method, 100).secondsLeft).toBeUndefined();
  });
});
