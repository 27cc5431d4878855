import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../dashboard/record/events.js';
import {
  followLog,
  LogError,
  LogReader,
  logName,
  RunLog,
  readLog,
} from '../../../dashboard/record/log/index.js';
import {
  blockBytes,
  headerBytes,
  segmentBytes,
  writeFragmentHeader,
} from '../../../dashboard/record/log/log-format.js';
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

test('a long log cut anywhere goes on; damage in its midst is refused', () => {
  const path = directory();
  const events = [run, ...Array.from({ length: 12_000 }, (_, i) => step(i))];
  written(join(path, 'whole'), events, 700);
  const bytes = readFileSync(join(path, 'whole', logName));
  expect(bytes.length).toBeGreaterThan(9 * segmentBytes);
  const torn = join(path, 'torn');
  mkdirSync(torn);
  const inSegment = fc.tuple(fc.nat(9), fc.integer({ min: -70, max: 70 }));
  const cuts = fc.oneof(
    fc.nat(bytes.length),
    inSegment.map(([segment, offset]) => Math.max(0, segment * segmentBytes + offset)),
  );
  fc.assert(
    fc.property(cuts, (cut) => {
      writeFileSync(join(torn, logName), bytes.subarray(0, cut));
      const log = RunLog.reopen(torn);
      const kept = log.seq;
      log.append(step(kept));
      log.close();
      expect(readBack(torn)).toStrictEqual([...events.slice(0, kept), step(kept)]);
      const reader = new LogReader(torn);
      const { values } = reader.summary(0, 'loss', 0, 13_000, 100);
      expect(values.reduce((total, n) => total + n, 0)).toBe(kept === 0 ? 1 : kept);
      reader.close();
    }),
    { seed: 1, numRuns: 60 },
  );
  fc.assert(
    fc.property(fc.integer({ min: blockBytes, max: bytes.length - 40_000 }), (at) => {
      const changed = Buffer.from(bytes);
      changed[at] ^= 0x10;
      writeFileSync(join(torn, logName), changed);
      expect(() => readBack(torn)).toThrow(
        /events\.log: damaged at byte \d+: .*; what stands before it can be read/,
      );
      expect(() => RunLog.reopen(torn)).toThrow(LogError);
      expect(readFileSync(join(torn, logName)).equals(changed)).toBe(true); // nothing was cut off
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('a first block of which a power cut kept some bytes is torn, whichever they are', () => {
  const path = directory();
  written(join(path, 'run'), [run]);
  const bytes = readFileSync(join(path, 'run', logName)).subarray(0, blockBytes);
  const torn = join(path, 'torn');
  mkdirSync(torn, { recursive: true });
  fc.assert(
    fc.property(
      fc.nat(blockBytes),
      fc.nat(blockBytes),
      fc.integer({ min: 1, max: blockBytes }),
      (from, to, size) => {
        const kept = Buffer.from(bytes).fill(0, Math.min(from, to), Math.max(from, to)).subarray(0, size);
        writeFileSync(join(torn, logName), kept);
        expect(readBack(torn)).toStrictEqual([]);
        RunLog.reopen(torn).close();
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

test('foreign files and newer formats are refused, unknown kinds passed over', () => {
  const path = directory();
  const file = join(path, logName);
  expect(() => readBack(path)).toThrow(`${path}: no run there (it holds no events.log)`);
  writeFileSync(file, '{"an":"object"}');
  expect(() => readBack(path)).toThrow(`${file}: not a run log`);
  written(join(path, 'run'), [run]);
  const bytes = readFileSync(join(path, 'run', logName));
  const newer = Buffer.from(bytes);
  newer.writeUInt16LE(2, 8);
  newer.writeUInt32LE(crc32(newer.subarray(0, 60)), 60);
  writeFileSync(file, newer);
  expect(() => readBack(path)).toThrow(
    'written in format 2.0, but this version reads format 1; a newer fluxion',
  );
  expect(() => RunLog.reopen(path)).toThrow('written in format 2.0');

  const stranger = Buffer.alloc(headerBytes + 5, 1);
  const unknown = { kind: 99, sequence: 2, previous: 0, count: 3, length: 5, isFirst: true, isLast: true };
  writeFragmentHeader(stranger, 0, unknown);
  writeFileSync(file, Buffer.concat([bytes, stranger]));
  const log = RunLog.reopen(path);
  expect(log.seq).toBe(4);
  log.append(step(0));
  log.close();
  expect([...readLog(path)]).toStrictEqual([
    { seq: 1, event: run },
    { seq: 5, event: step(0) },
  ]);
  expect([...readLog(path, { from: 3 })]).toStrictEqual([{ seq: 5, event: step(0) }]);
});

test('a growing log is followed to its tail', async () => {
  const path = join(directory(), 'run');
  const log = RunLog.create(path);
  const stop = new AbortController();
  const seen: number[] = [];
  const following = (async () => {
    for await (const { seq } of followLog(path, { signal: stop.signal })) {
      seen.push(seq);
      if (seq < 1000) {
        for (let i = 0; i < 37 && log.seq < 1000; i++) log.append(step(log.seq));
        log.flush();
      } else stop.abort();
    }
  })();
  log.append(run);
  log.flush();
  await following;
  log.close();
  expect(seen).toStrictEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
});

test('misuse is told', () => {
  const log = RunLog.create(join(directory(), 'run'));
  expect(() => log.append({ ...step(0), step: -1 })).toThrow('RunLog.append(step)');
  expect(() => log.append({ ...step(0), method: 1.5 })).toThrow('RunLog.append(method)');
  expect(() => log.append({ kind: 'stpe' } as never)).toThrow("RunLog.append(event): no kind 'stpe'");
  expect(() => log.append({ kind: 'node' } as never)).toThrow("no kind 'node'");
  log.close();
});
