import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { runCommandLine } from '../../../dashboard/cli/commands/command-line.js';
import type { RunEvent, RunStarted } from '../../../dashboard/record/events.js';
import { histogramOf } from '../../../dashboard/record/export/histogram.js';
import {
  crc32c,
  eventFilePaths,
  fileFormats,
  maskedCrc,
  recordTable,
  tensorboardParts,
  tensorboardTar,
} from '../../../dashboard/record/export/index.js';
import { tarFile } from '../../../dashboard/record/export/tar.js';
import { RunLog } from '../../../dashboard/record/log/index.js';
import { signedLogShares } from '../../../src/objective/signed-log-bins.js';
import { anyNumber, directory, measuringRun, step } from './run-events.js';

const run: RunStarted = {
  ...measuringRun,
  batch: 32,
  created: '2026-01-31T12:00:00.000Z',
  methods: measuringRun.methods.map((method, i) => ({ ...method, label: ['a,"quoted"', 'plain'][i] })),
};

const events: readonly RunEvent[] = [
  run,
  step(0, 0.1 + 0.2),
  { ...step(1, Number.NaN), measures: { ratio: 0.75, sometimes: Number.NEGATIVE_INFINITY } },
  { ...step(0, 1e-300, 1), measures: { damping: 5e-324 } },
  { kind: 'list', method: 1, step: 0, seconds: 0, name: 'spectrum', values: [3, -1.5, Number.NaN] },
  { kind: 'list', method: 1, step: 1, seconds: 0, name: 'spectrum', values: [] },
  { kind: 'evaluation', method: 0, step: 2, seconds: 0.25, loss: 2.5, accuracy: 0.5 },
  { kind: 'control', action: 'pause', seconds: 0.3 },
  {
    kind: 'point',
    method: 1,
    step: 1,
    x: [1, -2],
    value: 7,
    evaluations: { value: 3, gradient: 2, hessian: 0, hessianVectorProduct: 0 },
  },
  {
    kind: 'operators',
    method: 0,
    step: 1,
    seconds: 1,
    operators: [{ name: 'gradient', frames: 2, milliseconds: 1.5, arrays: 3, bytes: 400 }],
  },
];

function recorded(): string {
  const folder = directory();
  const log = RunLog.create(folder);
  for (const event of events) log.append(event);
  log.close();
  return folder;
}

const whole = (format: keyof typeof fileFormats, folder: string) =>
  Buffer.concat([...fileFormats[format].pieces(folder)].map((piece) => Buffer.from(piece)));

test('a row holds the numbers of its event, and every x-axis that is known', () => {
  const rows = [...recordTable(recorded()).rows()];
  expect(rows[1]).toEqual({
    event: 'step',
    method: 'a,"quoted"',
    seed: 1,
    step: 1,
    seconds: 0.001,
    time: Date.parse(run.created) / 1000 + 0.001,
    examples: 64,
    workSeconds: 0.002,
    loss: Number.NaN,
    gradientNorm: Number.NaN,
    updateNorm: Number.NaN,
    milliseconds: 1,
    ratio: 0.75,
    sometimes: Number.NEGATIVE_INFINITY,
  });
  expect(rows.find(({ event }) => event === 'evaluation')).toMatchObject({
    testLoss: 2.5,
    accuracy: 0.5,
    examples: 64,
  });
  expect(rows.find(({ event }) => event === 'point')).toMatchObject({
    x0: 1,
    x1: -2,
    value: 7,
    evaluations: 5,
  });
  expect(rows.at(-1)).toMatchObject({ operator: 'gradient', operatorMilliseconds: 1.5, bytes: 400 });
});

/** Reads quoted fields by the rules of RFC 4180. */
function readCsv(text: string): Record<string, string>[] {
  const lines = text.split('\r\n').slice(0, -1);
  const fields = (line: string) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
    );
  const names = fields(lines[0]);
  return lines.slice(1).map((line) => Object.fromEntries(fields(line).map((field, i) => [names[i], field])));
}

test('CSV gives every number of the table back bit for bit, lists and text too', () => {
  const folder = recorded();
  const table = recordTable(folder);
  const read = readCsv(whole('csv', folder).toString());
  const expected = [...table.rows()];
  expect(read).toHaveLength(expected.length);
  expected.forEach((row, i) => {
    for (const { name, type } of table.columns) {
      const [cell, text] = [row[name], read[i][name]];
      if (cell === undefined) expect(text).toBe('');
      else if (type === 'number') expect(Number(text)).toBe(cell);
      else if (type === 'text') expect(text).toBe(cell);
      else expect(text === '' ? [] : text.split(' ').map(Number)).toEqual(cell);
    }
  });
});

test('Parquet gives the table back bit for bit', async () => {
  const folder = recorded();
  const table = recordTable(folder);
  const bytes = whole('parquet', folder);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const read = (await parquetReadObjects({ file })).map((row) =>
    Object.fromEntries(table.columns.map(({ name }) => [name, row[name] ?? null])),
  );
  const expected = [...table.rows()].map((row) =>
    Object.fromEntries(table.columns.map(({ name }) => [name, row[name] ?? null])),
  );
  expect(read).toEqual(expected);
});

test('JSON lines are the events of the log with their numbers', () => {
  const lines = whole('jsonl', recorded())
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ kind }) => kind)).toEqual(events.map(({ kind }) => kind));
  expect(lines.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  expect(lines[1].loss).toBe(0.1 + 0.2);
  expect(lines[2]).toMatchObject({ loss: 'NaN', measures: { ratio: 0.75, sometimes: '-Infinity' } });
});

test('CRC-32C is that of RFC 3720', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
});

/** The records of an event file; fails where a length or a checksum is wrong. */
function tfRecords(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(data).toHaveLength(length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

type Field = readonly [field: number, value: number | Buffer];

/** The fields of a message in protocol buffers. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const [field, type] = [key >> 3, key & 7];
    if (type === 0) fields.push([field, varint()]);
    else if (type === 1) fields.push([field, message.readDoubleLE((at += 8) - 8)]);
    else if (type === 5) fields.push([field, message.readFloatLE((at += 4) - 4)]);
    else {
      const length = varint();
      fields.push([field, message.subarray(at, (at += length))]);
    }
  }
  return fields;
}

const field = (fields: readonly Field[], number: number) => fields.find(([one]) => one === number)?.[1];

/** `method tag step time value` of every scalar in the event files. */
function scalarsIn(files: readonly Buffer[]) {
  return files.flatMap((file, method) =>
    tfRecords(file).flatMap((record) => {
      const event = fieldsOf(record);
      const summary = field(event, 5);
      if (!(summary instanceof Buffer)) return [];
      const values = fieldsOf(summary).map(([, value]) => fieldsOf(value as Buffer));
      return values
        .filter((fields) => field(fields, 2) !== undefined)
        .map((fields) => {
          return [
            method,
            String(field(fields, 1)),
            field(event, 2),
            field(event, 1),
            field(fields, 2),
          ] as const;
        });
    }),
  );
}

function eventFiles(folder: string): Buffer[] {
  const files: Uint8Array[][] = [[], []];
  for (const { method, bytes } of tensorboardParts(folder)) files[method].push(bytes);
  return files.map((parts) => Buffer.concat(parts));
}

const begun = Date.parse(run.created) / 1000;

test('event files of TensorBoard hold every scalar under whole checksums', () => {
  const files = eventFiles(recorded());
  for (const file of files) {
    expect(String(field(fieldsOf(tfRecords(file)[0]), 3))).toBe('brain.Event:2');
  }
  const scalars = scalarsIn(files);
  expect(scalars).toContainEqual([0, 'loss', 0, begun, Math.fround(0.1 + 0.2)]);
  expect(scalars).toContainEqual([0, 'loss', 1, begun + 0.001, Number.NaN]);
  expect(scalars).toContainEqual([0, 'ratio', 1, begun + 0.001, 0.75]);
  expect(scalars).toContainEqual([0, 'test/accuracy', 2, begun + 0.25, 0.5]);
  expect(scalars).toContainEqual([1, 'value', 1, begun, 7]);
  expect(scalars).toHaveLength(4 + 6 + 5 + 2 + 1);
});

test('lists become histograms of their finite values, or are them', () => {
  fc.assert(
    fc.property(fc.array(anyNumber, { maxLength: 200 }), (values) => {
      const finite = values.filter(Number.isFinite);
      const histogram = histogramOf(values);
      expect(histogram === undefined).toBe(finite.length === 0);
      if (histogram === undefined) return;
      const { min, max, num, limits, counts } = histogram;
      expect([min + 0, max + 0, num]).toEqual([
        Math.min(...finite) + 0,
        Math.max(...finite) + 0,
        finite.length,
      ]);
      expect(limits).toEqual([...new Set(limits)].sort((a, b) => a - b));
      const below = (limit: number) => finite.filter((value) => value <= limit).length;
      expect(counts).toEqual(limits.map((limit, k) => below(limit) - (k === 0 ? 0 : below(limits[k - 1]))));
    }),
  );
  const shares = signedLogShares([-0.5, 2, 2, Number.NaN]);
  const { min, max, num, limits, counts } = histogramOf(shares, 'signedLog')!;
  expect(min < -0.5 && max > 2).toBe(true);
  expect(num).toBeCloseTo(0.75);
  expect(counts.filter((count) => count > 0)).toEqual([0.25, 0.5]);
  expect(limits.findIndex((limit) => limit > 2)).toBe(counts.lastIndexOf(0.5));
  expect(histogramOf(signedLogShares([]), 'signedLog')).toBeUndefined();
});

test('event files come in one archive too, one folder a method', () => {
  const folder = recorded();
  const out = directory();
  const archive = Buffer.concat([...tensorboardTar(folder)]);
  const { status, stderr } = spawnSync('tar', ['-x', '-C', out], { input: archive });
  expect([status, String(stderr)]).toEqual([0, '']);
  const paths = eventFilePaths(run);
  expect(paths.map((path) => readFileSync(join(out, path)))).toEqual(eventFiles(folder));
  expect(() => [...tarFile({ path: 'a', size: 3, changed: 0 }, [Buffer.from('ab')])]).toThrow('1 of 3 bytes');
  const long = { ...run, methods: run.methods.map((one) => ({ ...one, label: 'x'.repeat(300) })) };
  expect(new Set(eventFilePaths(long)).size).toBe(2);
});

const python = process.env.FLUXION_PYTHON ?? 'python3';
const hasTensorBoard = spawnSync(python, ['-c', 'import tensorboard']).status === 0;
if (!hasTensorBoard) {
  console.warn(
    `skipped: ${python} has no tensorboard to read our event files (set FLUXION_PYTHON to one that has)`,
  );
}

const reads = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
board = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
board.Reload()
scalars = {tag: [[e.step, e.wall_time, str(e.value)] for e in board.Scalars(tag)] for tag in board.Tags()["scalars"]}
lists = {tag: [[e.step, e.histogram_value.bucket_limit, e.histogram_value.bucket] for e in board.Histograms(tag)] for tag in board.Tags()["histograms"]}
print(json.dumps([scalars, lists]))
`;

test.skipIf(!hasTensorBoard)('TensorBoard itself reads the event files', () => {
  const folder = directory();
  const [file, second] = eventFiles(recorded());
  mkdirSync(join(folder, 'a'));
  writeFileSync(join(folder, 'a', 'events.out.tfevents.1.fluxion'), file);
  mkdirSync(join(folder, 'b'));
  writeFileSync(join(folder, 'b', 'events.out.tfevents.1.fluxion'), second);
  const read = (name: string) => {
    const { stdout, stderr } = spawnSync(python, ['-c', reads, join(folder, name)], { encoding: 'utf8' });
    expect(stdout, stderr).toMatch(/^\[/);
    return JSON.parse(stdout) as [Record<string, [number, number, string][]>, object];
  };
  const [board] = read('a');
  expect(read('b')[1]).toEqual({ spectrum: [[0, [-1.5, 3], [1, 1]]] });
  const ours = scalarsIn([file]);
  expect(Object.keys(board).sort()).toEqual([...new Set(ours.map(([, tag]) => tag))].sort());
  for (const [tag, read] of Object.entries(board)) {
    const written = ours.filter(([, one]) => one === tag);
    expect(read.map(([step, time]) => [step, time])).toEqual(
      written.map(([, , step = 0, time]) => [step, time]),
    );
    const value = (text: string) => (text === 'nan' ? Number.NaN : Number(text.replace('inf', 'Infinity')));
    expect(read.map(([, , text]) => value(text))).toEqual(written.map(([, , , , one]) => one));
  }
});

test('the command writes the file, and refuses in words what it cannot', async () => {
  const folder = recorded();
  const out = join(directory(), 'new', 'table.csv');
  expect(await runCommandLine(['export', folder, '--out', out])).toBe(0);
  expect(readFileSync(out, 'utf8')).toBe(whole('csv', folder).toString());
  const board = join(directory(), 'board');
  expect(await runCommandLine(['export', folder, '--format', 'tensorboard', '--out', board])).toBe(0);
  const label = 'a,_quoted_';
  expect(readFileSync(join(board, label, `events.out.tfevents.${begun}.fluxion`))).toEqual(
    eventFiles(folder)[0],
  );

  const log = join(folder, 'events.log');
  const bytes = readFileSync(log);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(log, bytes);
  expect(await runCommandLine(['export', folder, '--out', join(board, 'damaged.csv')])).toBe(2);
  expect(await runCommandLine(['export', board])).toBe(2);
});
