import { appendFileSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { DiskError, isSystemError } from '../disk/disk-error.js';
import { writeWhole } from '../disk/whole-files.js';
import { logName } from '../log/index.js';
import type { RunLabels } from './labels.js';
import { deletedFolder, labelsChanged, readLabels } from './run-labels.js';
import { type RunSummary, runSummary } from './run-summary.js';

/** A run as a list shows it. */
export type ListedRun = RunSummary & RunLabels;

export const indexName = '.fluxion-runs.jsonl';
const header = `${JSON.stringify({ fluxion: 'runs', version: 1 })}\n`;
/** Runs lie in the folder or, where somebody sorted them, so many folders below. */
const deepest = 3;
/** So many summaries are written at once: who ends a long list loses no more of it. */
const writtenTogether = 100;

/** A run's log as it was when it was summed up. */
interface Entry {
  readonly path: string;
  readonly size: number;
  readonly changed: number;
  readonly labelled: number;
  readonly run: ListedRun;
}

/**
 * All runs below a folder, the newest first.
 *
 * What was read of a log is kept in the folder's index, a line of JSON a run; where it is lost, damaged or of another
 * version, or the log has changed since, it is read anew. It is a file of lines and not a database: a list shows every
 * run, so all of it is read each time, and to add a line is all that is ever changed.
 */
export class RunIndex {
  #known = new Map<string, Entry>();
  #isRead = false;
  /** Whether lines may be added to the file that is there. */
  #isWhole = false;

  constructor(readonly folder: string) {}

  /** The runs as they are now. A folder that is not there has none. */
  list(): ListedRun[] {
    const steps = this.renew();
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  }

  /** As `list`, in small parts: it pauses after each log that it had to read. */
  *renew(): Generator<undefined, ListedRun[]> {
    if (!this.#isRead) this.#read();
    const found = new Map<string, Entry>();
    const fresh: Entry[] = [];
    for (const { path, log } of runsBelow(this.folder)) {
      const entry = this.#entry(path, log);
      found.set(path, entry);
      if (entry === this.#known.get(path)) continue;
      if (isSettled(entry.run)) fresh.push(entry);
      yield undefined;
      if (fresh.length === writtenTogether) this.#add(fresh.splice(0));
    }
    const gone = [...this.#known.keys()].some((path) => !found.has(path));
    this.#known = found;
    if (gone) this.#writeAll();
    else this.#add(fresh);
    return [...found.values()].map(({ run }) => run).sort((a, b) => byAge(b, a));
  }

  #entry(path: string, { size, mtimeMs: changed }: Stats): Entry {
    const directory = join(this.folder, path);
    const labelled = labelsChanged(directory);
    const known = this.#known.get(path);
    const isSame = known?.size === size && known.changed === changed && known.labelled === labelled;
    if (isSame && isSettled(known.run)) return known;
    return {
      path,
      size,
      changed,
      labelled,
      run: { ...runSummary(directory, path), ...readLabels(directory) },
    };
  }

  #read(): void {
    this.#isRead = true;
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch {
      return; // there is none yet, or it cannot be read: the logs can
    }
    if (!text.startsWith(header)) return;
    this.#isWhole = text.endsWith('\n');
    for (const line of text.slice(header.length).split('\n')) {
      try {
        const entry = JSON.parse(line) as Entry;
        if (typeof entry.path === 'string' && entry.run?.path === entry.path)
          this.#known.set(entry.path, entry);
      } catch {
        // a line half-written: its log is read anew
      }
    }
  }

  #add(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    if (this.#isWhole) this.#write(() => appendFileSync(this.#path, lines(entries)));
    else this.#writeAll(entries);
  }

  #writeAll(more: readonly Entry[] = []): void {
    const all = [...this.#known.values(), ...more].filter(({ run }) => isSettled(run));
    this.#write(() => writeWhole(this.#path, Buffer.from(header + lines(all))));
    this.#isWhole = true;
  }

  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      // A folder that is only read has no index: each list reads the logs again.
      if (!(error instanceof DiskError || isSystemError(error))) throw error;
    }
  }

  get #path(): string {
    return join(this.folder, indexName);
  }
}

const lines = (entries: readonly Entry[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

/** Whether the log alone says how the run stands: one under way may end without a word in it. */
const isSettled = ({ standing }: RunSummary) => standing !== 'running' && standing !== 'paused';

const byAge = (a: ListedRun, b: ListedRun) =>
  a.created < b.created ? -1 : a.created > b.created ? 1 : a.path < b.path ? -1 : 1;

interface Found {
  readonly path: string;
  readonly log: Stats;
}

function* runsBelow(folder: string, path = '', depth = 1): Generator<Found, void> {
  let names: string[];
  try {
    names = readdirSync(join(folder, path));
  } catch {
    return; // a file, or gone
  }
  for (const name of names) {
    if (name.startsWith('.')) continue;
    const below = join(path, name);
    const log = logOf(join(folder, below));
    if (log !== undefined) yield { path: below, log };
    else if (depth < deepest) yield* runsBelow(folder, below, depth + 1);
  }
}

function logOf(directory: string): Stats | undefined {
  try {
    return statSync(join(directory, logName), { throwIfNoEntry: false });
  } catch {
    return undefined; // a file stands there, or nobody may look
  }
}

/** The runs that were deleted and can be had back, by their paths. */
export function deletedRuns(folder: string): string[] {
  return Array.from(runsBelow(join(folder, deletedFolder)), ({ path }) => path);
}
