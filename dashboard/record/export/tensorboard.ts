import { join } from 'node:path';
import type { MethodDescription, RunStarted } from '../events.js';
import { LogReader, readLog } from '../log/index.js';
import { crc32c } from './crc32c.js';
import { type Histogram, histogramOf } from './histogram.js';
import { bytes, double, doubles, float, message, text, varint } from './protocol-buffers.js';
import { tarEnd, tarFile } from './tar.js';

/** Some bytes of the event file of one method. */
export interface EventFilePart {
  readonly method: number;
  readonly bytes: Uint8Array;
}

/**
 * A record as event files of TensorBoard, one a method: each a run there, under the method's label.
 *
 * A file is a row of TFRecords, `u64 length · u32 masked CRC-32C of it · data · u32 masked CRC-32C of them`
 * (TensorFlow, lib/io/record_writer), each with an `Event` in protocol buffers (core/util/event.proto). Scalars are
 * float32 there, as TensorBoard reads them; lists become histograms.
 *
 * @param only the one method that is asked for; all where it is left out
 * @throws LogError where there is no log, or at the place of a damage
 */
export function* tensorboardParts(directory: string, only?: number): Generator<EventFilePart, void> {
  let run: RunStarted | undefined;
  let begun = 0;
  const seconds: number[] = [];
  for (const { event } of readLog(directory)) {
    if (event.kind === 'run' && run === undefined) {
      run = event;
      begun = Date.parse(run.created) / 1_000;
      const bytes = tfRecord(message([double(1, begun), text(3, 'brain.Event:2')]));
      for (let method = 0; method < run.methods.length; method++) {
        if (only === undefined || only === method) yield { method, bytes };
      }
    }
    if (!('method' in event) || run?.methods[event.method] === undefined) continue;
    const { method } = event;
    if (only !== undefined && only !== method) continue;
    if ('seconds' in event) seconds[method] = event.seconds;
    const values =
      event.kind === 'list' ? listValues(event, run.methods[method]) : scalarsOf(event).map(scalarValue);
    if (values.length === 0) continue;
    const time = begun + (seconds[method] ?? 0);
    yield { method, bytes: tfRecord(summaryEvent(time, event.step, values)) };
  }
}

/** Where the event file of each method lies: in a folder of its own, which TensorBoard takes for a run. */
export function eventFilePaths({ created, methods }: RunStarted): string[] {
  const begun = Math.floor(Date.parse(created) / 1_000);
  return methods.map(({ label }, i) => {
    const folder = label.replace(/[^\w.=(),-]+/g, '_');
    const short = folder.length <= longestFolder ? folder : `${folder.slice(0, longestFolder)}_${i}`;
    return join(short, `events.out.tfevents.${begun}.fluxion`);
  });
}

const longestFolder = 120;

/**
 * All event files in one tar file. A file's length stands before it, so that the log is read once for the lengths and
 * once a method; of one that grows meanwhile what was there at first is taken.
 *
 * @throws LogError where there is no log, or at the place of a damage
 */
export function* tensorboardTar(directory: string): Generator<Uint8Array, void> {
  const reader = new LogReader(directory);
  const { run } = reader;
  reader.close();
  if (run !== undefined) {
    const sizes = run.methods.map(() => 0);
    for (const { method, bytes } of tensorboardParts(directory)) sizes[method] += bytes.length;
    for (const [method, path] of eventFilePaths(run).entries()) {
      const file = { path, size: sizes[method], changed: Date.parse(run.created) / 1_000 };
      yield* tarFile(file, partsOf(directory, method));
    }
  }
  yield tarEnd;
}

function* partsOf(directory: string, method: number): Generator<Uint8Array, void> {
  for (const { bytes } of tensorboardParts(directory, method)) yield bytes;
}

type Scalar = readonly [tag: string, value: number];

function scalarsOf(event: { readonly kind: string } & object): Scalar[] {
  const pick = (from: object, tags: Readonly<Record<string, string>>): Scalar[] =>
    Object.entries(tags).flatMap(([field, tag]) => {
      const value = (from as Record<string, unknown>)[field];
      return typeof value === 'number' ? [[tag, value] as const] : [];
    });
  if (event.kind === 'step') {
    const { measures } = event as { measures?: Readonly<Record<string, number>> };
    return [...pick(event, stepTags), ...Object.entries(measures ?? {})];
  }
  if (event.kind === 'evaluation') return pick(event, evaluationTags);
  return event.kind === 'point' ? pick(event, { value: 'value' }) : [];
}

const stepTags = {
  loss: 'loss',
  gradientNorm: 'gradientNorm',
  updateNorm: 'updateNorm',
  milliseconds: 'milliseconds',
};
const evaluationTags = { loss: 'test/loss', accuracy: 'test/accuracy', squaredError: 'test/squaredError' };

const scalarValue = ([tag, value]: Scalar): Uint8Array => message([text(1, tag), float(2, value)]);

function listValues(
  { name, values }: { readonly name: string; readonly values: readonly number[] },
  { measures }: MethodDescription,
): Uint8Array[] {
  const entries = measures?.find((measure) => measure.name === name)?.entries;
  const histogram = histogramOf(values, entries);
  return histogram === undefined ? [] : [message([text(1, name), bytes(5, histogramProto(histogram))])];
}

/** `HistogramProto` (core/framework/summary.proto): a bucket goes from the limit before its own to its own. */
function histogramProto({ min, max, num, sum, sumSquares, limits, counts }: Histogram): Uint8Array {
  const numbers = [min, max, num, sum, sumSquares].map((value, i) => double(i + 1, value));
  return message([...numbers, doubles(6, limits), doubles(7, counts)]);
}

/** `Event { double wall_time = 1; int64 step = 2; Summary summary = 5 }` with a `Summary.Value` each. */
function summaryEvent(time: number, step: number, values: readonly Uint8Array[]): Uint8Array {
  return message([
    double(1, time),
    varint(2, step),
    bytes(5, message(values.map((value) => bytes(1, value)))),
  ]);
}

/** The checksum rotated, so that one over bytes that hold one is not weak (TensorFlow, lib/hash/crc32c). */
export function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function tfRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(12 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return record;
}
