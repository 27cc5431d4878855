import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { LogError, LogReader, logName, RunLog, readLog } from '../../../dashboard/record/log/index.js';
import {
  blockBytes,
  fragmentLength,
  headerBytes,
  roomAt,
  segmentBytes,
} from '../../../dashboard/record/log/log-format.js';
import { directory, run, step } from './run-events.js';

/** Where the fragments of a whole log begin. */
function fragments(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at % segmentBytes === 0) at += blockBytes;
    else if (roomAt(at) < 1) at = Math.ceil(at / segmentBytes) * segmentBytes;
    else {
      found.push(at);
      at += headerBytes + fragmentLength(bytes.subarray(at, at + headerBytes));
    }
  }
  return found;
}

/** Chunks of all sizes: single steps, hundreds together, texts longer than a segment. */
function written(path: string): { readonly events: readonly RunEvent[]; readonly bytes: Buffer } {
  const events: RunEvent[] = [run];
  const log = RunLog.create(path);
  log.append(run);
  for (let part = 0; part < 12; part++) {
    for (let i = 0; i < (part % 3 === 0 ? 700 : 3); i++) events.push(step(events.length));
    const file = 'x'.repeat(part === 5 ? 150_000 : 10);
    events.push({ kind: 'checkpoint', method: 0, step: part, seconds: 1, file });
    for (const event of events.slice(log.seq)) log.append(event);
    log.flush();
  }
  log.close();
  return { events, bytes: readFileSync(join(path, logName)) };
}

/** What reading says: the events before the end or the damage, and what is torn or wrong. */
function reading(path: string) {
  const events: RunEvent[] = [];
  const all = readLog(path);
  try {
    for (let next = all.next(); ; next = all.next()) {
      if (next.done) return { events, torn: next.value };
      events.push(next.value.event);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(LogError);
    return { events, damage: (error as Error).message };
  }
}

test('whatever length stands in a fragment, its event and those behind it are never taken for torn', () => {
  const path = directory();
  const { events, bytes } = written(join(path, 'whole'));
  const places = fragments(bytes);
  const torn = join(path, 'torn');
  mkdirSync(torn);
  const anyLength = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: segmentBytes }),
    fc.nat(0xffff_ffff),
    fc.integer({ min: -40, max: 40 }).map((off) => -1 - off), // near the room of its place
  );
  let [damaged, cut] = [0, 0];
  const any = fc.tuple(
    fc.oneof(
      fc.nat(places.length - 1),
      fc.nat(5).map((i) => places.length - 1 - i),
    ),
    anyLength,
  );
  fc.assert(
    fc.property(any, ([place, wanted]) => {
      const at = places[place];
      const length = wanted < 0 ? Math.max(0, roomAt(at) + 1 + wanted) : wanted;
      fc.pre(length !== fragmentLength(bytes.subarray(at, at + headerBytes)));
      const changed = Buffer.from(bytes);
      changed.writeUInt32LE(length, at + 4);
      writeFileSync(join(torn, logName), changed);
      const read = reading(torn);
      expect(read.events).toStrictEqual(events.slice(0, read.events.length));
      const reader = new LogReader(torn);
      expect(reader.seq).toBe(read.events.length);
      const { fault } = reader;
      reader.close();
      if (place === places.length - 1) {
        cut++;
        expect(read.torn).toBeGreaterThan(0); // nothing stands behind the last one: only it is lost, and it is said
        expect([fault, read.events.length]).toStrictEqual([undefined, events.length - 1]);
        return;
      }
      damaged++;
      expect(read.damage).toMatch(/events\.log: damaged at byte \d+: .*; what stands before it can be read/);
      expect(fault?.message).toBe(read.damage);
      expect(() => RunLog.reopen(torn)).toThrow(LogError);
      expect(readFileSync(join(torn, logName)).equals(changed)).toBe(true);
    }),
    { seed: 1, numRuns: 200 },
  );
  expect(Math.min(damaged, cut)).toBeGreaterThan(10);
});

test('what a power cut leaves at the end is torn, for all readers alike: zeros, another file, half a chunk', () => {
  const path = directory();
  const { events, bytes } = written(join(path, 'whole'));
  const torn = join(path, 'torn');
  mkdirSync(torn);
  const junk = fc.oneof(
    fc.integer({ min: 1, max: 3 * segmentBytes }).map((length) => Buffer.alloc(length)),
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((some) => Buffer.from(some)),
  );
  const cuts = fc.integer({ min: blockBytes, max: bytes.length });
  fc.assert(
    fc.property(cuts, junk, (end, behind) => {
      const file = join(torn, logName);
      writeFileSync(file, Buffer.concat([bytes.subarray(0, end), behind]));
      const read = reading(torn);
      expect(read.events).toStrictEqual(events.slice(0, read.events.length));
      expect(read.torn).toBeGreaterThan(0);
      const reader = new LogReader(torn);
      expect([reader.seq, reader.fault]).toStrictEqual([read.events.length, undefined]);
      expect([...new Set(Array.from(readLog(torn, { from: 700 }), ({ seq }) => seq))].length).toBe(
        Math.max(0, read.events.length - 699),
      );
      reader.close();
      const log = RunLog.reopen(torn);
      expect([log.seq, log.tornBytes > 0]).toStrictEqual([read.events.length, true]);
      log.append(step(7));
      log.close();
      expect(reading(torn)).toStrictEqual({ events: [...read.events, step(7)], torn: 0 });
    }),
    { seed: 1, numRuns: 100 },
  );
});
