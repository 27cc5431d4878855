import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../../src/index.js';
import { DiskError } from '../disk/disk-error.js';
import type { MethodResult, RunStarted } from '../events.js';
import { isBeingWritten, LogError, LogReader, logName } from '../log/index.js';
import { type ShownOptions, shownOptions } from './shown-options.js';

/** How a run stands: under way, whole, without its last event, or not to be read. */
export type Standing = 'running' | 'paused' | 'ended' | 'cut off' | 'unreadable';

/** What a list of runs says of one. All of it follows from the log, and all of it is JSON as it stands. */
export interface RunSummary {
  /** The folder, from that of the list on: how the run is called to open, change or delete it. */
  readonly path: string;
  readonly standing: Standing;
  readonly problem: string;
  /** ISO 8601. */
  readonly created: string;
  readonly seed: number;
  /** The most steps a method may take, where there is a most. */
  readonly steps?: number;
  readonly batch?: number;
  readonly backend?: string;
  /** How long it has run. */
  readonly seconds: number;
  readonly methods: readonly MethodSummary[];
  /** What is wrong with the log. */
  readonly fault?: string;
}

export interface MethodSummary {
  readonly name: string;
  readonly label: string;
  readonly seed?: number;
  /** Of a race over several seeds: what its runs under all seeds share. */
  readonly contestant?: string;
  /** Its options by name, those of a part as `search.c2`. */
  readonly options: ShownOptions;
  readonly steps: number;
  readonly outcome?: Outcome['kind'];
  /** The lowest value, or the lowest training loss averaged over a bucket of `line`. */
  readonly best?: number;
  /** The best on data not trained on. */
  readonly accuracy?: number;
  readonly testLoss?: number;
  /** The loss or value, the means of equal stretches of steps; null where none of a stretch is finite. */
  readonly line: readonly (number | null)[];
}

/** Into so many stretches the steps of a method are put, less a few where they do not come out even. */
const stretches = 24;
/** Of the evaluations and controls no more than this are looked at, from the newest back. */
const mostLooked = 2_000;

/** Reads what a list says of the run in `directory`; a run that cannot be read is one that says why. */
export function runSummary(directory: string, path: string): RunSummary {
  try {
    const reader = new LogReader(directory);
    try {
      return summaryOf(reader, directory, path);
    } finally {
      reader.close();
    }
  } catch (error) {
    if (!(error instanceof LogError || error instanceof DiskError || error instanceof RangeError))
      throw error;
    return unreadable(directory, path, error.message);
  }
}

function unreadable(directory: string, path: string, fault: string): RunSummary {
  const written = statSync(join(directory, logName), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const created = new Date(written).toISOString();
  return {
    path,
    standing: 'unreadable',
    problem: '',
    created,
    seed: 0,
    seconds: 0,
    methods: [],
    fault,
  };
}

function summaryOf(reader: LogReader, directory: string, path: string): RunSummary {
  const { run, fault } = reader;
  const isWritten = isBeingWritten(directory);
  if (run === undefined) {
    if (isWritten)
      return { ...unreadable(directory, path, 'nothing has been written yet'), standing: 'running' };
    return unreadable(directory, path, fault?.message ?? 'the log ends before it begins');
  }
  const methods = methodsOf(reader, run);
  const result = newest(reader, 'result');
  const begun = newest(reader, 'run');
  const { problem, created, seed, steps, batch, backend } = begun?.event.kind === 'run' ? begun.event : run; // as it was resumed
  const isEnded = result !== undefined && (begun === undefined || result.seq > begun.seq);
  const isPaused = pausedBy(reader);
  return {
    path,
    standing: fault
      ? 'unreadable'
      : isWritten
        ? isPaused
          ? 'paused'
          : 'running'
        : isEnded
          ? 'ended'
          : 'cut off',
    problem,
    created,
    seed,
    ...(Number.isFinite(steps) && { steps }),
    ...(batch !== undefined && { batch }),
    ...(backend !== undefined && { backend }),
    seconds: secondsOf(reader, run),
    methods,
    ...(fault && { fault: fault.message }),
  };
}

/** Whether the newest control that says so paused the run. */
function pausedBy(reader: LogReader): boolean {
  for (const { event } of looked(reader, 'control')) {
    if (event.kind !== 'control' || event.action === 'checkpoint' || event.action === 'adjust') continue;
    return event.action === 'pause' || event.action === 'step';
  }
  return false;
}

function newest(reader: LogReader, kind: Parameters<LogReader['history']>[0]) {
  return reader.history(kind).next().value ?? undefined;
}

function methodsOf(reader: LogReader, run: RunStarted): MethodSummary[] {
  const outcomes = new Map<number, Outcome['kind']>();
  for (const { event } of looked(reader, 'outcome')) {
    if (event.kind === 'outcome' && !outcomes.has(event.method))
      outcomes.set(event.method, event.outcome.kind);
  }
  const tested = new Map<number, { accuracy?: number; testLoss: number }>();
  for (const { event } of looked(reader, 'evaluation')) {
    if (event.kind !== 'evaluation') continue;
    const { accuracy, testLoss } = tested.get(event.method) ?? { testLoss: Number.POSITIVE_INFINITY };
    tested.set(event.method, {
      testLoss: Math.min(testLoss, Number.isNaN(event.loss) ? testLoss : event.loss),
      ...(event.accuracy !== undefined && { accuracy: Math.max(accuracy ?? 0, event.accuracy) }),
    });
  }
  const result = newest(reader, 'result')?.event;
  const results = result?.kind === 'result' ? result.methods : [];
  return run.methods.map(({ name, label, seed, contestant, options }, i) => {
    const { accuracy, testLoss } = tested.get(i) ?? {};
    const [line, taken] = lineOf(reader, i);
    const best = lowest([...line.filter((mean) => mean !== null), ...reached(results[i])]);
    const outcome = outcomes.get(i);
    return {
      name,
      label,
      ...(seed !== undefined && { seed, contestant }),
      options: shownOptions(options),
      steps: Math.max(taken, results[i]?.steps ?? 0),
      ...(outcome && { outcome }),
      ...(best !== undefined && { best }),
      ...(accuracy !== undefined && { accuracy }),
      ...(testLoss !== undefined && Number.isFinite(testLoss) && { testLoss }),
      line,
    };
  });
}

/** The value a method on a function ended with; of a model the losses say more than their smoothed end. */
function reached(result: MethodResult | undefined): number[] {
  return result?.value === undefined ? [] : [result.value];
}

function lowest(values: readonly number[]): number | undefined {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? undefined : Math.min(...finite);
}

/** The means of the losses of a method, and how many steps it took; neither reads more of a long log. */
function lineOf(reader: LogReader, method: number): [line: (number | null)[], steps: number] {
  if (!reader.methods().includes(method)) return [[], 0];
  const [first, end] = reader.extent(method);
  const { mean } = reader.summary(method, 'loss', first, end, stretches);
  const { step, values } = reader.summary(method, 'milliseconds', Math.max(first, end - 32), end, 64);
  const last = step.length - 1;
  const line = Array.from(mean, (one) => (Number.isFinite(one) ? Number(one.toPrecision(4)) : null));
  return [line, last < 0 ? 0 : step[last] + values[last]];
}

function secondsOf(reader: LogReader, run: RunStarted): number {
  const seconds = run.methods.map((_, i) => {
    if (!reader.methods().includes(i)) return 0;
    const [first, end] = reader.extent(i);
    return Math.max(0, ...reader.summary(i, 'seconds', Math.max(first, end - 32), end, 64).max);
  });
  const result = newest(reader, 'result')?.event;
  return Math.max(0, ...seconds.filter(Number.isFinite), result?.kind === 'result' ? result.seconds : 0);
}

function* looked(reader: LogReader, kind: 'outcome' | 'evaluation' | 'control') {
  let count = 0;
  for (const entry of reader.history(kind)) {
    if (count++ === mostLooked) return;
    yield entry;
  }
}
