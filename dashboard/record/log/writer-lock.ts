import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LogError } from './log-format.js';

const lockName = 'events.lock';

/** Who writes a log. `started` tells a process from a later one with its number, where the system says. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

/**
 * Makes this process the one writer of a run's log; the lock of a process that is gone is taken over.
 *
 * @throws LogError naming the process that writes it
 * @returns what gives the lock back
 */
export function lockLog(directory: string): () => void {
  const path = join(directory, lockName);
  const own = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) });
  for (;;) {
    try {
      writeFileSync(path, own, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const text = read(path);
    if (text === null) continue; // given back just now
    if (isAlive(text)) throw inUse(directory, text);
    removeStale(path, text);
  }
  return () => rmSync(path, { force: true });
}

/** Whether a process that is alive writes the log of this run. */
export function isBeingWritten(directory: string): boolean {
  const path = join(directory, lockName);
  const text = read(path);
  return text !== null && isAlive(text);
}

/** Two processes may find one stale lock: what was moved away is put back if it was not that lock. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (read(aside) === stale) rmSync(aside, { force: true });
  else renameSync(aside, path);
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

function parse(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isInteger(holder?.pid) ? holder : null;
  } catch {
    return null;
  }
}

/** When a process was started, in the words of Linux: the boot, and ticks since then. '' elsewhere. */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  const boot = read('/proc/sys/kernel/random/boot_id');
  if (stat === null || boot === null) return '';
  return `${boot.trim()} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
