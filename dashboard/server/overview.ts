import { stringifyExact } from '../record/exact-json.js';
import type { LogReader, RareEntry, RareKind } from '../record/log/index.js';
import { encodeSummary, unasked } from './binary-messages.js';
import type { Skipped } from './protocol.js';
import { eventsWire, type Wire } from './wire.js';

/** Of one kind of event no more than this are shown of the time that is summed up: the newest. */
const mostOfAKind = 10_000;
const buckets = 1000;
const eventsInAMessage = 256;

/** Lists are long: of each measure this many are shown, the newest, and as many spread over the time before them. */
const mostLists = 1000;
/** How many entries of the log are read behind a place to find the lists of a step. */
const reach = 64;

const kinds: readonly RareKind[] = [
  'run',
  'evaluation',
  'point',
  'landscape',
  'checkpoint',
  'control',
  'outcome',
  'result',
  'slice',
];

/** Entries read in a row before others have their turn. */
const readAtOnce = 32;

/** A part of the work is done, and nothing to be sent came of it yet. */
type Pause = null;

/**
 * What stands for the events `from` … `to` where they are too many to be sent one by one: the rare ones, the
 * newest state of the operators, and a summary of every series of every method.
 * Made in small parts: null is a pause.
 */
export function* overview(
  reader: LogReader,
  from: number,
  to: number,
): Generator<Wire['data'] | Pause, void> {
  yield stringifyExact({ kind: 'skipped', from, to } satisfies Skipped);
  const rare: RareEntry[] = [];
  for (const kind of kinds) rare.push(...(yield* newest(reader, kind, from, to)));
  rare.push(...(yield* operators(reader, from, to)));
  rare.push(...(yield* lists(reader, from, to)));
  rare.sort((a, b) => a.seq - b.seq);
  for (let i = 0; i < rare.length; i += eventsInAMessage)
    yield eventsWire(rare.slice(i, i + eventsInAMessage)).data;
  for (const method of reader.methods()) {
    const [first, end] = reader.extent(method);
    for (const name of reader.series(method)) {
      yield encodeSummary(unasked, method, name, reader.summary(method, name, first, end, buckets));
    }
  }
}

function* newest(reader: LogReader, kind: RareKind, from: number, to: number): Generator<Pause, RareEntry[]> {
  const found: RareEntry[] = [];
  for (const entry of reader.history(kind)) {
    if (entry.seq < from || found.length === mostOfAKind) break;
    if (found.length % readAtOnce === readAtOnce - 1) yield null;
    if (entry.seq <= to) found.push(entry);
  }
  return found;
}

/** They are sums since the start: the newest of each method says all. */
function* operators(reader: LogReader, from: number, to: number): Generator<Pause, RareEntry[]> {
  const methods = new Map<number, RareEntry>();
  let looked = 0;
  for (const entry of reader.history('operators')) {
    if (entry.seq < from || looked++ === mostOfAKind || methods.size === reader.methods().length) break;
    if (looked % readAtOnce === 0) yield null;
    if (entry.event.kind !== 'operators' || entry.seq > to) continue;
    if (!methods.has(entry.event.method)) methods.set(entry.event.method, entry);
  }
  return [...methods.values()];
}

/** Of every measure that is a list the newest, and of those before them such as lie behind evenly spread places. */
function* lists(reader: LogReader, from: number, to: number): Generator<Pause, RareEntry[]> {
  const counts = new Map<string, number>();
  const found: RareEntry[] = [];
  let looked = 0;
  for (const entry of reader.history('list')) {
    if (entry.seq < from || looked++ === mostOfAKind) break;
    if (looked % readAtOnce === 0) yield null;
    if (entry.event.kind !== 'list' || entry.seq > to) continue;
    const measure = `${entry.event.method} ${entry.event.name}`;
    const count = counts.get(measure) ?? 0;
    counts.set(measure, count + 1);
    if (count < mostLists) found.push(entry);
  }
  const oldest = found.at(-1)?.seq;
  return oldest === undefined ? found : [...found, ...(yield* spread(reader, from, oldest - 1))];
}

function* spread(reader: LogReader, from: number, to: number): Generator<Pause, RareEntry[]> {
  const found = new Map<number, RareEntry>();
  const places = Math.min(mostLists, to - from + 1);
  for (let place = 0; place < places; place++) {
    yield null;
    const next = reader.cursor(from + Math.floor((place * (to - from + 1)) / places));
    const met = new Set<string>();
    for (let read = 0; read < reach; read++) {
      const entry = next();
      if (entry === null || entry.seq > to) break;
      if (entry.kind !== 'event' || entry.event.kind !== 'list') continue;
      const measure = `${entry.event.method} ${entry.event.name}`;
      if (met.has(measure)) break; // those of the next step
      met.add(measure);
      found.set(entry.seq, entry);
    }
  }
  return [...found.values()];
}
