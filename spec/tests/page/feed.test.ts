import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { RunRecord } from '../../../dashboard/page/src/data/run-record.js';
import { Feed, type Standing } from '../../../dashboard/page/src/live/feed.js';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { parseExact, stringifyExact } from '../../../dashboard/record/exact-json.js';
import { everyStep, series } from '../../../dashboard/record/measures.js';
import { encodeSummary, unasked } from '../../../dashboard/server/binary-messages.js';
import { protocolVersion, type ServerMessage, type Welcome } from '../../../dashboard/server/protocol.js';
import { recordedRun } from './recorded-run.js';
import { stepsFrame } from './rehearsal-server.js';

fc.configureGlobal({ seed: 1 });

const run = recordedRun({ methods: 3, steps: 40, diverges: { method: 1, step: 25 }, ended: true });
const log = run.events;

function welcome(lastSeq: number, more: Partial<Welcome> = {}): Welcome {
  const { started } = run;
  return {
    kind: 'welcome',
    protocol: protocolVersion,
    run: started,
    lastSeq,
    seq: log.length,
    live: true,
    control: true,
    ...more,
  };
}

function feeding() {
  const record = new RunRecord();
  let standing: Standing | undefined;
  const feed = new Feed(record, (news) => {
    standing = news;
  });
  return {
    record,
    feed,
    standing: () => standing!,
    tell: (message: ServerMessage) => feed.receive(stringifyExact(message)),
    /** Sends the events after `from` up to `to` as the server frames them, `size` at most together. */
    play: (from: number, to: number, size: number) => {
      for (let seq = from; seq < to; ) {
        let end = seq + 1;
        const steps = log[seq]!.kind === 'step';
        while (end < to && end - seq < size && (log[end]!.kind === 'step') === steps) end++;
        const some = log.slice(seq, end);
        const first = seq + 1;
        if (steps) feed.receive(stepsFrame(first, some).buffer);
        else
          feed.receive(
            stringifyExact({ kind: 'events', events: some.map((event, i) => ({ seq: first + i, event })) }),
          );
        seq = end;
      }
    },
  };
}

/** All a record holds, as plain values. */
function content({ started, ended, lastControl, seconds, methods }: RunRecord) {
  const curves = methods.map((method) =>
    Object.entries(method.curves).map(([name, curve]) => [
      name,
      [...curve.across('steps').view()],
      [...curve.across('seconds').view()],
      [...curve.raw.values.view()],
    ]),
  );
  return { started, ended, lastControl, seconds, curves, outcomes: methods.map(({ outcome }) => outcome) };
}

function whole() {
  const all = feeding();
  all.tell(welcome(0));
  all.play(0, log.length, 1000);
  return content(all.record);
}

describe('Feed', () => {
  test('fills the record with every value of the log, NaN among them', () => {
    const { curves, outcomes, ended } = whole();
    const steps = log.filter((event): event is RunEvent & { kind: 'step' } => event.kind === 'step');
    for (const [method, found] of curves.entries()) {
      const own = steps.filter((step) => step.method === method);
      for (const { name } of everyStep) {
        const [, places, seconds, values] = found.find(([key]) => key === name)!;
        expect(places).toEqual(own.map(({ step }) => step));
        expect(seconds).toEqual(own.map(({ seconds: at }) => at));
        expect(values).toEqual(own.map((step) => step[name]));
      }
    }
    expect(outcomes.map((outcome) => outcome?.kind)).toEqual(['budget', 'nonFinite', 'budget']);
    expect(ended?.methods).toHaveLength(3);
  });

  test.prop([
    fc.array(fc.nat(log.length), { maxLength: 5 }).map((cuts) => [...cuts.sort((a, b) => a - b), log.length]),
    fc.integer({ min: 1, max: 50 }),
  ])('ends up the same however often the connection is cut, and in whatever pieces', (cuts, size) => {
    const { record, feed, tell, play } = feeding();
    for (const cut of cuts) {
      const hello = parseExact(feed.hello()) as { run?: string; lastSeq: number };
      expect(hello.lastSeq).toBe(feed.lastSeq);
      tell(welcome(hello.lastSeq));
      play(hello.lastSeq, Math.max(hello.lastSeq, cut), size);
      expect(feed.lastSeq).toBe(Math.max(hello.lastSeq, cut));
    }
    expect(content(record)).toEqual(whole());
  });

  test('forgets what it has when the server starts anew', () => {
    const { record, tell, play, feed } = feeding();
    tell(welcome(0));
    play(0, 50, 10);
    tell(welcome(0));
    expect(feed.lastSeq).toBe(0);
    play(0, log.length, 1000);
    expect(content(record)).toEqual(whole());
  });

  test('takes summaries for steps left out, and counts them as read only once they are all there', () => {
    const { record, feed, tell, play } = feeding();
    tell(welcome(0));
    tell({ kind: 'skipped', from: 1, to: 100 });
    tell({
      kind: 'events',
      events: [
        { seq: 1, event: log[0]! },
        { seq: 100, event: { kind: 'control', action: 'pause', seconds: 1 } },
      ],
    });
    for (const name of series) {
      expect(feed.lastSeq).toBe(0);
      expect(record.methods[0]!.places.steps.length).toBe(0);
      const at = name === 'seconds' ? [0.5, 1] : [2, 3];
      feed.receive(
        encodeSummary(unasked, 0, name, {
          width: 16,
          step: Float64Array.of(0, 16),
          min: Float64Array.from(at, (x) => x / 2),
          max: Float64Array.from(at, (x) => x * 2),
          mean: Float64Array.from(at),
          values: Uint32Array.of(16, 15),
          marks: Uint8Array.of(0, 1),
        }).buffer,
      );
    }
    const { loss } = record.methods[0]!.curves;
    expect([...loss.across('steps').view()]).toEqual([0, 16]);
    expect([...loss.across('seconds').view()]).toEqual([0.5, 1]);
    expect(loss.raw.extent(0, 2)).toEqual({ low: 1, high: 6, lowPositive: 1, oddities: 1 });
    expect(record.methods[0]!.taken).toBe(31);
    tell({ kind: 'caughtUp', seq: 100 });
    expect(feed.lastSeq).toBe(100);
    play(100, log.length, 1000);
    expect(record.ended).toBeDefined();
  });

  test('writes steps anew that a resumed run repeats', () => {
    const { record, feed, tell, play } = feeding();
    tell(welcome(0));
    play(0, log.length, 1000);
    const before = record.methods[0]!.places.steps.length;
    tell({ kind: 'events', events: [{ seq: log.length + 1, event: run.started }] });
    feed.receive(
      stepsFrame(log.length + 2, log.filter((event) => event.kind === 'step').slice(30, 31)).buffer,
    );
    expect(record.ended).toBeUndefined();
    expect(record.methods[0]!.places.steps.length).toBeLessThan(before);
    expect(record.methods[0]!.places.steps.last).toBe(10);
    expect(record.methods[0]!.outcome).toBeUndefined();
  });

  test('passes over kinds and methods it does not know', () => {
    const { record, tell } = feeding();
    tell(welcome(0));
    const foreign = { kind: 'spectrum', method: 0, values: [1] } as unknown as RunEvent;
    const stranger: RunEvent = { kind: 'evaluation', method: 99, step: 0, seconds: 0, loss: 1 };
    tell({
      kind: 'events',
      events: [
        { seq: 1, event: foreign },
        { seq: 2, event: stranger },
      ],
    });
    expect(record.methods).toHaveLength(3);
  });

  test('tells what the server says of the run', () => {
    const { tell, standing } = feeding();
    tell(welcome(0));
    expect(standing()).toEqual({ live: true, control: true, caughtUp: false, notice: '' });
    tell({ kind: 'caughtUp', seq: 0 });
    tell({ kind: 'status', live: false, fault: 'the log is torn at byte 4711' });
    expect(standing()).toEqual({
      live: false,
      control: true,
      caughtUp: true,
      notice: 'the log is torn at byte 4711',
    });
    tell({ kind: 'refused', message: 'this page may only watch' });
    expect(standing().notice).toBe('this page may only watch');
  });

  test('refuses a server of another version and frames it cannot read', () => {
    const { tell, feed } = feeding();
    expect(() => tell(welcome(0, { protocol: 3 as 2 }))).toThrow('protocol: expected version 2, got 3');
    expect(() => feed.receive(new ArrayBuffer(3))).toThrow('message: expected the type 1 or 2');
    expect(() => feed.receive('{')).toThrow(SyntaxError);
  });
});
