import { describe, expect, it } from 'vitest';
import { LiveLines } from '../../../dashboard/cli/terminal/live-lines.js';
import { progressLines } from '../../../dashboard/cli/terminal/progress.js';
import { resultTable } from '../../../dashboard/cli/terminal/result-table.js';
import type { RunEvent, RunStarted, StepTaken } from '../../../dashboard/record/events.js';
import { RunState } from '../../../dashboard/record/run-state.js';

const run: RunStarted = {
  kind: 'run',
  run: 'r',
  problem: 'mnist',
  created: '2026-01-01T00:00:00Z',
  seed: 1,
  steps: 10,
  methods: [{ name: 'adam', label: 'adam', options: {}, operators: [] }],
};

const step = (step: number, loss: number): RunEvent => ({
  kind: 'step',
  method: 0,
  step,
  seconds: step / 2,
  loss,
  gradientNorm: 1,
  updateNorm: 1,
  milliseconds: 4,
});
const evaluation = (step: number, accuracy: number): RunEvent => ({
  kind: 'evaluation',
  method: 0,
  step,
  seconds: step / 2,
  loss: 0.5,
  accuracy,
});

function summaryOf(...events: RunEvent[]): RunState {
  const summary = RunState.of(run);
  for (const event of events) summary.take(event);
  return summary;
}

describe('RunState', () => {
  it('smooths the loss without bias towards its beginning', () => {
    const [method] = summaryOf(step(0, 3), step(1, 3), step(2, 3)).methods;
    expect(method.smoothedLoss).toBeCloseTo(3, 14);
    const [other] = summaryOf(step(0, 1), step(1, 2)).methods;
    expect(other.smoothedLoss).toBeCloseTo((0.98 * 1 + 2) / 1.98, 14);
  });

  it('does not swallow a NaN', () => {
    expect(summaryOf(step(0, 1), step(1, Number.NaN), step(2, 1)).methods[0].smoothedLoss).toBeNaN();
  });

  it('keeps the last point with a finite value, and says that the method diverged', () => {
    const point = (step: number, value: number): RunEvent => ({
      kind: 'point',
      method: 0,
      step,
      x: [step, -step],
      value,
    });
    const outcome = { kind: 'nonFinite', message: 'the loss was Infinity' } as const;
    const summary = summaryOf(point(0, 1), point(1, 9), point(2, Number.POSITIVE_INFINITY), {
      kind: 'outcome',
      method: 0,
      step: 2,
      seconds: 1,
      outcome,
    });
    const [result] = summary.results();
    expect(result).toMatchObject({
      x: [1, -1],
      value: 9,
      path: [
        [0, -0],
        [1, -1],
        [2, -2],
      ],
    });
    expect(resultTable([result])).toContain('diverged');
    expect(progressLines(summary).join()).toContain('diverged');
    const [lost] = summaryOf(point(0, Number.NaN)).results();
    expect(lost).toMatchObject({ x: [0, -0], value: Number.NaN });
  });

  it('measures rate and time left over the last seconds', () => {
    const [method] = summaryOf(step(0, 1), step(1, 1), step(2, 1)).methods;
    expect([method.rate, method.secondsLeft]).toEqual([2, 3.5]);
  });

  it('notes when an accuracy was first reached, and never forgets it', () => {
    const summary = summaryOf(evaluation(100, 0.94), evaluation(200, 0.96), evaluation(300, 0.89));
    const [result] = summary.results();
    expect(result.stepsToAccuracy).toEqual({ '0.90': 100, '0.95': 200, '0.97': null });
    expect(result.accuracy).toBe(0.89);
  });

  it('goes on after a stop', () => {
    const outcome = { kind: 'stopped', message: 'stopped' } as const;
    const stopped: RunEvent = { kind: 'outcome', method: 0, step: 1, seconds: 1, outcome };
    expect(summaryOf(step(0, 1), stopped).methods[0].outcome).toEqual(outcome);
    expect(summaryOf(step(0, 1), stopped, step(1, 1)).methods[0].outcome).toBeUndefined();
  });

  it('forgets no step where it is stopped before it comes again to where the record ends', () => {
    const outcome = { kind: 'stopped', message: 'stopped' } as const;
    const behind: RunEvent = { kind: 'outcome', method: 0, step: 1, seconds: 3, outcome };
    expect(summaryOf(step(0, 1), step(1, 1), step(2, 1), behind).methods[0].taken).toBe(3);
  });
});

describe('the terminal', () => {
  it('has a line a method and a closing table', () => {
    const summary = summaryOf(step(0, 1), step(1, 1), evaluation(2, 0.956));
    expect(progressLines(summary)).toEqual([
      'adam  step 2/10  2.00 steps/s  loss 1.00  test 95.60 %  4 s left',
    ]);
    const [head, row] = resultTable(summary.results()).split('\n');
    expect(head).toMatch(/method +steps +smoothed train loss +test loss +test accuracy +ms\/step/);
    expect(row).toMatch(/^adam +2 +1\.00 +0\.500 +95\.60 % +4\.00 +2 +2 +– +stopped$/);
  });

  it('draws in place only where a person looks', () => {
    let time = 0;
    let text = '';
    const terminal = { isTTY: true, columns: 6, write: (part: string) => (text += part) };
    const lines = new LiveLines(terminal, () => time, 100);
    lines.draw(() => ['too early']);
    time = 100;
    lines.draw(() => ['one', 'much too long']);
    lines.drawNow(['two', 'three']);
    expect(text).toBe('one\x1b[K\nmuch…\x1b[K\n\x1b[J\x1b[2Atwo\x1b[K\nthree\x1b[K\n\x1b[J');
    text = '';
    new LiveLines({ ...terminal, isTTY: false }, () => time).drawNow(['plain']);
    expect(text).toBe('plain\n');
  });
});

it('tells the rate of 180,000 steps a second, and takes no longer for a step then', () => {
  const state = RunState.of(run);
  const event = { ...(step(0, 1) as StepTaken) } as { -readonly [K in keyof StepTaken]: StepTaken[K] };
  const before = process.cpuUsage().user;
  for (let k = 0; k < 1_500_000; k++) {
    event.step = k;
    event.seconds = k / 180_000;
    state.take(event);
  }
  expect(state.methods[0].rate).toBeCloseTo(180_000, -2);
  // The window of the rate is full after 900,000; to move all of it at each step would take minutes.
  expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(10);
});
