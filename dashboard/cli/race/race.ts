import { basename } from 'node:path';
import { defer, from, type Observable, switchMap } from 'rxjs';
import { shown } from '../../../src/algebra/argument.js';
import { chosen, number, type OptionsOf, workedOut } from '../../../src/algebra/option.js';
import type { AnyMethod } from '../../../src/methods/index.js';
import { roleOf } from '../../../src/objective/role.js';
import { type BatchSource, Control } from '../../../streams/index.js';
import { type Look, lookNames, type RunEvent } from '../../record/events.js';
import { RunLog } from '../../record/log/index.js';
import { CheckpointStore, nowhere } from '../../record/recording/checkpoint-store.js';
import { Recorder } from '../../record/recording/recorder.js';
import { makeRunDirectory } from '../../record/recording/run-directory.js';
import { contestantsOf } from '../arguments/chosen-methods.js';
import { counts } from '../arguments/counts.js';
import { inCode, inCodeLater } from './in-code.js';
import { newRace } from './new-race.js';
import { checkRaced, type RacedProblem, racedSetting } from './raced-problem.js';
import { raceEvents } from './run-race.js';

export interface RaceOptions<B = unknown> {
  /** The most steps each method takes. */
  readonly steps?: number;
  /** The most evaluations each method makes, looked at after each step. */
  readonly maxEvaluations?: number;
  /** The most seconds that each method's own steps take, looked at after each step. */
  readonly maxSeconds?: number;
  /** The same seed, the same start and batches. */
  readonly seed?: number;
  /** Races under so many seeds, from `seed` on. */
  readonly seeds?: number;
  /** A training loss, smoothed, or a value: the result tells the steps to it. */
  readonly target?: number;
  /** For functions: a method has converged when no gradient entry is larger. */
  readonly gradientTolerance?: number;
  /** Examples in a batch of `'mnist'`, `'autoencoder'` and `'cifar10'`. */
  readonly batch?: number;
  /** Where models by name are computed: a name of `useBackend`. */
  readonly backend?: string;
  /** The batches of a run with a seed, the same for every method, where the problem is a `Problem` over batches. */
  readonly batches?: (seed: number) => BatchSource<B>;
  /** The folder of the record, new or empty: log, checkpoints and final parameters. Without it nothing is written. */
  readonly directory?: string;
  /** What the methods look at where a model is evaluated: layers, histograms, the spectrum. */
  readonly looks?: readonly Look[];
  /** Pause, resume, step, stop. */
  readonly control?: Control;
}

const handed = ['batches', 'directory', 'looks', 'control', 'backend'] as const;

export const raceOptions: OptionsOf<Omit<RaceOptions, (typeof handed)[number]>> = {
  steps: workedOut(counts.steps, "the problem's"),
  maxEvaluations: number(Number.POSITIVE_INFINITY, '(0, ∞]', 'the most evaluations each method makes'),
  maxSeconds: number(Number.POSITIVE_INFINITY, '(0, ∞]', "the most seconds each method's own steps take"),
  seed: counts.seed,
  seeds: workedOut(
    { ...counts.seeds, meaning: 'races under so many seeds, from `seed` on, and compares' },
    'one',
  ),
  target: workedOut(counts.target, 'none'),
  gradientTolerance: workedOut(
    number(0, '[0, ∞)', 'for functions: converged when the largest |gᵢ| is at most this'),
    "the problem's",
  ),
  batch: workedOut(counts.batch, "the problem's"),
};

/**
 * Races methods from one start on the same batches, as `fluxion race` does: the events that its record holds, the last
 * one, of kind 'result', with a row for each method.
 *
 * ```
 *  race  ──run──step──step──evaluation──outcome──…──result|
 * ```
 *
 * A problem is a name as it is typed (`'rosenbrock(n=10)'`, `'mnist'`, the path of a module), a function with name and
 * start, a model as a module exports it, or a `Problem` with `batches`. Methods are named as typed, `'bfgs'` or
 * `'adam(learningRate=0.01)'`, or are methods themselves; left out, they are those usual for the problem. Cold: every
 * subscription is a race of its own. To unsubscribe ends it where it is, record included; a record of names goes on by
 * `fluxion race --resume`.
 *
 * @throws TypeError, RangeError on wrong options or methods, at once; on a problem that is not found or cannot be raced
 * by them, through the stream. StageError or ObjectiveError, through the stream, where the problem throws
 * @example
 * const events = race('rosenbrock', ['bfgs', trustRegion()], { steps: 100 });
 * const { methods } = await lastValueFrom(events.pipe(filter((event) => event.kind === 'result')));
 * for (const { label, steps, value } of methods) console.log(label, steps, value);
 */
export function race<T, B>(
  problem: RacedProblem<T, B>,
  methods?: readonly (string | AnyMethod)[],
  options: RaceOptions<B> = {},
): Observable<RunEvent> {
  const { batch, steps, gradientTolerance, ...rules } = chosen('race', raceOptions, options, handed);
  const { batches, directory, backend, looks, control = new Control() } = options;
  checkHanded(options);
  checkRaced(problem, batches);
  const given = methods === undefined ? undefined : inCode(() => contestantsOf(checkMethods(methods)));
  const begin = async () => {
    const setting = await racedSetting(problem, batches, { batch, backend });
    const general = given === undefined || setting.kind === 'model' ? setting.defaults : setting;
    const contestants = given ?? contestantsOf([setting.defaults.methods]);
    const all = {
      ...rules,
      looks,
      steps: steps ?? general.steps,
      gradientTolerance: gradientTolerance ?? general.gradientTolerance,
    };
    const begun = await newRace(setting, contestants, all, '--methods');
    const created = new Date();
    const folder = directory && makeRunDirectory('race(directory)', directory, setting.name, created);
    const run = begun.describe(folder ? basename(folder) : setting.name, created);
    return {
      setting,
      contestants: begun.contestants,
      recorder: new Recorder(folder ? RunLog.create(folder) : undefined, run),
      checkpoints: [],
      store: folder ? new CheckpointStore(folder) : nowhere,
      control,
    };
  };
  return defer(() => from(inCodeLater(begin()))).pipe(switchMap(raceEvents));
}

/** @throws TypeError naming the first that is no name and no method */
function checkMethods(methods: unknown): readonly (string | AnyMethod)[] {
  if (!Array.isArray(methods) || methods.length === 0) {
    throw new TypeError(
      `race(methods): expected a list such as ['bfgs', adam()], got ${Array.isArray(methods) ? 'none' : shown(methods)}`,
    );
  }
  for (const one of methods) {
    if (typeof one === 'string' || roleOf(one) !== undefined) continue;
    const way =
      typeof one === 'function' && one.name ? `the function ${one.name}; call it: ${one.name}()` : shown(one);
    throw new TypeError(`race(methods): expected names and methods, such as 'bfgs' or adam(), got ${way}`);
  }
  return methods;
}

function checkHanded<B>({ directory, control, backend, batches, looks }: RaceOptions<B>): void {
  const wrong = (name: string, expected: string, got: unknown) =>
    new TypeError(`race(${name}): expected ${expected}, got ${shown(got)}`);
  if (directory !== undefined && (typeof directory !== 'string' || directory === '')) {
    throw wrong('directory', 'the path of a folder', directory);
  }
  if (control !== undefined && !(control instanceof Control)) throw wrong('control', 'a Control', control);
  if (backend !== undefined && typeof backend !== 'string') throw wrong('backend', 'a name', backend);
  if (looks !== undefined && !(Array.isArray(looks) && looks.every((look) => lookNames.includes(look)))) {
    throw wrong('looks', `a list of ${lookNames.join(', ')}`, looks);
  }
  if (batches !== undefined && typeof batches !== 'function') {
    throw wrong('batches', 'a function from a seed to batches', batches);
  }
}
