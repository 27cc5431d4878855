import type { Subscription } from 'rxjs';
import { Acting } from '../../../dashboard/cli/race/acting.js';
import { checkpointFor } from '../../../dashboard/cli/race/branch.js';
import { describeRun } from '../../../dashboard/cli/race/describe-run.js';
import { checkPipeline, checkRun } from '../../../dashboard/cli/race/fitting-checkpoint.js';
import { raceEvents } from '../../../dashboard/cli/race/run-race.js';
import type { Setting } from '../../../dashboard/cli/race/setting.js';
import { makeFolder } from '../../../dashboard/record/disk/disk.js';
import type { RunEvent } from '../../../dashboard/record/events.js';
import { RunLog } from '../../../dashboard/record/log/index.js';
import { CheckpointStore } from '../../../dashboard/record/recording/checkpoint-store.js';
import { recordedState } from '../../../dashboard/record/recording/recorded-state.js';
import { Recorder } from '../../../dashboard/record/recording/recorder.js';
import type { BranchListener, ControlListener } from '../../../dashboard/server/index.js';
import { float64, type HostArray, Random, releaseExcept } from '../../../src/index.js';
import type { Method } from '../../../src/methods/index.js';
import { Control } from '../../../streams/index.js';
import type { Ending } from '../life.js';
import { targets } from '../targets.js';
import { Viewer } from '../viewer.js';
import { directory, log, type World } from '../world.js';
import type { RaceScenario } from './race-scenario.js';

/** Where the record of a run lies that was begun from a checkpoint of this one. */
export const branchDirectory = `${directory}-branch`;

/** How often somebody looks whether a button that was pressed did what it should, in virtual milliseconds. */
const patient = 25;

export interface RaceWorld extends World {
  readonly race: RaceScenario;
  /** Whether the user's function is as it was, or no longer throws. */
  readonly setting: Setting;
  /** Hears of every event, and says whether the subscriber leaves. */
  onEvent(event: RunEvent): 'stay' | 'leave';
}

/** One process that races as the command does: from the start or on from what the disk holds, acted on from a page. */
export class RaceLife {
  ending: Ending = { kind: 'running' };
  readonly failures: string[] = [];
  readonly viewer: Viewer;
  readonly recorder: Recorder;
  /** Steps at which a run was begun from this one, if it was, and why not where it was asked for in vain. */
  branch: { readonly step: number; ending: Ending } | undefined;
  readonly control = new Control();
  readonly #subscriptions: Subscription[] = [];
  readonly #store: CheckpointStore;
  readonly #options;

  constructor(readonly world: RaceWorld) {
    const { race, setting, disk, environment } = world;
    const onFailure = (error: Error) => void this.failures.push(error.message);
    this.#options = { disk, environment, onFailure };
    const past = disk.existsSync(log) ? recordedState(directory, disk) : undefined;
    makeFolder(`${directory}/checkpoints`, disk);
    this.#store = new CheckpointStore(directory, this.#options);
    const checkpoints = race.contestants.map(({ label, method }, i) => {
      const checkpoint = past && this.#store.read(label);
      if (checkpoint !== undefined) {
        checkRun(checkpoint, { seed: race.seed, taken: past!.methods[i].taken });
        checkPipeline(checkpoint, method as Method);
      }
      return checkpoint && world.parts.restored(checkpoint);
    });
    if (past === undefined) disk.rmSync(log, { force: true });
    const run =
      past?.run ??
      describeRun('simulated', setting, race.contestants, { ...rulesOf(race), created: environment.date() });
    const runLog =
      past === undefined ? RunLog.create(directory, this.#options) : RunLog.reopen(directory, this.#options);
    this.recorder = new Recorder(runLog, run, past, world.parts.recordersClock(environment));
    const acting = new Acting(this.recorder);
    this.viewer = new Viewer(world, { control: this.#obeying(acting), branch: this.#branching });
    const { recorder, control } = this;
    const { contestants } = race;
    if (race.isHeld) control.pause(); // until somebody watches
    const events = raceEvents({
      setting,
      contestants,
      recorder,
      checkpoints,
      store: this.#store,
      control,
      acting,
      environment,
    });
    const subscription = events.subscribe({
      next: (event) => {
        if (world.onEvent(event) === 'stay') return;
        this.ending = { kind: 'left' };
        // The first event comes before there is anything to unsubscribe from.
        environment.microtask(() => this.discard());
        this.#subscriptions[0]?.unsubscribe();
      },
      error: (error) => {
        recorder.leave();
        this.#end({ kind: 'error', error });
      },
      complete: () => this.#end({ kind: 'complete' }),
    });
    this.#subscriptions.unshift(subscription);
    this.#press();
  }

  /** The process is gone: what it still would do counts for nothing. */
  discard(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  #end(ending: Ending): void {
    if (this.ending.kind === 'complete' || this.ending.kind === 'error') {
      throw new Error(`the race ended twice: ${this.ending.kind}, then ${ending.kind}`);
    }
    this.ending = ending;
  }

  /** As the command does what the buttons of the page say. */
  #obeying(acting: Acting): ControlListener {
    const { control } = this;
    return (action) => {
      if (control.state === 'stopped' || action === 'adjust') return undefined;
      if (action === 'checkpoint') return acting.checkpoint();
      if (action === 'stop') control.stop('stopped from the page');
      else control[action]();
      const { recorder } = this;
      recorder.append({ kind: 'control', action, by: 'page', seconds: recorder.seconds });
      return undefined;
    };
  }

  /** Somebody presses buttons, and presses them again where nothing happens: the page may have no connection. */
  #press(): void {
    const { race, environment } = this.world;
    const { control, viewer } = this;
    const say = (content: object) => viewer.say(JSON.stringify(content));
    const press = (content: object, at: number) => {
      const again = () => {
        if (!say(content)) environment.timer(1, again, true);
      };
      environment.timer(at, again, true);
    };
    for (const { at, action } of race.presses) press({ kind: 'control', action }, at);
    let pausedFor = 0;
    const look = () => {
      pausedFor = control.state === 'paused' ? pausedFor + patient : 0;
      if (pausedFor > race.pause) say({ kind: 'control', action: 'resume' });
      environment.timer(patient, look, true);
    };
    environment.timer(patient, look, true);
    if (race.branchAt === undefined) return;
    press({ kind: 'branch', method: 0, changes: {}, steps: race.steps }, race.branchAt);
  }

  /** As the command begins a run from a checkpoint of one that goes on; here in the same process. */
  readonly #branching: BranchListener = async ({ label }) => {
    const { race, setting, disk, environment } = this.world;
    const checkpoint = this.#store.read(label);
    if (checkpoint === undefined || setting.kind !== 'model')
      throw new RangeError(`${label} has no checkpoint yet`);
    if (this.branch !== undefined || checkpoint.step >= race.steps) throw new RangeError('there is one');
    makeFolder(`${branchDirectory}/checkpoints`, disk);
    const [contestant] = race.contestants;
    const start = targets.start(new Random(0)) as HostArray;
    const [method] = this.recorder.run.methods;
    const branch = { checkpoint, run: this.recorder.run, method, asked: contestant.asked! };
    const from = checkpointFor(branch, contestant.method as Method, float64, start);
    releaseExcept(float64, start, []);
    const store = new CheckpointStore(branchDirectory, this.#options);
    const described = describeRun('branch', setting, [contestant], {
      ...rulesOf(race),
      created: environment.date(),
    });
    const run = { ...described, from: { run: this.recorder.run.run, method: label, step: checkpoint.step } };
    const recorder = new Recorder(RunLog.create(branchDirectory, this.#options), run, undefined, environment);
    store.write(label, from);
    const made: { readonly step: number; ending: Ending } = {
      step: checkpoint.step,
      ending: { kind: 'running' },
    };
    this.branch = made;
    const events = raceEvents({
      setting,
      contestants: [contestant],
      recorder,
      checkpoints: [from],
      store,
      control: new Control(),
      environment,
    });
    const subscription = events.subscribe({
      error: (error) => {
        made.ending = { kind: 'error', error };
      },
      complete: () => {
        made.ending = { kind: 'complete' };
      },
    });
    this.#subscriptions.push(subscription);
    return { directory: branchDirectory };
  };
}

const rulesOf = ({ seed, steps, setting }: RaceScenario) => ({
  seed,
  steps,
  ...(setting.kind === 'function' && { gradientTolerance: setting.gradientTolerance }),
});
