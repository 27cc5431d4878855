import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { onFile } from '../../record/disk/disk-error.js';
import { eventFilePaths, fileFormats, tensorboardParts } from '../../record/export/index.js';
import { LogError, LogReader } from '../../record/log/index.js';
import { findRecord } from '../../record/recording/run-directory.js';
import { asMisuse, blamingInput, Misuse } from '../arguments/misuse.js';
import { exitCodes } from './exit-codes.js';

export const exportFormats = [...Object.keys(fileFormats), 'tensorboard'] as const;

export interface ExportOptions {
  readonly format: string;
  readonly out?: string;
}

/** `fluxion export`; returns the exit code. */
export function exportCommand(folder: string, { format, out }: ExportOptions): number {
  const directory = blamingInput(() => findRecord('export(dir)', folder));
  try {
    if (format === 'tensorboard') writeEventFiles(directory, out ?? `${basename(directory)}-tensorboard`);
    else if (out === '-') printed(directory, fileFormat(format));
    else writeFile(directory, fileFormat(format), out);
  } catch (error) {
    throw error instanceof LogError ? asMisuse(error, 'export(dir): ') : error;
  }
  return exitCodes.done;
}

type Format = (typeof fileFormats)[keyof typeof fileFormats];

function fileFormat(name: string): Format {
  if (!Object.hasOwn(fileFormats, name))
    throw new Misuse(`--format: expected one of ${exportFormats.join(', ')}, got '${name}'`);
  return fileFormats[name as keyof typeof fileFormats];
}

function printed(directory: string, { pieces }: Format): void {
  for (const piece of pieces(directory)) {
    const bytes = Buffer.from(piece);
    for (let done = 0; done < bytes.length; ) done += written(1, bytes, done);
  }
}

/** A pipe that is full takes nothing for a while. */
function written(file: number, bytes: Uint8Array, from: number): number {
  try {
    return writeSync(file, bytes, from);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') process.exit(exitCodes.done); // whoever read it has enough
    if (code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    return 0;
  }
}

/** A file that is written beside its place and put there whole. */
function writeFile(directory: string, { ending, pieces }: Format, out?: string): void {
  const path = resolve(out ?? `${basename(directory)}.${ending}`);
  const fresh = `${path}.${process.pid}.new`;
  onFile(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(fresh, 'w');
    try {
      for (const piece of pieces(directory)) writeAll(file, Buffer.from(piece));
      renameSync(fresh, path);
    } finally {
      closeSync(file);
      rmSync(fresh, { force: true });
    }
  });
  process.stdout.write(`${path}\n`);
}

/** One folder a method, which TensorBoard takes for a run, each with one event file. */
function writeEventFiles(directory: string, out: string): void {
  const reader = new LogReader(directory);
  const { run } = reader;
  reader.close();
  if (run === undefined) throw new Misuse(`export(dir): nothing has been written to ${directory} yet`);
  const paths = eventFilePaths(run).map((path) => join(resolve(out), path));
  const files = paths.map((path) =>
    onFile(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      return openSync(path, 'w'); // written anew: the same record makes the same file
    }),
  );
  const waiting = paths.map((): Uint8Array[] => []);
  const sizes = paths.map(() => 0);
  const flush = (method: number) => {
    onFile(paths[method], () => writeAll(files[method], Buffer.concat(waiting[method])));
    waiting[method] = [];
    sizes[method] = 0;
  };
  try {
    for (const { method, bytes } of tensorboardParts(directory)) {
      waiting[method].push(bytes);
      sizes[method] += bytes.length;
      if (sizes[method] > 1 << 18) flush(method);
    }
    for (let method = 0; method < files.length; method++) flush(method);
  } finally {
    for (const file of files) closeSync(file);
  }
  process.stdout.write(`${resolve(out)}\nLook at it by: tensorboard --logdir ${out}\n`);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
