import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder, nodeDisk, syncFolder } from '../disk/disk.js';
import { diskError, onFile } from '../disk/disk-error.js';
import { logName } from '../log/index.js';

/** The names inside a run's folder. */
export const recordFiles = { log: logName, checkpoints: 'checkpoints' } as const;

/** Where records lie by default. */
export const runsFolder = 'runs';

/**
 * Makes the folder of a new record, `runs/<time>-<problem>` unless told otherwise.
 *
 * @throws RangeError, in the name of the argument, where something stands there already
 */
export function makeRunDirectory(
  argument: string,
  folder: string | undefined,
  problem: string,
  created: Date,
): string {
  const directory =
    folder === undefined ? freeFolder(join(runsFolder, runName(problem, created))) : resolve(folder);
  if (existsSync(directory) && (!statSync(directory).isDirectory() || readdirSync(directory).length > 0)) {
    throw new RangeError(
      `${argument}: expected a new or empty folder, got ${directory}, which holds something; ` +
        `choose another, or go on with the race in it by fluxion race --resume ${folder}`,
    );
  }
  onFile(directory, () => makeFolder(join(directory, recordFiles.checkpoints), nodeDisk));
  return directory;
}

/** A new folder of this name, or, where races began in the same second, with a number behind it. */
function freeFolder(name: string): string {
  const around = dirname(name);
  onFile(resolve(around), () => makeFolder(around, nodeDisk));
  for (let copy = 1; ; copy++) {
    const directory = resolve(copy === 1 ? name : `${name}-${copy}`);
    try {
      mkdirSync(directory); // two processes cannot both make it
      syncFolder(around, nodeDisk);
      return directory;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw diskError(error, directory);
    }
  }
}

/** Takes a folder made in vain away again, and `runs` where nothing else is in it. */
export function discardRunDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  const parent = dirname(directory);
  if (basename(parent) === runsFolder && readdirSync(parent).length === 0) rmdirSync(parent);
}

/**
 * The record in a folder: the folder itself, or the latest of the records inside it.
 *
 * @throws RangeError, in the name of the argument, where there is none
 */
export function findRecord(argument: string, folder: string): string {
  const directory = resolve(folder);
  const isRecord = (path: string) => existsSync(join(path, recordFiles.log));
  if (isRecord(directory)) return directory;
  const inside = existsSync(directory) && statSync(directory).isDirectory() ? readdirSync(directory) : [];
  const records = inside.map((name) => join(directory, name)).filter(isRecord);
  const age = (path: string) => statSync(join(path, recordFiles.log)).mtimeMs;
  const [latest] = records.sort((a, b) => age(b) - age(a));
  if (latest !== undefined) return latest;
  throw new RangeError(
    `${argument}: expected the folder of a record, got '${folder}', which holds no ${recordFiles.log}; ` +
      'a race writes one, by default under runs/',
  );
}

function runName(problem: string, created: Date): string {
  const time = created.toISOString().slice(0, 19).replaceAll(':', '-');
  return `${time}-${problem.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '')}`;
}
