import { basename } from 'node:path';
import { Recorder } from '../../record/recording/recorder.js';
import { makeRunDirectory } from '../../record/recording/run-directory.js';
import { chosenMethods } from '../arguments/chosen-methods.js';
import { counts } from '../arguments/counts.js';
import { blamingInput, Misuse } from '../arguments/misuse.js';
import { chosenLooks } from '../race/looks.js';
import { newRace } from '../race/new-race.js';
import { asPublished, findProblem } from '../race/problem.js';
import { begunLog, type Prepared, type RaceOptions } from './prepared-race.js';

/** A new race on a problem. */
export async function racedAnew(text: string | undefined, options: RaceOptions): Promise<Prepared> {
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
  const looks = chosenLooks(options.look);
  const rules = { seed, seeds, steps, target, gradientTolerance, looks };
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
