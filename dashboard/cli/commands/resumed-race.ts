import { Random, releaseExcept } from '../../../src/index.js';
import type { Checkpoint } from '../../../streams/index.js';
import { DiskError } from '../../record/disk/disk-error.js';
import type { RunStarted } from '../../record/events.js';
import { LogError, RunLog } from '../../record/log/index.js';
import { CheckpointStore } from '../../record/recording/checkpoint-store.js';
import { recordedState } from '../../record/recording/recorded-state.js';
import { Recorder } from '../../record/recording/recorder.js';
import { findRecord } from '../../record/recording/run-directory.js';
import type { RunState } from '../../record/run-state.js';
import { type Contestant, chosenMethods } from '../arguments/chosen-methods.js';
import { asMisuse, blamingInput, Misuse } from '../arguments/misuse.js';
import { checkFit, checkPipeline, checkRun } from '../race/fitting-checkpoint.js';
import { lookingAll } from '../race/looks.js';
import { checkContestants } from '../race/new-race.js';
import { findProblem } from '../race/problem.js';
import type { ModelSetting } from '../race/setting.js';
import { trains } from '../race/trains.js';
import { isModulePath } from '../race/user-module.js';
import type { Prepared, RaceOptions } from './prepared-race.js';

const decidedByRecord = [
  'methods',
  'seed',
  'seeds',
  'target',
  'batch',
  'look',
  'backend',
  'out',
  'asPublished',
] as const;

/** A race that goes on where its record ends. */
export async function resumedRace(
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
  const asked = chosenMethods(run.methods.map(({ asked }) => asked).join(',')).map((one, i) => ({
    ...one,
    seed: run.methods[i].seed,
    contestant: run.methods[i].contestant,
    label: run.methods[i].label, // its files are named by it, and other versions made other labels
  }));
  const setting = await findProblem(moved ? text : run.asked, run);
  if (setting.name !== run.problem) throw new Misuse(another);
  const contestants = lookingAll(asked, run.looks ?? [], setting);
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

/** The run as it goes on: to the steps it was begun with, or to more. */
function withSteps({ run, methods }: RunState, steps = run.steps): RunStarted {
  const taken = Math.max(0, ...methods.map((method) => method.taken));
  if (steps >= taken) return { ...run, steps };
  throw new Misuse(`--steps: expected at least the ${taken} that were taken, got ${steps}`);
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
    state = recordedState(directory);
  } catch (error) {
    throw error instanceof LogError || error instanceof DiskError ? asMisuse(error, '--resume: ') : error;
  }
  if (state === undefined) throw new Misuse(`--resume: ${directory} ends before it begins; start anew`);
  return state;
}

/** @throws Misuse where the log is damaged, or cannot be written */
function reopened(directory: string, onFailure: (error: Error) => void): RunLog {
  try {
    return RunLog.reopen(directory, { onFailure });
  } catch (error) {
    throw error instanceof LogError || error instanceof DiskError ? asMisuse(error, '--resume: ') : error;
  }
}
