import { dirname } from 'node:path';
import { type Disk, nodeDisk, syncFolder } from './disk.js';
import { DiskError, onFile } from './disk-error.js';

/**
 * Puts a file in its place at once: after a crash the old one or the new one is there, whole. Waits for the
 * disk. Where writing fails, nothing is left behind.
 *
 * @throws DiskError naming the file
 */
export function writeWhole(path: string, bytes: Uint8Array, disk: Disk = nodeDisk): void {
  const fresh = `${path}.${disk.writer?.pid ?? process.pid}.new`;
  onFile(path, () => {
    try {
      const file = disk.openSync(fresh, 'w');
      try {
        for (let done = 0; done < bytes.length; ) {
          done += disk.writeSync(file, bytes, done, bytes.length - done, done);
        }
        disk.fsyncSync(file);
      } finally {
        disk.closeSync(file);
      }
      disk.renameSync(fresh, path);
    } catch (error) {
      disk.rmSync(fresh, { force: true });
      throw error;
    }
    syncFolder(dirname(path), disk);
  });
}

/** @throws DiskError where there is no file that can be read, such as a folder or a pipe, which would never end */
export function readWhole(path: string, disk: Disk = nodeDisk): Buffer {
  checkFile(path, disk);
  return onFile(path, () => disk.readFileSync(path));
}

/** @throws DiskError where something other than a file stands there, or nothing */
export function checkFile(path: string, disk: Disk = nodeDisk): void {
  const stat = onFile(path, () => disk.statSync(path));
  if (stat.isFile()) return;
  const what = stat.isDirectory() ? 'a folder' : stat.isFIFO() ? 'a pipe' : 'a device';
  throw new DiskError(`${path}: expected a file, but ${what} stands there`);
}
