import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DiskError, onFile } from '../disk/disk-error.js';
import { readWhole, writeWhole } from '../disk/whole-files.js';
import { isBeingWritten } from '../log/index.js';
import { checkedLabels, noLabels, type RunLabels } from './labels.js';

export const labelsName = 'labels.json';
/** Where runs lie that were deleted and can be had back. */
export const deletedFolder = '.deleted';

/** The labels of a run; none where there are none, or where the file holds something else. */
export function readLabels(directory: string): RunLabels {
  const path = join(directory, labelsName);
  if (!existsSync(path)) return noLabels;
  try {
    return checkedLabels(JSON.parse(readWhole(path).toString()));
  } catch (error) {
    if (error instanceof DiskError || error instanceof SyntaxError || error instanceof TypeError)
      return noLabels;
    throw error;
  }
}

/**
 * Changes some of a run's labels and leaves the others.
 *
 * @throws TypeError naming what is wrong; DiskError where they cannot be written
 */
export function changeLabels(directory: string, change: Partial<RunLabels>): RunLabels {
  const labels = checkedLabels({ ...readLabels(directory), ...change });
  writeWhole(join(directory, labelsName), Buffer.from(`${JSON.stringify(labels, null, 2)}\n`));
  return labels;
}

/**
 * Takes a run out of its folder's list; `restoreRun` takes it back.
 *
 * @throws RangeError where it is being written, or there is none
 */
export function deleteRun(folder: string, path: string): void {
  const from = join(folder, path);
  if (isBeingWritten(from)) throw new RangeError(`${from}: is being written; stop it first`);
  move(from, join(folder, deletedFolder, path));
}

/** @throws RangeError where no such run was deleted, or another has its place */
export function restoreRun(folder: string, path: string): void {
  move(join(folder, deletedFolder, path), join(folder, path));
}

/** Deletes for good all that was deleted before. */
export function emptyDeleted(folder: string): void {
  rmSync(join(folder, deletedFolder), { recursive: true, force: true });
}

function move(from: string, to: string): void {
  if (!existsSync(from)) throw new RangeError(`${from}: there is no such run`);
  if (existsSync(to)) throw new RangeError(`${to}: another run has this place`);
  onFile(from, () => {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  });
}

/** When the labels were changed last, in milliseconds; 0 where there are none. */
export function labelsChanged(directory: string): number {
  return statSync(join(directory, labelsName), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
