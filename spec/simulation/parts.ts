import type { Disk } from '../../dashboard/record/disk/disk.js';
import type { ServeOptions } from '../../dashboard/server/serve.js';
import { type Checkpoint, type Environment, refreshInThread, type Workplace } from '../../streams/index.js';
import type { SimulatedEnvironment } from './simulated-environment.js';

/** The places where a wrong variant can stand for ours, so that a simulation can be seen to find it. */
export interface Parts {
  refreshInThread: typeof refreshInThread;
  disk(disk: Disk): Disk;
  restored(checkpoint: Checkpoint): Checkpoint;
  workplace(workplace: Workplace, environment: SimulatedEnvironment): Workplace;
  /** What a page says when a connection opens. */
  hello(text: string): string;
  /** The clock by which the record tells its times. */
  recordersClock(environment: SimulatedEnvironment): Environment;
  /** What the server grants otherwise than it should. */
  readonly granted: Partial<ServeOptions>;
}

export const ours: Parts = {
  refreshInThread,
  disk: (disk) => disk,
  restored: (checkpoint) => checkpoint,
  workplace: (workplace) => workplace,
  hello: (text) => text,
  recordersClock: (environment) => environment,
  granted: {},
};

/** Wrong variants, each by a mistake that looks right as long as nothing goes wrong. */
export const mistakes: Readonly<Record<string, Parts>> = {
  'the log is not synced before a checkpoint refers to it': {
    ...ours,
    disk(disk) {
      const logs = new Set<number>();
      return {
        ...disk,
        openSync: ((path: string, flags: string) => {
          const file = disk.openSync(path, flags);
          if (path.endsWith('events.log')) logs.add(file);
          else logs.delete(file);
          return file;
        }) as Disk['openSync'],
        fsyncSync: (file) => {
          if (!logs.has(file)) disk.fsyncSync(file);
        },
      };
    },
  },
  'a write is taken for whole': {
    ...ours,
    disk: (disk) => ({
      ...disk,
      writeSync: ((file: number, bytes: Uint8Array, offset: number, length: number, position: number) => {
        disk.writeSync(file, bytes, offset, length, position);
        return length;
      }) as Disk['writeSync'],
    }),
  },
  'the data begin anew after a restart': {
    ...ours,
    restored: (checkpoint) => ({
      ...checkpoint,
      batches: { ...(checkpoint.batches as object), epoch: 0, at: 0 },
    }),
  },
  'work that is late is given up': {
    ...ours,
    workplace: (workplace, environment) => ({
      work: (name, request) =>
        Promise.race([
          workplace.work(name, request),
          new Promise<null[]>((resolve) => environment.timer(100, () => resolve([null]))),
        ]),
      close: () => workplace.close(),
    }),
  },
  'a dead thread is passed over': {
    ...ours,
    workplace: (workplace) => ({
      work: (name, request) => workplace.work(name, request).catch(() => [null]),
      close: () => workplace.close(),
    }),
  },
  'a page that comes again says one event too many': {
    ...ours,
    hello: (text) => text.replace(/"lastSeq":([1-9]\d*)/, (_, seq) => `"lastSeq":${Number(seq) + 1}`),
  },
  'the server does not ask whether its clients are still there': {
    ...ours,
    granted: { pingMilliseconds: Number.POSITIVE_INFINITY },
  },
  'the server waits for no client': {
    ...ours,
    granted: { backlog: { full: Number.POSITIVE_INFINITY, tooMuch: Number.POSITIVE_INFINITY } },
  },
  'the server lets everybody be silent': { ...ours, granted: { greetingMilliseconds: 1e9 } },
};

/** Mistakes that only a race shows. */
export const mistakesOfRaces: Readonly<Record<string, Parts>> = {
  'the record tells its times by the calendar': {
    ...ours,
    recordersClock: (environment) => ({
      now: () => environment.date().getTime(),
      date: () => environment.date(),
      microtask: (task) => environment.microtask(task),
      macrotask: (task) => environment.macrotask(task),
      timer: (milliseconds, task, inBackground) => environment.timer(milliseconds, task, inBackground),
      pending: () => environment.pending(),
      randomBytes: (count) => environment.randomBytes(count),
    }),
  },
  'a checkpoint keeps its step and forgets its states': {
    ...ours,
    restored: (checkpoint) => ({ ...checkpoint, pipeline: [], slots: [] }),
  },
  'a write is taken for whole': mistakes['a write is taken for whole'],
  'a page that comes again says one event too many':
    mistakes['a page that comes again says one event too many'],
};
