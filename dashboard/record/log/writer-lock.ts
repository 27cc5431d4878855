import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Disk, nodeDisk, type Writer } from '../disk/disk.js';
import { DiskError, isSystemError, onFile } from '../disk/disk-error.js';
import { readWhole } from '../disk/whole-files.js';
import { LogError } from './log-format.js';

const lockName = 'events.lock';
/** A link that leads nowhere is in the way for ever. */
const mostTries = 100;

/**
 * Makes this process the one writer of a run's log; the lock of a process that is gone is taken over.
 *
 * @throws LogError naming the process that writes it; DiskError where there can be no lock
 * @returns what gives the lock back
 */
export function lockLog(directory: string, disk: Disk = nodeDisk): () => void {
  const path = join(directory, lockName);
  const { pid } = process;
  const own = JSON.stringify(disk.writer ?? { pid, host: hostname(), started: startOf(pid) });
  for (let tries = 0; tries < mostTries; tries++) {
    if (onFile(path, () => isMade(path, own, disk))) return () => disk.rmSync(path, { force: true });
    const text = readLock(path, disk);
    if (text === null) continue; // given back just now
    if (isAlive(text)) throw inUse(directory, text);
    onFile(path, () => removeStale(path, text, disk));
  }
  throw new DiskError(`${path}: cannot be made, yet nothing can be read there; delete it`);
}

/** Whether a process that is alive writes the log of this run. */
export function isBeingWritten(directory: string, disk: Disk = nodeDisk): boolean {
  try {
    const text = readLock(join(directory, lockName), disk);
    return text !== null && isAlive(text);
  } catch (error) {
    if (error instanceof DiskError) return false; // something else stands there: it is no lock
    throw error;
  }
}

/** Makes the lock; false where there is one already. One that cannot be filled is no lock, and is taken away. */
function isMade(path: string, text: string, disk: Disk): boolean {
  let file: number;
  try {
    file = disk.openSync(path, 'wx');
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false;
    throw error;
  }
  try {
    const bytes = Buffer.from(text);
    disk.writeSync(file, bytes, 0, bytes.length, 0);
  } catch (error) {
    disk.rmSync(path, { force: true });
    throw error;
  } finally {
    disk.closeSync(file);
  }
  return true;
}

/** What the lock says, null where there is none. */
function readLock(path: string, disk: Disk): string | null {
  try {
    return readWhole(path, disk).toString();
  } catch (error) {
    if (
      isSystemError((error as Error).cause) &&
      ((error as Error).cause as NodeJS.ErrnoException).code === 'ENOENT'
    )
      return null;
    throw error;
  }
}

/** Two processes may find one stale lock: what was moved away is put back if it was not that lock. */
function removeStale(path: string, stale: string, disk: Disk): void {
  const aside = `${path}.${disk.writer?.pid ?? process.pid}`;
  try {
    disk.renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readLock(aside, disk) === stale) disk.rmSync(aside, { force: true });
  else disk.renameSync(aside, path);
}

function isAlive(text: string): boolean {
  const holder = parse(text);
  if (holder === null) return false; // torn while it was written
  if (holder.host !== hostname()) return true; // cannot be told from here
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return holder.started === startOf(holder.pid);
}

function inUse(directory: string, text: string): LogError {
  const holder = parse(text);
  return new LogError(
    `${directory}: process ${holder?.pid} on ${holder?.host} writes this run; ` +
      `if it is gone, delete ${join(directory, lockName)}`,
  );
}

function parse(text: string): Writer | null {
  try {
    const holder = JSON.parse(text) as Writer;
    return Number.isInteger(holder?.pid) ? holder : null;
  } catch {
    return null;
  }
}

/** When a process was started, in the words of Linux: the boot, and ticks since then. '' elsewhere. */
function startOf(pid: number): string {
  const stat = told(`/proc/${pid}/stat`);
  const boot = told('/proc/sys/kernel/random/boot_id');
  if (stat === null || boot === null) return '';
  return `${boot.trim()} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}

/** What the system says of itself, null where it does not. */
function told(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
