import {
  type Algebra,
  leaves,
  type Measures,
  mapTree,
  type Outcome,
  type Readings,
  releaseExcept,
  type State,
  type Tree,
  treeDot,
} from '../src/index.js';
import { readMeasures } from '../src/objective/measure.js';
import { allFinite, memoryAtRisk, remembersNonFinite } from '../src/transforms/memory.js';
import { refuseClimbing } from './climbing.js';
import type { Run } from './run.js';

/** What one operator made of the update, and what it remembers. */
export interface Stage<T> {
  readonly name: string;
  readonly update: Tree<T>;
  readonly state: State<T>;
}

/** A step as it left the pipeline: what its operators made. */
export interface Made<T> {
  readonly step: number;
  readonly loss: T;
  readonly gradient: Tree<T>;
  readonly update: Tree<T>;
  readonly stages: readonly Stage<T>[];
  readonly measures: Measures<T> | undefined;
}

/** What can be told of a step on the host. */
export interface Told {
  lossValue: number;
  gradientNorm: number;
  updateNorm: number;
  measures: Readings;
  /** Why the run ends here, where something was not finite. */
  trouble: Outcome | undefined;
}

/**
 * Adds the step's update to the run's parameters, and reads loss, norms and measures: all that is read in a step,
 * all at once, after everything was handed to the device.
 *
 * Finite sums of squares prove that all entries were finite. Otherwise every stage is looked at, and if one
 * made a NaN or ∞ the parameters stay and the trouble names the first such stage. So they do where a stage
 * remembers one, by which it may have divided; that is looked for where it may be (see `memoryAtRisk`). (A sum of
 * squares overflows beyond √max; if that was all, its norm is computed anew with scaling.) Where it is the loss that is
 * not finite, the parameters at which it was measured are not good either: the run goes back to those before.
 */
export function takeStep<T>(run: Run<T, unknown>, made: Made<T>): Told {
  const { algebra } = run;
  if (made.step === 0) refuseClimbing(algebra, run.slots.all, made.gradient, made.update);
  const told: Told = { lossValue: 0, gradientNorm: 0, updateNorm: 0, measures: {}, trouble: undefined };
  const next = algebra.scope(() => {
    const sum = mapTree(algebra, add(algebra), run.parameters, made.update);
    const gradientSquare = treeDot(algebra, made.gradient, made.gradient);
    const updateSquare = treeDot(algebra, made.update, made.update);
    const [loss, gradient, update] = numbers(algebra, [made.loss, gradientSquare, updateSquare]);
    told.lossValue = loss;
    told.gradientNorm = Math.sqrt(gradient);
    told.updateNorm = Math.sqrt(update);
    if (made.measures !== undefined) told.measures = readMeasures(algebra, made.measures);
    return sum;
  });
  const finite = Number.isFinite(told.lossValue + told.gradientNorm + told.updateNorm);
  if (!finite || memoryAtRisk(algebra, { step: made.step, ...told })) {
    told.trouble = findTrouble(run, made, told, next);
    if (told.trouble !== undefined) {
      releaseExcept(algebra, next, []);
      keepLastGood(run, told);
      return told;
    }
    if (!finite) {
      told.gradientNorm = scaledNorm(algebra, made.gradient);
      told.updateNorm = scaledNorm(algebra, made.update);
    }
  }
  run.moveTo(next);
  return told;
}

/** For a step that an operator ended: what can be told of it, and whether an operator before is to blame. */
export function endStep<T>(run: Run<T, unknown>, made: Made<T>): Told {
  const { algebra } = run;
  const told: Told = {
    lossValue: algebra.number(made.loss),
    gradientNorm: scaledNorm(algebra, made.gradient),
    updateNorm: scaledNorm(algebra, made.update),
    measures: made.measures === undefined ? {} : readMeasures(algebra, made.measures),
    trouble: undefined,
  };
  told.trouble = findTrouble(run, made, told, run.parameters);
  keepLastGood(run, told);
  return told;
}

function keepLastGood<T>(run: Run<T, unknown>, { lossValue }: Told): void {
  if (!Number.isFinite(lossValue)) run.moveBack();
}

/** The values of 0-d arrays: in one read from a device that is far, which each read waits for. */
function numbers<T>(algebra: Algebra<T>, scalars: readonly T[]): ArrayLike<number> & Iterable<number> {
  if (algebra.later === undefined) return scalars.map((x) => algebra.number(x));
  return algebra.values(
    algebra.concat(
      scalars.map((x) => algebra.reshape(x, [1])),
      0,
    ),
  );
}

const add =
  <T>(algebra: Algebra<T>) =>
  (x: T, u: T): T =>
    algebra.add(x, u);

function findTrouble<T>(
  run: Run<T, unknown>,
  { step, stages }: Made<T>,
  { lossValue }: Told,
  next: Tree<T>,
): Outcome | undefined {
  const { algebra } = run;
  const finite = (tree: State<T>) => allFinite(algebra, tree);
  const verdict = (stage: string, what: string, kept = 'those before it'): Outcome => ({
    kind: 'nonFinite',
    message: `${what} at step ${step}; the parameters are ${kept}`,
    stage,
    step,
  });
  if (!Number.isFinite(lossValue)) {
    const kept = run.canMoveBack ? 'the last with a finite loss' : 'those it began with';
    return verdict('gradient', `the loss was ${lossValue}`, kept);
  }
  const first = stages.find(({ update }) => !finite(update));
  if (first !== undefined) return verdict(first.name, `${first.name} made a NaN or ∞`);
  const spoilt = stages.find(({ state }) => !finite(state));
  if (spoilt !== undefined) return remembersNonFinite(spoilt.name, step);
  if (!finite(next)) return verdict(stages[stages.length - 1].name, 'the parameters became NaN or ∞');
  return undefined;
}

/** ‖x‖ without overflow on the way: max·‖x/max‖. */
function scaledNorm<T>(algebra: Algebra<T>, tree: Tree<T>): number {
  const values = leaves(algebra, tree).map((leaf) => algebra.values(leaf));
  let largest = 0;
  for (const leaf of values) for (const value of leaf) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  let sum = 0;
  for (const leaf of values) for (const value of leaf) sum += (value / largest) ** 2;
  return largest * Math.sqrt(sum);
}
