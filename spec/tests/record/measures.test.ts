import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunRecord } from '../../../dashboard/page/src/data/run-record.js';
import { Feed } from '../../../dashboard/page/src/live/feed.js';
import type { RunEvent, RunStarted, StepTaken } from '../../../dashboard/record/events.js';
import { LogReader, RunLog, readLog } from '../../../dashboard/record/log/index.js';
import { StepGatherer } from '../../../dashboard/record/step-columns.js';
import { Client } from '../../../dashboard/server/client.js';
import { LogTail } from '../../../dashboard/server/log-tail.js';
import type { Work } from '../../../dashboard/server/turns.js';
import {
  anyMeasuringEvent,
  anyMeasuringStep,
  directory,
  measuringRun,
  numbersOf,
  run,
  step,
} from './run-events.js';

function written(events: readonly RunEvent[], of: RunStarted = measuringRun): string {
  const path = join(directory(), 'run');
  const log = RunLog.create(path);
  for (const event of [of, ...events]) log.append(event);
  log.close();
  return path;
}

/** Lets a client read the whole log, and gives its page's record what it is sent. */
function shown(path: string): RunRecord {
  const record = new RunRecord();
  const page = new Feed(record, () => {});
  const tail = new LogTail(path);
  const listeners = new Map<string, (data: unknown, isBinary: boolean) => void>();
  const socket = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    on: (name: string, listener: () => void) => listeners.set(name, listener),
    send: (data: string | Uint8Array) =>
      page.receive(typeof data === 'string' ? data : (data.slice().buffer as ArrayBuffer)),
    close: () => {
      throw new Error('closed');
    },
  };
  const atOnce = {
    add(work: Work) {
      while (work.turn());
    },
    remove: () => undefined,
  };
  new Client(socket as never, tail, atOnce);
  listeners.get('message')!(Buffer.from(page.hello()), false);
  tail.close();
  return record;
}

describe("measures of the methods' own", () => {
  it('are read from the log as they were written, NaN and ±∞ among them, from any event on', () => {
    fc.assert(
      fc.property(fc.array(anyMeasuringEvent, { maxLength: 60 }), fc.nat(60), (events, cut) => {
        const path = written(events);
        const all = [measuringRun, ...events];
        const from = 1 + (cut % all.length);
        const read = [...readLog(path, { from })].map(({ event }) => event);
        expect(read).toStrictEqual(all.slice(from - 1));
      }),
      { numRuns: 60 },
    );
  });

  it('are summed up as what every step measures is; a number that was not made does not count', () => {
    fc.assert(
      fc.property(
        fc.array(anyMeasuringStep, { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(79),
        (drawn, buckets, cut) => {
          const steps = drawn.map((event, i) => ({ ...event, step: 3 * i }));
          const path = written(steps.slice(0, cut));
          const log = RunLog.reopen(path);
          for (const event of steps.slice(cut)) log.append(event);
          log.close();
          const reader = new LogReader(path);
          for (const method of [0, 1]) {
            expect(reader.series(method)).toEqual(expect.arrayContaining(numbersOf(method)));
            for (const name of numbersOf(method)) {
              const { min, max, values, marks } = reader.summary(method, name, 0, 3 * steps.length, buckets);
              const own = steps
                .filter((event) => event.method === method)
                .flatMap((event) => event.measures?.[name] ?? []);
              const finite = own.filter(Number.isFinite);
              expect(Math.min(...min)).toBeCloseTo(Math.min(...finite), 300);
              expect(Math.max(...max)).toBeCloseTo(Math.max(...finite), 300);
              expect(values.reduce((sum, count) => sum + count, 0)).toBe(finite.length);
              expect(marks.some((mark) => mark > 0)).toBe(finite.length < own.length);
            }
          }
          reader.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('come to the page step by step, lists as their quantiles', () => {
    fc.assert(
      fc.property(fc.array(anyMeasuringStep, { maxLength: 40 }), (drawn) => {
        const steps = drawn.map((event, i) => ({ ...event, step: i }));
        const lists = steps
          .filter(({ method }) => method < 2)
          .map(({ method, step, seconds }) => ({
            kind: 'list' as const,
            method,
            step,
            seconds,
            name: 'spectrum',
            values: [4, 0, 1, 2, 3],
          }));
        const record = shown(written([...steps, ...lists]));
        for (const method of [0, 1]) {
          const { own, lists: shownLists } = record.methods[method]!;
          for (const name of numbersOf(method)) {
            const made = steps.filter(
              (event) => event.method === method && event.measures?.[name] !== undefined,
            );
            const curve = own.get(name)!;
            expect([...curve.across('steps').view()]).toEqual(made.map((event) => event.step));
            expect([...curve.raw.values.view()]).toEqual(made.map((event) => event.measures![name]));
          }
          const spectrum = shownLists.get('spectrum')!;
          const count = lists.filter((list) => list.method === method).length;
          expect([...spectrum.median.raw.values.view()]).toEqual(Array(count).fill(2));
          expect(spectrum.bands.map((band) => band.map(({ raw }) => [...raw.values.view()]))).toEqual(
            [
              [0, 4],
              [0.4, 3.6],
              [1, 3],
            ].map((ends) => ends.map((end) => Array(count).fill(end))),
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  it('come to the page as summaries where the log is long', () => {
    const many = 120_000;
    const events = Array.from({ length: many }, (_, i): StepTaken => {
      const made = i % 10 === 0 ? { sometimes: i } : undefined;
      return { ...step(i), measures: { ratio: i % 7, ...made } };
    });
    const { own } = shown(written(events)).methods[0]!;
    const ratio = own.get('ratio')!.raw;
    expect(ratio.length).toBeLessThan(1100);
    expect(ratio.extent(0, ratio.length)).toMatchObject({ low: 0, high: 6 });
    const sometimes = own.get('sometimes')!.raw;
    expect(sometimes.extent(0, sometimes.length)).toMatchObject({ low: 0, high: many - 10, oddities: 0 });
  });

  it('that are lists come to the page from all of a long log, not from its end alone', () => {
    const many = 110_000;
    const events = Array.from({ length: many }, (_, i): RunEvent[] => {
      const list = {
        kind: 'list',
        method: 0,
        step: i,
        seconds: i,
        name: 'spectrum',
        values: [i, i + 1],
      } as const;
      return i % 20 === 0 ? [step(i), list] : [step(i)];
    }).flat();
    const { median } = shown(written(events)).methods[0]!.lists.get('spectrum')!;
    const steps = [...median.across('steps').view()];
    expect(steps[0]).toBeLessThan(200);
    expect(steps.at(-1)).toBe(many - 20);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    const widest = Math.max(...steps.slice(1).map((at, k) => at - steps[k]!));
    expect(widest).toBeLessThanOrEqual(200); // a thousand places over the 90,000 steps before the newest thousand lists
    steps.forEach((at, k) => {
      expect(median.raw.at(k)).toBe(at + 0.5);
    });
  });

  it('that the run does not describe, or that take a name that is taken, are refused', () => {
    const log = RunLog.create(join(directory(), 'run'));
    log.append(measuringRun);
    const strange = { ...step(0), measures: { ratio: 1, strange: 2 } };
    expect(() => log.append(strange)).toThrow("the run describes no 'strange' of method 0");
    log.close();
    const taken = { ...run.methods[0], measures: [{ name: 'loss', kind: 'number', meaning: '' } as const] };
    expect(() => written([], { ...run, methods: [taken] })).toThrow(
      'measures(loss): expected a name that is not taken',
    );
  });

  it('cost steps without any no bytes: they are stored as 0.1.0 stored them', () => {
    const gatherer = new StepGatherer(512);
    for (let i = 0; i < 100; i++) gatherer.add(step(i), []);
    const stored = gatherer.take();
    expect(stored.byteLength).toBe(100 * 50);
    expect([...new Float64Array(stored, 0, 100)]).toEqual(Array.from({ length: 100 }, (_, i) => i));
    gatherer.add({ ...step(0), measures: { ratio: 1 } }, ['ratio']);
    expect(gatherer.take().byteLength).toBe(56 + 8 + 9); // columns, how many numbers, one of them and that it was made
  });
});
