import { basename } from 'node:path';
import { Random, releaseExcept } from '../../../src/index.js';
import { CheckpointStore } from '../../record/recording/checkpoint-store.js';
import { Recorder } from '../../record/recording/recorder.js';
import { makeRunDirectory } from '../../record/recording/run-directory.js';
import { chosenMethods } from '../arguments/chosen-methods.js';
import { blamingInput, Misuse } from '../arguments/misuse.js';
import { checkpointFor, readBranch } from '../race/branch.js';
import { checkFit } from '../race/fitting-checkpoint.js';
import { chosenLooks } from '../race/looks.js';
import { newRace } from '../race/new-race.js';
import { findProblem } from '../race/problem.js';
import { trains } from '../race/trains.js';
import { begunLog, type Prepared, type RaceOptions } from './prepared-race.js';

const decidedByBranch = ['seed', 'seeds', 'batch', 'backend', 'asPublished'] as const;

/** A new race from a checkpoint of another one: on the same problem and batches, by other methods or options. */
export async function branchedRace(
  text: string | undefined,
  from: string,
  options: RaceOptions,
): Promise<Prepared> {
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
    { seed, steps, target, looks: chosenLooks(options.look) },
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
