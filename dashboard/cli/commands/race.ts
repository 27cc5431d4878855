import { basename, relative } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { ObjectiveError, Random, releaseExcept } from '../../../src/index.js';
import { type Checkpoint, Control, StageError } from '../../../streams/index.js';
import { DiskError } from '../../record/disk/disk-error.js';
import type { RunStarted } from '../../record/events.js';
import { LogError, RunLog, readLog } from '../../record/log/index.js';
import { CheckpointStore } from '../../record/recording/checkpoint-store.js';
import { Recorder } from '../../record/recording/recorder.js';
import { discardRunDirectory, findRecord, makeRunDirectory } from '../../record/recording/run-directory.js';
import { RunState } from '../../record/run-state.js';
import type { Adjustment, Dashboard } from '../../server/index.js';
import { type Contestant, chosenMethods } from '../arguments/chosen-methods.js';
import { counts } from '../arguments/counts.js';
import { asMisuse, blamingInput, Misuse } from '../arguments/misuse.js';
import { Acting } from '../race/acting.js';
import { checkpointFor, readBranch } from '../race/branch.js';
import { checkFit, checkPipeline, checkRun } from '../race/fitting-checkpoint.js';
import { placeInModule } from '../race/module-place.js';
import { checkContestants, newRace } from '../race/new-race.js';
import { asPublished, findProblem } from '../race/problem.js';
import { raceEvents } from '../race/run-race.js';
import type { ModelSetting, Setting } from '../race/setting.js';
import { trains } from '../race/trainings.js';
import { isModulePath } from '../race/user-module.js';
import { exitCodes } from './exit-codes.js';
import { onInterrupt, untilInterrupted } from './interrupt.js';
import { openBrowser } from './open-browser.js';
import { plotRace, plottedFile } from './plot.js';
import { type RaceOutput, raceOutput } from './race-output.js';
import { shownDashboard } from './shown-dashboard.js';

export interface RaceOptions {
  readonly methods?: string;
  readonly steps?: number;
  readonly seed?: number;
  readonly seeds?: number;
  readonly target?: number;
  readonly batch?: number;
  readonly backend?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly from?: string;
  readonly plot?: string;
  readonly port?: number;
  readonly asPublished?: boolean;
  readonly json?: boolean;
  readonly open: boolean;
}

/** A race of which everything that was asked for is known to be there. */
interface Prepared {
  readonly setting: Setting;
  readonly contestants: readonly Contestant[];
  readonly checkpoints: readonly (Checkpoint | undefined)[];
  /** Of a race that goes on: what a person should know of it. */
  readonly notes?: readonly string[];
  /** Opens the record, for the first time or again. */
  record(onFailure: (error: Error) => void): { readonly directory: string; readonly recorder: Recorder };
  readonly isNew: boolean;
}

/** `fluxion race`; returns the exit code. */
export async function raceCommand(problem: string | undefined, options: RaceOptions): Promise<number> {
  const output = raceOutput(options.json === true);
  const { resume } = options;
  const prepared = await (resume !== undefined
    ? resumedRace(problem, resume, options)
    : options.from === undefined
      ? racedAnew(problem, options)
      : branchedRace(problem, options.from, options));
  const { setting, contestants, checkpoints, isNew } = prepared;
  const plot = options.plot === undefined ? undefined : plottedFile(options.plot, setting);
  const control = new Control();
  let interrupted = '';
  let stoppedByPage = false;
  const restore = onInterrupt((signal) => {
    interrupted = signal;
    recorder.append({ kind: 'control', action: 'stop', by: 'terminal', seconds: recorder.seconds });
    control.stop(`stopped by ${signal}`);
  });
  let dashboard: Dashboard | undefined;
  const failures: string[] = [];
  const onFailure = ({ message }: Error) => {
    failures.push(message);
    output.trouble(message);
  };
  const { directory, recorder } = prepared.record(onFailure);
  const acting = new Acting(recorder);
  try {
    dashboard = await shownDashboard({
      directory,
      port: options.port,
      resume: resuming(directory),
      control(action, adjustment) {
        if (control.state === 'stopped') return;
        if (action === 'checkpoint') return acting.checkpoint();
        if (action === 'adjust') return adjust(acting, adjustment, output);
        stoppedByPage ||= action === 'stop';
        if (action === 'stop') control.stop('stopped from the page');
        else control[action]();
        recorder.append({ kind: 'control', action, by: 'page', seconds: recorder.seconds });
      },
    });
    if (setting.note !== undefined) output.note(setting.note);
    for (const note of prepared.notes ?? []) output.note(note);
    const { tornBytes = 0 } = recorder.log ?? {};
    if (tornBytes > 0) {
      output.note(
        `${directory}: the last ${tornBytes} bytes of the log were an event half-written; they are cut off`,
      );
    }
    output.dashboard(dashboard.url, directory, recorder.run);
    if (options.open) openBrowser(dashboard.url);
    const store = new CheckpointStore(directory, { onFailure });
    const events = raceEvents({ setting, contestants, recorder, checkpoints, store, control, acting });
    await lastValueFrom(events.pipe(tap(() => output.progress(recorder.state))));
    output.result(recorder.state, directory);
    restore();
    if (plot !== undefined) {
      await plotRace(plot, recorder.state, directory);
      output.note(`Plotted in ${plot.file}`);
    }
    if (interrupted !== '') {
      output.note(`Stopped by ${interrupted}; go on by: ${resuming(directory)}`);
      return exitCodes.interrupted;
    }
    if (stoppedByPage) output.note(`Stopped from the page; go on by: ${resuming(directory)}`);
    if (options.open) {
      output.note('The dashboard stays up until Ctrl-C.');
      await untilInterrupted();
    }
    if (failures.length === 0) return exitCodes.done;
    output.note(`The record in ${directory} is not whole. ${wayOn(recorder, directory)}`);
    return exitCodes.failure;
  } catch (error) {
    recorder.leave();
    // Nothing was done yet: what stands in the way is what was asked for, and no trace is left of it.
    const begun = recorder.state.methods.some(({ taken }) => taken > 0);
    if (isNew && !begun) discardRunDirectory(directory);
    if (!(error instanceof StageError || error instanceof ObjectiveError)) throw error;
    if (!begun || error.message.includes('train(checkpoint)')) throw asMisuse(error);
    output.note(`The race ends: ${error.message}${placeInModule(error)}`);
    return exitCodes.failure;
  } finally {
    restore();
    await dashboard?.close();
  }
}

async function racedAnew(text: string | undefined, options: RaceOptions): Promise<Prepared> {
  if (text === undefined) {
    throw new Misuse('race(problem): expected one, such as mnist or rosenbrock; see fluxion race --help');
  }
  const given = options.methods === undefined ? undefined : chosenMethods(options.methods);
  const asked = options.asPublished === true ? asPublished(text) : text;
  const setting = await findProblem(asked, options);
  const contestants = given ?? chosenMethods(setting.defaults.methods);
  const general = given === undefined || setting.kind === 'model' ? setting.defaults : setting;
  const { seed = counts.seed.default, steps = general.steps, seeds, target } = options;
  const { gradientTolerance } = general;
  const rules = { seed, seeds, steps, target, gradientTolerance };
  const race = await newRace(setting, contestants, rules, '--methods');
  return {
    setting,
    contestants: race.contestants,
    checkpoints: [],
    isNew: true,
    record(onFailure) {
      const created = new Date();
      const directory = blamingInput(() => makeRunDirectory('--out', options.out, setting.name, created));
      const run = race.describe(basename(directory), created);
      return { directory, recorder: new Recorder(begunLog(directory, onFailure), run) };
    },
  };
}

const decidedByBranch = ['seed', 'seeds', 'batch', 'backend', 'asPublished'] as const;

/** A new race from a checkpoint of another one: on the same problem and batches, by other methods or options. */
async function branchedRace(text: string | undefined, from: string, options: RaceOptions): Promise<Prepared> {
  const branch = readBranch(from);
  const { run: before, checkpoint } = branch;
  const given = decidedByBranch.find((option) => options[option] !== undefined);
  if (given !== undefined)
    throw new Misuse(`--${given}: the checkpoint decides it with --from; leave it out`);
  const setting = await findProblem(text ?? before.asked!, before);
  if (setting.kind !== 'model' || setting.name !== before.problem) {
    throw new Misuse(`--from: the checkpoint is of ${before.problem}, not of ${setting.name}`);
  }
  const { steps = before.steps, target = before.target } = options;
  if (steps <= checkpoint.step) {
    throw new Misuse(`--steps: expected more than the ${checkpoint.step} of the checkpoint, got ${steps}`);
  }
  const seed = branch.method.seed ?? before.seed;
  const race = await newRace(
    setting,
    chosenMethods(options.methods ?? branch.asked),
    { seed, steps, target },
    '--methods',
  );
  const { algebra } = setting.problem;
  const start = setting.problem.start(new Random(0));
  const checkpoints = race.contestants.map(({ method }) => {
    blamingInput(() => checkFit(checkpoint, setting.name, algebra, start), '--from: ');
    return trains(method) ? checkpointFor(branch, method, algebra, start) : undefined;
  });
  releaseExcept(algebra, start, []);
  return {
    setting,
    contestants: race.contestants,
    checkpoints,
    isNew: true,
    record(onFailure) {
      const created = new Date();
      const directory = blamingInput(() => makeRunDirectory('--out', options.out, setting.name, created));
      const described = race.describe(basename(directory), created);
      const run = {
        ...described,
        from: { run: before.run, method: branch.method.label, step: checkpoint.step },
      };
      const recorder = new Recorder(begunLog(directory, onFailure), run);
      // To go on with it needs where it began, until it has checkpoints of its own.
      const store = new CheckpointStore(directory, { onFailure });
      for (const [i, { label }] of race.contestants.entries()) store.write(label, checkpoints[i]!);
      return { directory, recorder };
    },
  };
}

const decidedByRecord = [
  'methods',
  'seed',
  'seeds',
  'target',
  'batch',
  'backend',
  'out',
  'asPublished',
] as const;

async function resumedRace(
  text: string | undefined,
  folder: string,
  options: RaceOptions,
): Promise<Prepared> {
  const directory = blamingInput(() => findRecord('--resume', folder));
  const past = readState(directory);
  const run = withSteps(past, options.steps);
  if (run.asked === undefined || run.methods.some(({ asked }) => asked === undefined)) {
    throw new Misuse(`--resume: ${directory} records a pipeline of a program; only that program can go on`);
  }
  const given = decidedByRecord.find((option) => options[option] !== undefined);
  if (given !== undefined) {
    const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new Misuse(`--${flag}: the record decides it with --resume; leave it out`);
  }
  const another = `race(problem): ${directory} is a race on ${run.problem}, got '${text}'; leave it out`;
  // A module may have been moved since: it is the same as long as it has the same name.
  const moved = text !== undefined && isModulePath(text) && isModulePath(run.asked);
  if (text !== undefined && text !== run.problem && text !== run.asked && !moved) throw new Misuse(another);
  const contestants = chosenMethods(run.methods.map(({ asked }) => asked).join(',')).map((one, i) => ({
    ...one,
    seed: run.methods[i].seed,
    contestant: run.methods[i].contestant,
    label: run.methods[i].label, // its files are named by it, and other versions made other labels
  }));
  const setting = await findProblem(moved ? text : run.asked, run);
  if (setting.name !== run.problem) throw new Misuse(another);
  checkContestants(setting, contestants, '--methods');
  const checkpoints =
    setting.kind === 'model'
      ? blamingInput(() => readCheckpoints(directory, setting, contestants, past), '--resume: ')
      : [];
  return {
    setting,
    contestants,
    checkpoints,
    notes: setting.kind === 'model' ? lostCheckpoints(past, checkpoints) : [],
    isNew: false,
    record(onFailure) {
      return { directory, recorder: new Recorder(reopened(directory, onFailure), run, past) };
    },
  };
}

/** What the page asks for may not be possible: the race goes on as it is then. */
function adjust(acting: Acting, adjustment: Adjustment | undefined, output: RaceOutput): void {
  if (adjustment === undefined) return;
  try {
    acting.adjust(adjustment);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError || error instanceof Misuse)) throw error;
    output.trouble(`Asked for on the page and not done: ${error.message}`);
  }
}

/** What goes on with a race, to be typed where this one was. */
function resuming(directory: string): string {
  const below = relative(process.cwd(), directory);
  return `npx fluxion race --resume ${below.startsWith('..') ? directory : below || '.'}`;
}

/** The run as it goes on: to the steps it was begun with, or to more. */
function withSteps({ run, methods }: RunState, steps = run.steps): RunStarted {
  const taken = Math.max(0, ...methods.map((method) => method.taken));
  if (steps >= taken) return { ...run, steps };
  throw new Misuse(`--steps: expected at least the ${taken} that were taken, got ${steps}`);
}

/** What to do where the disk failed during a race. */
function wayOn({ log }: Recorder, directory: string): string {
  return log?.failure === undefined
    ? 'Make room, or take another disk by --out, and race again: the same seed makes the same run.'
    : `Make room, then go on from the newest checkpoints: npx fluxion race --resume ${directory}`;
}

/** @throws RangeError where one is damaged; TypeError where one is of another model, pipeline or run */
function readCheckpoints(
  directory: string,
  { problem, name }: ModelSetting,
  contestants: readonly Contestant[],
  { run, methods }: RunState,
): (Checkpoint | undefined)[] {
  const store = new CheckpointStore(directory);
  const start = problem.start(new Random(0));
  const checkpoints = contestants.map(({ label, method, seed = run.seed }, i) => {
    const checkpoint = store.read(label);
    if (checkpoint === undefined) return undefined;
    checkFit(checkpoint, name, problem.algebra, start);
    checkRun(checkpoint, { seed, taken: methods[i].taken });
    if (trains(method)) checkPipeline(checkpoint, method);
    return checkpoint;
  });
  releaseExcept(problem.algebra, start, []);
  return checkpoints;
}

/** Of the methods that go on: those that took steps and have no checkpoint to go on from. */
function lostCheckpoints(past: RunState, checkpoints: readonly (Checkpoint | undefined)[]): string[] {
  return past.methods.flatMap(({ hasEnded, taken, checkpointAt, description: { label } }, i) => {
    if (hasEnded || taken === 0 || checkpoints[i] !== undefined) return [];
    const why =
      checkpointAt === undefined ? 'has no checkpoint' : `its checkpoint of step ${checkpointAt} is gone`;
    return [`${label}: took ${taken} steps, but ${why}; it begins at the start again, to the same numbers`];
  });
}

/** @throws Misuse where the log is damaged */
function readState(directory: string): RunState {
  let state: RunState | undefined;
  try {
    for (const { event } of readLog(directory)) {
      if (state !== undefined) state.take(event);
      else if (event.kind === 'run') state = RunState.of(event);
    }
  } catch (error) {
    throw error instanceof LogError || error instanceof DiskError ? asMisuse(error, '--resume: ') : error;
  }
  if (state === undefined) throw new Misuse(`--resume: ${directory} ends before it begins; start anew`);
  return state;
}

/** @throws Misuse where no log can be made, of which no trace is left then */
function begunLog(directory: string, onFailure: (error: Error) => void): RunLog {
  try {
    return RunLog.create(directory, { onFailure });
  } catch (error) {
    discardRunDirectory(directory);
    throw asMisuse(error, '--out: ');
  }
}

/** @throws Misuse where the log is damaged, or cannot be written */
function reopened(directory: string, onFailure: (error: Error) => void): RunLog {
  try {
    return RunLog.reopen(directory, { onFailure });
  } catch (error) {
    throw error instanceof LogError || error instanceof DiskError ? asMisuse(error, '--resume: ') : error;
  }
}
