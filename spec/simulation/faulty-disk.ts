import type { Disk } from '../../dashboard/record/disk/disk.js';
import type { Faults } from './faults.js';
import type { SimulatedDisk } from './simulated-disk.js';

/** Writes that a full disk refuses before there is room again. */
const refusals = 3;

/**
 * A simulated disk as one process meets it: it takes less than it is given, is full for a while, and may lie.
 *
 * @param powerCut told after which change the power went; what comes later counts for nothing
 */
export function faultyDisk(simulated: SimulatedDisk, faults: Faults, powerCut: (at: number) => void): Disk {
  const { disk } = simulated;
  let refused = 0;
  const mayBeLast = () => {
    if (faults.strikes('powerCut')) powerCut(simulated.changes.length);
  };
  const functions = {
    ...disk,
    writer: { pid: 1, host: 'simulated', started: '' }, // of the process that simulates nothing may show
    renameSync(from: string, to: string): void {
      disk.renameSync(from, to);
      mayBeLast();
    },
    writeSync(file: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
      if (refused > 0 || faults.strikes('fullDisk')) {
        refused = (refused + 1) % refusals;
        throw Object.assign(new Error('ENOSPC: simulated'), { code: 'ENOSPC', syscall: 'write' });
      }
      const most = faults.strikes('shortWrite')
        ? 1 + Math.floor(faults.share('shortWrite') * length)
        : length;
      const written = disk.writeSync(file, bytes, offset, Math.min(most, length), position);
      mayBeLast();
      return written;
    },
    fsyncSync(file: number): void {
      mayBeLast();
      if (!faults.strikes('lyingSync')) disk.fsyncSync(file);
    },
  };
  return functions as Disk;
}
