import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StepTaken } from '../../../dashboard/record/events.js';
import { LogReader, RunLog } from '../../../dashboard/record/log/index.js';
import { type Stored, summarise } from '../../../dashboard/record/log/summarise.js';
import { SummaryNode } from '../../../dashboard/record/log/summary-node.js';
import { SummaryTree } from '../../../dashboard/record/log/summary-tree.js';
import { series } from '../../../dashboard/record/measures.js';
import { stepColumns } from '../../../dashboard/record/step-columns.js';
import { markOf, type Summary } from '../../../dashboard/record/summary.js';
import { anyNumber, directory, run, step } from './run-events.js';

/** The same buckets, from the events themselves. */
function naive(steps: readonly StepTaken[], name: (typeof series)[number], { width, step: starts }: Summary) {
  const buckets = new Map<number, StepTaken[]>();
  for (const taken of steps) {
    const start = starts.findLast((s) => s <= taken.step) ?? Number.NaN;
    if (taken.step < start + width) buckets.set(start, [...(buckets.get(start) ?? []), taken]);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([start, taken]) => {
      const finite = taken.map((event) => event[name]).filter(Number.isFinite);
      return {
        start,
        min: Math.min(...finite),
        max: Math.max(...finite),
        sum: finite.reduce((total, x) => total + x, 0),
        size: finite.reduce((total, x) => total + Math.abs(x), 0),
        values: finite.length,
        marks: taken.reduce((marks, event) => marks | markOf(event[name]), 0),
      };
    });
}

function expectEqual(summary: Summary, steps: readonly StepTaken[], name: (typeof series)[number]): void {
  const expected = naive(steps, name, summary);
  expect([...summary.step]).toStrictEqual(expected.map(({ start }) => start));
  expected.forEach(({ min, max, sum, size, values, marks }, i) => {
    expect(summary.min[i] === min && summary.max[i] === max).toBe(true); // −0 = 0
    expect([summary.values[i], summary.marks[i]]).toStrictEqual([values, marks]);
    if (values === 0) expect(summary.mean[i]).toBeNaN();
    // A sum in another order: class R, the norm being Σ|x|; the division may underflow. Overflow is as may be.
    else if (size < Number.MAX_VALUE) {
      expect(Math.abs(summary.mean[i] * values - sum)).toBeLessThanOrEqual(
        30 * values * 2 ** -52 * size + values * Number.MIN_VALUE,
      );
    }
  });
}

/** Runs of steps, from anywhere: a method may be taken up again at an earlier step. */
const anyStretch = fc.record({
  method: fc.nat(2),
  from: fc.oneof(fc.nat(600), fc.nat(100_000)),
  length: fc.integer({ min: 1, max: 700 }),
  every: fc.constantFrom(1, 1, 1, 3, 50),
  flush: fc.boolean(),
});

test('summaries agree with the steps they sum up, from memory, from disk and after a reopening', () => {
  const stretches = fc.array(anyStretch, { minLength: 1, maxLength: 5 });
  const questions = fc.array(
    fc.record({
      method: fc.nat(3),
      series: fc.constantFrom(...series),
      from: fc.nat(2000),
      length: fc.oneof(fc.nat(300), fc.constant(Number.MAX_SAFE_INTEGER - 2000)),
      buckets: fc.integer({ min: 1, max: 200 }),
    }),
    { minLength: 5, maxLength: 5 },
  );
  const widths = new Set<number>();
  fc.assert(
    fc.property(
      stretches,
      questions,
      fc.array(anyNumber, { minLength: 7, maxLength: 7 }),
      fc.nat(),
      (parts, asked, numbers, cut) => {
        const path = join(directory(), 'run');
        let log = RunLog.create(path);
        log.append(run);
        const steps: StepTaken[] = [];
        parts.forEach((part, p) => {
          for (let i = 0; i < part.length; i++) {
            const loss = numbers[(steps.length * 3 + i) % 7];
            const taken = step(part.from + i * part.every, loss, part.method);
            steps.push(taken);
            log.append(taken);
          }
          if (part.flush) log.flush();
          if (p === cut % parts.length) {
            log.close();
            log = RunLog.reopen(path);
          }
        });
        log.close();
        const reader = new LogReader(path);
        for (const { method, series: name, from, length, buckets } of asked) {
          const summary = reader.summary(method, name, from, from + length, buckets);
          widths.add(summary.width);
          expect(summary.step.length).toBeLessThanOrEqual(buckets + 1);
          const start = Math.min(from, ...summary.step); // buckets begin where those of their level do
          const own = steps.filter((taken) => taken.method === method && taken.step >= start);
          const end = summary.step.length === 0 ? 0 : summary.step.at(-1)! + summary.width;
          const inside = own.filter((taken) => taken.step < end);
          expectEqual(summary, inside, name);
          const missing = own.filter((taken) => taken.step < from + length && taken.step >= end);
          expect(missing).toStrictEqual([]);
        }
        reader.close();
      },
    ),
    { seed: 1, numRuns: 60 },
  );
  expect(widths.has(1) && [...widths].some((width) => width >= 256)).toBe(true);
});

test('a long log opens at its last spine, and answers as one read from the start', () => {
  const path = join(directory(), 'run');
  const log = RunLog.create(path);
  log.append(run);
  for (let i = 0; i < 200_000; i++) {
    log.append(step(i >> 1, Math.sin(i * i), i & 1));
    if (i % 50_000 === 0) log.append({ kind: 'evaluation', method: 0, step: i, seconds: 0, loss: i });
  }
  const live = new LogReader(path); // knows it from the start
  log.close();
  live.refresh();
  const late = new LogReader(path);
  expect(late.seq).toBe(200_005);
  expect(late.methods()).toStrictEqual([0, 1]);
  for (const name of series) {
    for (const buckets of [7, 100, 3000]) {
      const summary = late.summary(1, name, 0, 100_000, buckets);
      expect(summary).toStrictEqual(live.summary(1, name, 0, 100_000, buckets));
      expect(summary.values.reduce((total, n) => total + n, 0)).toBe(100_000);
    }
  }
  const evaluated = [...late.history('evaluation')].map(({ event }) => 'step' in event && event.step);
  expect(evaluated).toStrictEqual([150_000, 100_000, 50_000, 0]);
  expect([...late.history('result')]).toStrictEqual([]);
  late.close();
  live.close();
  const again = RunLog.reopen(path);
  expect(again.seq).toBe(200_005);
  again.close();
});

test('what a summary reads depends on its buckets, not on the length of the log', () => {
  const tree = new SummaryTree();
  const stored = new Map<number, SummaryNode>();
  const read = { nodes: 0 };
  const source: Stored = {
    node: (offset) => {
      read.nodes++;
      return stored.get(offset)!;
    },
    steps: () => [],
  };
  const counts: number[] = [];
  let next = 1;
  const batch = stepColumns(new ArrayBuffer(50 * 1000), 0, 1000);
  for (let start = 0; start < 1_000_000; start += 1000) {
    batch.step.forEach((_, i) => {
      batch.step[i] = start + i;
    });
    tree.add(batch, next++);
    while (tree.unplaced.length > 0) {
      stored.set(next, new SummaryNode(tree.toStore().slice().buffer));
      tree.placed(next++);
    }
    if (![1e5, 1e6].includes(start + 1000)) continue;
    read.nodes = 0;
    summarise(tree, source, 0, series.indexOf('loss'), 0, start + 1000, 200);
    counts.push(read.nodes);
  }
  // Of one level there are at most 16 · 200 buckets in the range, in nodes of 16, and 1/15 of that above.
  for (const count of counts) expect(count).toBeLessThanOrEqual(16 * 200 * (1 / 16) * (16 / 15) + 16);
  expect(counts.length).toBe(2);
});
