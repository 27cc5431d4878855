import * as fs from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * What the record asks of a file system: a few functions of node:fs.
 *
 * It is passed in, so that tests may cut the power at any of these calls, or fill the disk.
 */
export type Disk = Pick<
  typeof fs,
  | 'closeSync'
  | 'existsSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'renameSync'
  | 'rmSync'
  | 'statSync'
  | 'writeSync'
> & {
  /** Which process it is that writes here; the one that runs, where it does not say. */
  readonly writer?: Writer;
};

/** A process. `started` tells it from a later one with its number, where the system says. */
export interface Writer {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

export const nodeDisk: Disk = fs;

/**
 * Waits until the names in a folder are on disk: a file that is synced may still have none there. Windows cannot
 * open a folder, and needs no such care.
 */
export function syncFolder(folder: string, disk: Disk): void {
  if (process.platform === 'win32') return;
  const file = disk.openSync(folder, 'r');
  try {
    disk.fsyncSync(file);
  } finally {
    disk.closeSync(file);
  }
}

/** Makes a folder and those around it that are missing; all their names are on disk afterwards. */
export function makeFolder(folder: string, disk: Disk): void {
  const first = disk.mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  const above = dirname(resolve(first));
  for (let path = resolve(folder); path !== above; path = dirname(path)) syncFolder(dirname(path), disk);
}
