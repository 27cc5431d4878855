import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Puts a file in its place at once: after a crash the old one or the new one is there, whole. Waits for the
 * disk. Where writing fails, nothing is left behind.
 */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const fresh = `${path}.${process.pid}.new`;
  try {
    const file = openSync(fresh, 'w');
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  waitForName(dirname(path));
}

/** The new name is on disk once the directory is; Windows cannot open one, and needs no such care. */
function waitForName(directory: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(directory, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
