import { pipe } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../../../dashboard/record/disk/disk.js';
import { DiskError } from '../../../dashboard/record/disk/disk-error.js';
import type { RunEvent, RunStarted } from '../../../dashboard/record/events.js';
import { RunLog, readLog } from '../../../dashboard/record/log/index.js';
import { CheckpointStore } from '../../../dashboard/record/recording/checkpoint-store.js';
import { MethodRecorder } from '../../../dashboard/record/recording/method-recorder.js';
import { recordedState } from '../../../dashboard/record/recording/recorded-state.js';
import { Recorder } from '../../../dashboard/record/recording/recorder.js';
import type { RunState } from '../../../dashboard/record/run-state.js';
import { adam, fromFunction, type HostArray, Random, rosenbrock } from '../../../src/index.js';
import { type Checkpoint, gradient, lifted, train, withoutBatches } from '../../../streams/index.js';
import { type Cut, SimulatedDisk } from '../../simulation/simulated-disk.js';

const steps = 12;
const checkpointEvery = 4;
const directory = '/runs/a';
const problem = fromFunction(rosenbrock(2));

const run: RunStarted = {
  kind: 'run',
  run: 'a',
  problem: problem.name,
  created: '2026-01-01T00:00:00Z',
  seed: 1,
  steps,
  methods: [{ name: 'adam', label: 'adam', options: {}, operators: [] }],
};

/** What the log says, where there is one that has begun. */
function stateOf({ disk }: SimulatedDisk): RunState | undefined {
  return disk.existsSync(`${directory}/events.log`) ? recordedState(directory, disk) : undefined;
}

interface Told {
  /** The record has been begun. */
  begun?(): void;
  checkpoint?(step: number): void;
}

/** Races as the command does: from the start, or on from what the disk holds. Returns what it was told of failures. */
async function race(simulated: SimulatedDisk, told: Told = {}): Promise<string[]> {
  const { disk } = simulated;
  const failures: string[] = [];
  const options = { disk, onFailure: (error: Error) => void failures.push(error.message) };
  const past = stateOf(simulated);
  const store = new (class extends CheckpointStore {
    override write(label: string, checkpoint: Checkpoint): string | undefined {
      const file = super.write(label, checkpoint);
      if (file !== undefined) told.checkpoint?.(checkpoint.step);
      return file;
    }
  })(directory, options);
  makeFolder(`${directory}/checkpoints`, disk);
  const checkpoint = past && store.read('adam');
  if (past === undefined) disk.rmSync(`${directory}/events.log`, { force: true }); // cut off before its beginning
  const log = past === undefined ? RunLog.create(directory, options) : RunLog.reopen(directory, options);
  const recorder = new Recorder(log, run, past);
  told.begun?.();
  if (past?.methods[0].hasEnded !== true) {
    const record = new MethodRecorder<HostArray>(recorder, store, {
      method: 0,
      label: 'adam',
      evaluateEvery: 1e9,
      checkpointEvery,
    });
    const frames = train(problem, withoutBatches(), pipe(gradient(), lifted(adam({ learningRate: 0.1 }))), {
      seed: 1,
      steps,
      ...(checkpoint && { checkpoint }),
    });
    await new Promise<void>((resolve, reject) => {
      frames.subscribe({
        next(frame) {
          record.take(frame);
          log.flush();
        },
        error: reject,
        complete: resolve,
      });
    });
  }
  recorder.close();
  return failures;
}

/** What a race leaves, times aside. */
function left({ disk }: SimulatedDisk) {
  const timeless = ({ seconds, milliseconds, ...event }: Record<string, unknown>) => event;
  const events = Array.from(readLog(directory, { disk }), ({ event }) => event);
  const taken = events.filter(({ kind }) => kind === 'step').map((event) => timeless({ ...event }));
  return {
    steps: taken,
    outcome: events.find((event): event is Extract<RunEvent, { kind: 'outcome' }> => event.kind === 'outcome')
      ?.outcome,
    parameters: disk.readFileSync(`${directory}/adam.safetensors`).toString('hex'),
    checkpoint: new CheckpointStore(directory, { disk }).read('adam'),
  };
}

/** The process is gone with the power: its lock, if it is there, is nobody's. */
function withoutLock(simulated: SimulatedDisk): SimulatedDisk {
  simulated.disk.rmSync(`${directory}/events.lock`, { force: true });
  return simulated;
}

/** Cuts the power after every change, and says at which the race does not go on as README promises. */
async function broken(
  whole: SimulatedDisk,
  checkpoints: readonly { at: number; step: number }[],
  begun: number,
  cuts: () => Cut,
) {
  const expected = left(whole);
  const faults: string[] = [];
  for (let at = 0; at <= whole.changes.length; at++) {
    const after = withoutLock(whole.cut(at, cuts()));
    try {
      const state = stateOf(after);
      const newest = checkpoints.filter((one) => one.at <= at).at(-1)?.step ?? 0;
      if (at >= begun && state === undefined) faults.push(`${at}: no record`);
      else if ((state?.methods[0].taken ?? 0) < newest) faults.push(`${at}: less than the newest checkpoint`);
      const checkpoint = new CheckpointStore(directory, { disk: after.disk }).read('adam');
      if ((checkpoint?.step ?? 0) < newest) faults.push(`${at}: an older checkpoint`);
      await race(after);
      expect(left(after)).toStrictEqual(expected);
    } catch (error) {
      faults.push(`${at}: ${(error as Error).message.slice(0, 300)}`);
    }
  }
  return faults;
}

async function recorded(simulated = new SimulatedDisk()) {
  const checkpoints: { at: number; step: number }[] = [];
  let begun = 0;
  const failures = await race(simulated, {
    begun: () => void (begun = simulated.changes.length),
    checkpoint: (step) => void checkpoints.push({ at: simulated.changes.length, step }),
  });
  expect(failures).toStrictEqual([]);
  return { simulated, checkpoints, begun };
}

describe('a power cut after any change of the disk', () => {
  const seeded = (seed: number) => {
    const random = new Random(seed);
    return { kept: 'some', draw: () => random.uniform() } as const;
  };
  test.each([
    ['that keeps only what was synced', () => ({ kept: 'none' }) as const],
    ['that keeps all, as a killed process does', () => ({ kept: 'all' }) as const],
    ['that keeps part of what was not synced', () => seeded(1)],
    ['that keeps another part', () => seeded(2)],
  ])(
    '%s, costs nothing that stands before the newest checkpoint, and the race goes on bit for bit',
    async (_, cuts) => {
      const { simulated, checkpoints, begun } = await recorded();
      expect([begun > 0, checkpoints.map(({ step }) => step)]).toStrictEqual([true, [4, 8, 12]]);
      expect(await broken(simulated, checkpoints, begun, cuts)).toStrictEqual([]);
    },
  );
});

test.each(['sync', 'syncNames'] as const)('a disk whose %s does nothing is found out', async (forgets) => {
  const { simulated, checkpoints, begun } = await recorded(new SimulatedDisk(forgets));
  expect(await broken(simulated, checkpoints, begun, () => ({ kept: 'none' }))).not.toStrictEqual([]);
});

test('whenever the disk is full, the race comes to its end, says which file and goes on when there is room', async () => {
  const { simulated } = await recorded();
  const expected = left(simulated);
  const written = simulated.changes.reduce(
    (sum, change) => sum + (change.kind === 'write' ? change.bytes.length : 0),
    0,
  );
  const kinds = new Set<string>();
  for (let free = 0; free < written; free += 61) {
    const full = new SimulatedDisk();
    full.free = free;
    let failures: string[] | undefined;
    try {
      failures = await race(full);
    } catch (error) {
      expect(error).toBeInstanceOf(DiskError);
      expect((error as Error).message).toMatch(/^\/runs\/a\/\S+: no space is left on the disk$/);
    }
    expect(full.disk.existsSync(`${directory}/events.lock`)).toBe(false);
    full.free = Number.POSITIVE_INFINITY;
    if (failures === undefined) {
      kinds.add('not begun');
      expect(stateOf(full)).toBe(undefined);
      continue;
    }
    for (const failure of failures) {
      expect(failure).toMatch(/^\/runs\/a\/\S+: no space is left on the disk; the run goes on/);
    }
    expect(new Set(failures).size).toBe(failures.length); // each is said once
    const lost = (file: string) => failures.some((failure) => failure.startsWith(`${directory}/${file}`));
    for (const file of ['events.log', 'checkpoints/', 'adam.']) if (lost(file)) kinds.add(file);
    await race(full); // where the log is whole up to its end, nothing is left to do
    const { parameters, checkpoint, ...logged } = expected;
    if (lost('events.log')) expect(left(full)).toStrictEqual(expected);
    else if (!lost('adam.')) expect(left(full)).toMatchObject({ parameters, ...logged });
  }
  expect([...kinds].sort()).toStrictEqual(['adam.', 'checkpoints/', 'events.log', 'not begun']);
});
