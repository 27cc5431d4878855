import type { RunStarted } from '../events.js';
import { readLog } from '../log/index.js';
import { crc32c } from './crc32c.js';

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
 * float32 there, as TensorBoard reads them; lists have no place in it.
 *
 * @throws LogError where there is no log, or at the place of a damage
 */
export function* tensorboardParts(directory: string): Generator<EventFilePart, void> {
  let run: RunStarted | undefined;
  let begun = 0;
  const seconds: number[] = [];
  for (const { event } of readLog(directory)) {
    if (event.kind === 'run' && run === undefined) {
      run = event;
      begun = Date.parse(run.created) / 1_000;
      const bytes = tfRecord(message([double(1, begun), text(3, 'brain.Event:2')]));
      for (let method = 0; method < run.methods.length; method++) yield { method, bytes };
    }
    if (!('method' in event) || run?.methods[event.method] === undefined) continue;
    const { method } = event;
    if ('seconds' in event) seconds[method] = event.seconds;
    const scalars = scalarsOf(event);
    if (scalars.length === 0) continue;
    const time = begun + (seconds[method] ?? 0);
    yield { method, bytes: tfRecord(summaryEvent(time, event.step, scalars)) };
  }
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

/** `Event { double wall_time = 1; int64 step = 2; Summary summary = 5 }` with a `Summary.Value` a scalar. */
function summaryEvent(time: number, step: number, scalars: readonly Scalar[]): Uint8Array {
  const values = scalars.map(([tag, value]) => bytes(1, message([text(1, tag), float(2, value)])));
  return message([double(1, time), varint(2, step), bytes(5, message(values))]);
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

const message = (fields: readonly Uint8Array[]): Uint8Array => Buffer.concat(fields);

/** Of the wire types of protocol buffers: a varint, eight bytes, bytes after their length, four bytes. */
const wire = { varint: 0, eight: 1, bytes: 2, four: 5 } as const;

function varintBytes(value: number): number[] {
  const groups: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) groups.push((rest % 0x80) | 0x80);
  return [...groups, rest];
}

const key = (field: number, type: number) => (field << 3) | type;

function varint(field: number, value: number): Uint8Array {
  return Uint8Array.of(key(field, wire.varint), ...varintBytes(value));
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(key(field, wire.bytes), ...varintBytes(value.length)), value]);
}

const text = (field: number, value: string) => bytes(field, Buffer.from(value));

function double(field: number, value: number): Uint8Array {
  const written = Buffer.alloc(9);
  written.writeUInt8(key(field, wire.eight));
  written.writeDoubleLE(value, 1);
  return written;
}

function float(field: number, value: number): Uint8Array {
  const written = Buffer.alloc(5);
  written.writeUInt8(key(field, wire.four));
  written.writeFloatLE(value, 1);
  return written;
}
