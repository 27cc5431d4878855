import { solverFor } from '../../../dashboard/cli/arguments/solver-for.js';
import type { ModelSetting, Setting } from '../../../dashboard/cli/race/setting.js';
import type { Method } from '../../../src/methods/index.js';
import { MinimizationRun } from '../../../src/methods/minimize.js';
import { ObjectiveError, type Outcome } from '../../../src/objective/index.js';
import type { Batches } from '../../../streams/index.js';
import { plainLoop } from '../../tests/streams/plain-loop.js';
import { inOrder, seenBatches } from '../scenario.js';
import { type Target, targets } from '../targets.js';
import type { RaceScenario } from './race-scenario.js';

/** What one method of a race has to do, driven by a plain loop: no streams, no record, no other methods. */
export interface Reference {
  /** x₀, x₁, …: every point it comes to. */
  readonly path: readonly Float64Array[];
  readonly losses: readonly number[];
  /** How it ends; undefined where it only comes to the end of its steps, or throws. */
  readonly outcome: Pick<Outcome, 'kind'> & { readonly message?: string };
  /** Whether the function throws behind the last point of the path. */
  readonly throws: boolean;
  /** Whether a trial point was rejected, and the run went on from where it had been. */
  readonly rejected: boolean;
}

export function references(scenario: RaceScenario): Reference[] {
  return scenario.contestants.map(({ method }, i) =>
    scenario.setting.kind === 'function' ? throwing(scenario, i) : trained(scenario, method as Method),
  );
}

/** The path once nothing throws any more, which begins as the one before; and whether that one throws. */
function throwing(scenario: RaceScenario, i: number): Reference {
  const { throws } = minimized(scenario.setting, scenario, i);
  return { ...minimized(scenario.mended, scenario, i), throws };
}

function minimized(setting: Setting, { contestants, steps }: RaceScenario, i: number): Reference {
  if (setting.kind !== 'function') throw new TypeError('expected a function');
  const { definition, gradientTolerance } = setting;
  const path: Float64Array[] = [];
  const losses: number[] = [];
  let [throws, rejected] = [false, false];
  let run: MinimizationRun | undefined;
  const trials: Float64Array[] = [];
  try {
    run = new MinimizationRun(definition, definition.start, solverFor(contestants[i].method, definition), {
      gradientTolerance,
      maxIterations: steps,
      observer: { trial: (x) => void trials.push(x.slice()) },
    });
    let taken = 0;
    for (;;) {
      const { x, value, iteration } = run.step();
      const last = path.at(-1);
      const stays = last?.every((xi, k) => Object.is(xi, x[k])) ?? false;
      rejected ||= trials.some((trial) => trial.some((xi, k) => !Object.is(xi, x[k])));
      trials.length = 0;
      if (last === undefined || iteration > taken || !stays) {
        if (last !== undefined) taken++;
        path.push(x.slice());
        losses.push(value);
      }
      if (run.outcome !== undefined) break;
      run.advance();
    }
  } catch (error) {
    if (!(error instanceof ObjectiveError)) throw error;
    throws = true;
  }
  return { path, losses, outcome: run?.outcome ?? { kind: 'stopped' }, throws, rejected };
}

function trained({ setting, seed, steps }: RaceScenario, method: Method): Reference {
  const source = (setting as ModelSetting).source(seed, method.name) as Batches<Target>;
  const { seen, close } = seenBatches(source, steps);
  const { parameters, losses } = plainLoop(targets, (step) => seen[step], inOrder(method.parts), steps, seed);
  close();
  const spoiltAt = parameters.findIndex((x) => x.some(Number.isNaN));
  const path = spoiltAt < 0 ? parameters : parameters.slice(0, spoiltAt);
  const outcome: Reference['outcome'] = { kind: spoiltAt < 0 ? 'budget' : 'nonFinite' };
  return { path, losses, outcome, throws: false, rejected: false };
}
