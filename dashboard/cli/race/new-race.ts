import { MinimizationRun } from '../../../src/index.js';
import { methodsIn } from '../../../src/methods/index.js';
import type { Look, RunStarted } from '../../record/events.js';
import { type Contestant, contestantsOf, underSeeds } from '../arguments/chosen-methods.js';
import { blamingInput, Misuse } from '../arguments/misuse.js';
import { solverFor } from '../arguments/solver-for.js';
import { describeRun } from './describe-run.js';
import { checkLooks, lookingAll } from './looks.js';
import { routesOf } from './routes.js';
import type { Setting } from './setting.js';
import { trains } from './trains.js';

/** How far the methods of a race run, and from which seeds. */
export interface RaceRules {
  readonly seed: number;
  /** Under so many seeds, from `seed` on. */
  readonly seeds?: number;
  readonly steps: number;
  readonly maxEvaluations?: number;
  readonly maxSeconds?: number;
  readonly target?: number;
  readonly gradientTolerance?: number;
  /** What the methods look at where they are evaluated. */
  readonly looks?: readonly Look[];
}

/** A race that has not begun. */
export interface NewRace {
  /** Each method once a seed. */
  readonly contestants: readonly Contestant[];
  /** The first event of its record. */
  describe(run: string, created: Date): RunStarted;
}

/**
 * The race of some methods, each that can run on the problem, under one seed or several.
 *
 * @param where the argument that the methods were given in
 * @throws Misuse where a method cannot run on the problem, or the problem fails at its start
 */
export async function newRace(
  setting: Setting,
  methods: readonly Contestant[],
  { seeds, looks = [], ...rules }: RaceRules,
  where: string,
): Promise<NewRace> {
  checkLooks(looks, setting);
  const looked = lookingAll(setting.kind === 'model' ? onBatches(methods) : methods, looks, setting);
  checkContestants(setting, looked, where);
  const { seed } = rules;
  const contestants =
    seeds === undefined
      ? looked
      : underSeeds(
          looked,
          Array.from({ length: seeds }, (_, k) => seed + k),
        );
  const routes = await routesOf(setting, contestants, seed);
  return {
    contestants,
    describe: (run, created) => describeRun(run, setting, contestants, { ...rules, looks, created, routes }),
  };
}

/** `lbfgs`, as typed, is that for batches where there are batches. */
function onBatches(methods: readonly Contestant[]): readonly Contestant[] {
  if (!methods.some(({ asked, method }) => asked !== undefined && method.name === 'lbfgs')) return methods;
  return contestantsOf(
    methods.map(({ asked, method }) => asked?.replace(/^lbfgs(?=\(|$)/, 'batchLbfgs') ?? method),
  );
}

/** @throws Misuse where a method cannot run on the problem, or the problem fails at its start */
export function checkContestants(setting: Setting, contestants: readonly Contestant[], where: string): void {
  for (const { method } of contestants) {
    if (setting.kind === 'function') {
      const { definition } = setting;
      const solver = blamingInput(() => solverFor(method, definition), `${where}: `);
      blamingInput(() => new MinimizationRun(definition, definition.start, solver, { maxIterations: 0 }));
    } else if (!trains(method)) {
      throw new Misuse(
        `${where}: ${method.name} minimizes functions alone; ${setting.name} is a model over batches, which are ` +
          `trained by ${[...methodsIn('train').keys()].join(', ')}`,
      );
    }
  }
}
