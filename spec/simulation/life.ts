import { concatMap, type MonoTypeOperatorFunction, type Subscription } from 'rxjs';
import { checkRun } from '../../dashboard/cli/race/fitting-checkpoint.js';
import { makeFolder } from '../../dashboard/record/disk/disk.js';
import type { RunStarted } from '../../dashboard/record/events.js';
import { RunLog } from '../../dashboard/record/log/index.js';
import { CheckpointStore } from '../../dashboard/record/recording/checkpoint-store.js';
import { MethodRecorder } from '../../dashboard/record/recording/method-recorder.js';
import { recordedState } from '../../dashboard/record/recording/recorded-state.js';
import { Recorder } from '../../dashboard/record/recording/recorder.js';
import type { HostArray } from '../../src/index.js';
import { isRefreshed } from '../../src/transforms/refreshed.js';
import { batches, type Checkpoint, Control, type Frame, gradient, lift, train } from '../../streams/index.js';
import { inversesThatFail } from './learnt-inverse.js';
import { type Scenario, spoiling } from './scenario.js';
import type { SimulatedEnvironment } from './simulated-environment.js';
import { simulatedWorker } from './simulated-worker.js';
import { targetExamples, targets } from './targets.js';
import { Viewer } from './viewer.js';
import { directory, label, log, type World } from './world.js';

type Operator = MonoTypeOperatorFunction<Frame<HostArray>>;

/** How the streams of one process ended; `running` where they did not. */
export type Ending =
  | { readonly kind: 'running' | 'complete' | 'left' }
  | { readonly kind: 'error'; readonly error: unknown };

/** One process: it races as the command does, from the start or on from what the disk holds. */
export class Life {
  ending: Ending = { kind: 'running' };
  /** What is wrong with a frame, if anything. */
  violation: Error | undefined;
  /** What it told of the disk. */
  readonly failures: string[] = [];
  readonly examples = targetExamples();
  readonly viewer: Viewer | undefined;
  readonly firstStep: number;
  readonly #log: RunLog;
  readonly #recorder: Recorder;
  readonly #subscription: Subscription | undefined;
  #closed = false;

  /** @throws LogError, DiskError, RangeError or TypeError where what is on disk cannot be gone on from */
  constructor(readonly world: World) {
    const { scenario, disk, environment } = world;
    const options = {
      disk,
      environment,
      onFailure: (error: Error) => void this.failures.push(error.message),
    };
    const past = disk.existsSync(log) ? recordedState(directory, disk) : undefined;
    makeFolder(`${directory}/checkpoints`, disk);
    const store = told(new CheckpointStore(directory, options), world);
    const checkpoint = past && store.read(label);
    if (checkpoint !== undefined)
      checkRun(checkpoint, { seed: scenario.seed, taken: past!.methods[0].taken });
    if (past === undefined) disk.rmSync(log, { force: true });
    this.firstStep = checkpoint?.step ?? 0;
    this.#log = past === undefined ? RunLog.create(directory, options) : RunLog.reopen(directory, options);
    this.#recorder = new Recorder(this.#log, runOf(scenario), past, environment);
    if (scenario.watched) this.viewer = new Viewer(world);
    if (past?.methods[0].hasEnded !== true) this.#subscription = this.#begin(store, checkpoint);
    else this.#end({ kind: 'complete' });
  }

  get tornBytes(): number {
    return this.#log.tornBytes;
  }

  /** The process is gone: what it still would do counts for nothing. */
  discard(): void {
    this.#subscription?.unsubscribe();
  }

  #begin(store: CheckpointStore, checkpoint: Checkpoint | undefined): Subscription {
    const { scenario, environment, first, onFrame, parts } = this.world;
    const record = new MethodRecorder<HostArray>(this.#recorder, store, {
      method: 0,
      label,
      evaluateEvery: Number.POSITIVE_INFINITY,
      checkpointEvery: scenario.checkpointEvery,
    });
    const control = new Control();
    if (first) {
      for (const { at, action } of scenario.commands) environment.timer(at, () => control[action]());
    }
    const frames = train(targets, batches(this.examples, scenario.batch), this.#pipeline(), {
      seed: scenario.seed,
      steps: scenario.steps,
      sliceMilliseconds: scenario.sliceMilliseconds,
      environment,
      control,
      ...(checkpoint && { checkpoint: parts.restored(checkpoint) }),
    });
    const subscription = frames.subscribe({
      next: (frame) => {
        record.take(frame);
        try {
          if (onFrame(frame) === 'stay') return;
        } catch (error) {
          this.violation = error as Error; // RxJS would throw it later, where nobody waits for it
        }
        subscription.unsubscribe();
        this.#end({ kind: 'left' });
      },
      error: (error) => this.#end({ kind: 'error', error }),
      complete: () => this.#end({ kind: 'complete' }),
    });
    return subscription;
  }

  #pipeline(): Operator {
    const { scenario, environment, faults, onRecovery, parts } = this.world;
    const open = () => {
      const thread = simulatedWorker(environment, environment.random.fork('worker'), faults, [
        inversesThatFail,
      ]);
      return parts.workplace(thread, environment);
    };
    const operators = scenario
      .transforms(onRecovery)
      .flatMap((part, i): Operator[] => [
        isRefreshed(part) ? parts.refreshInThread(part, open) : lift(part),
        ...(scenario.detours[i] ? [detour(environment)] : []),
      ]);
    operators.splice(-1, 0, lift(spoiling(() => faults.strikes('spoiltUpdate'))));
    return (source) => operators.reduce((stream, operator) => operator(stream), gradient()(source));
  }

  #end(ending: Ending): void {
    if (this.#closed) throw new Error(`the run ended twice: ${this.ending.kind}, then ${ending.kind}`);
    this.#closed = true;
    this.ending = ending;
    if (ending.kind === 'complete') this.#recorder.close();
    else this.#log.close();
  }
}

/** A frame that is away for a moment, as by an operator that asks somebody else. */
const detour = (environment: SimulatedEnvironment): Operator =>
  concatMap(
    (frame) =>
      new Promise<Frame<HostArray>>((resolve) =>
        environment.timer(environment.random.uniform(), () => resolve(frame)),
      ),
  );

function told(store: CheckpointStore, { onCheckpoint }: World): CheckpointStore {
  const write = store.write.bind(store);
  store.write = (name, checkpoint) => {
    const file = write(name, checkpoint);
    if (file !== undefined) onCheckpoint(checkpoint.step);
    return file;
  };
  return store;
}

const runOf = ({ seed, steps }: Scenario): RunStarted => ({
  kind: 'run',
  run: 'simulated',
  problem: targets.name,
  created: '2026-01-01T00:00:00Z',
  seed,
  steps,
  methods: [{ name: label, label, options: {}, operators: [] }],
});
