import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../dashboard/events.js';
import { LogError, LogReader, logName, RunLog, readLog } from '../../../dashboard/log/index.js';
import { anyEvent, directory, run, step } from './run-events.js';

function written(path: string, events: readonly RunEvent[], flushEvery = Number.POSITIVE_INFINITY): void {
  const log = RunLog.create(path);
  events.forEach((event, i) => {
    log.append(event);
    if (i % flushEvery === flushEvery - 1) log.flush();
  });
  log.close();
}

const readBack = (path: string, from?: number) => [...readLog(path, { from })].map(({ event }) => event);

/** A log with all kinds of frames but the spine, short enough to try every byte of it. */
const short: readonly RunEvent[] = [
  run,
  step(0),
  step(1, Number.NaN),
  { kind: 'evaluation', method: 0, step: 1, seconds: 0.1, loss: Number.POSITIVE_INFINITY },
  step(700),
  { kind: 'control', action: 'stop', seconds: 1 },
];

test('what is written is read, NaN, ±∞ and −0 included, from any number on', () => {
  fc.assert(
    fc.property(
      fc.array(anyEvent, { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(60),
      (events, every, from) => {
        const path = join(directory(), 'run');
        written(path, events, every);
        expect(readBack(path)).toStrictEqual(events);
        const rest = [...readLog(path, { from: from + 1 })];
        expect(rest.map(({ event }) => event)).toStrictEqual(events.slice(from));
        expect(rest.map(({ seq }) => seq)).toStrictEqual(events.slice(from).map((_, i) => from + 1 + i));
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

test('a log cut at any byte is read up to its last whole event and goes on from there', () => {
  const path = directory();
  written(join(path, 'whole'), short, 2);
  const bytes = readFileSync(join(path, 'whole', logName));
  const counts = new Set<number>();
  for (let cut = 0; cut <= bytes.length; cut++) {
    const torn = join(path, String(cut));
    mkdirSync(torn);
    writeFileSync(join(torn, logName), bytes.subarray(0, cut));
    const events = readBack(torn);
    expect(events).toStrictEqual(short.slice(0, events.length));
    counts.add(events.length);
    const log = RunLog.reopen(torn);
    expect(log.seq).toBe(events.length);
    log.append(step(5));
    log.append(run);
    log.close();
    expect(readBack(torn)).toStrictEqual([...events, step(5), run]);
    const reader = new LogReader(torn);
    expect([reader.fault, reader.tornBytes]).toStrictEqual([undefined, 0]);
    reader.close();
  }
  expect([...counts]).toStrictEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('any changed byte is noticed', () => {
  const path = directory();
  written(path, short, 2);
  const bytes = readFileSync(join(path, logName));
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] ^= 1 << (at % 8);
    writeFileSync(join(path, logName), changed);
    const events: RunEvent[] = [];
    let noticed = false;
    try {
      const reading = readLog(path);
      for (let next = reading.next(); ; next = reading.next()) {
        if (next.done) {
          noticed = next.value > 0;
          break;
        }
        events.push(next.value.event);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(LogError);
      noticed = true;
    }
    expect(events).toStrictEqual(short.slice(0, events.length));
    expect([at, noticed]).toStrictEqual([at, true]);
  }
});
