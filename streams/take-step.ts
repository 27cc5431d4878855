import { type Algebra, leaves, mapTree, type Outcome, type Tree, treeDot } from '../src/index.js';
import { readMeasures } from '../src/objective/measure.js';
import type { Frame } from './frame.js';
import type { Run } from './run.js';

/**
 * Adds the frame's update to the run's parameters, and reads loss, norms and measures: all that is read in a step,
 * all at once, after everything was handed to the device.
 *
 * Finite sums of squares prove that all entries were finite. Otherwise every stage is looked at, and if one
 * made a NaN or ∞ the parameters stay and the frame's outcome names the first such stage. (A sum of squares
 * also overflows beyond √max; its norm is then computed anew with scaling.) Where it is the loss that is not
 * finite, the parameters at which it was measured are not good either: the run goes back to those before.
 */
export function takeStep<T>(run: Run<T, unknown>, frame: Frame<T>): void {
  const { algebra } = run;
  const next = algebra.scope(() => {
    const sum = mapTree(algebra, add(algebra), run.parameters, frame.update);
    const gradientSquare = treeDot(algebra, frame.gradient, frame.gradient);
    const updateSquare = treeDot(algebra, frame.update, frame.update);
    frame.lossValue = algebra.number(frame.loss);
    frame.gradientNorm = Math.sqrt(algebra.number(gradientSquare));
    frame.updateNorm = Math.sqrt(algebra.number(updateSquare));
    readReported(run, frame);
    return sum;
  });
  if (!Number.isFinite(frame.lossValue + frame.gradientNorm + frame.updateNorm)) {
    run.lend(next);
    const trouble = findTrouble(run, frame, next);
    if (trouble !== null) {
      frame.outcome = trouble;
      keepLastGood(run, frame);
      return;
    }
    frame.gradientNorm = scaledNorm(algebra, frame.gradient);
    frame.updateNorm = scaledNorm(algebra, frame.update);
  }
  run.moveTo(next);
  frame.nextParameters = next;
  frame.stepped = true;
}

/** For a step that an operator ended: what can be told of it, and whether an operator before is to blame. */
export function endStep<T>(run: Run<T, unknown>, frame: Frame<T>): void {
  if (run.passed.length === 0) return;
  const { algebra } = run;
  frame.lossValue = algebra.number(frame.loss);
  frame.gradientNorm = scaledNorm(algebra, frame.gradient);
  frame.updateNorm = scaledNorm(algebra, frame.update);
  readReported(run, frame);
  const trouble = findTrouble(run, frame, run.parameters);
  if (trouble !== null && trouble.stage !== frame.outcome?.stage) frame.outcome = trouble;
  keepLastGood(run, frame);
}

function readReported<T>(run: Run<T, unknown>, frame: Frame<T>): void {
  if (run.reported !== null) frame.measures = readMeasures(run.algebra, run.reported);
}

function keepLastGood<T>(run: Run<T, unknown>, frame: Frame<T>): void {
  if (Number.isFinite(frame.lossValue)) return;
  run.moveBack();
  frame.nextParameters = run.parameters;
}

const add =
  <T>(algebra: Algebra<T>) =>
  (x: T, u: T): T =>
    algebra.add(x, u);

function findTrouble<T>(run: Run<T, unknown>, frame: Frame<T>, next: Tree<T>): Outcome | null {
  const { algebra } = run;
  const finite = (tree: Tree<T>) => algebra.scope(() => allFinite(algebra, tree));
  const verdict = (stage: string, what: string, kept = 'those before it'): Outcome => ({
    kind: 'nonFinite',
    message: `${what} at step ${frame.step}; the parameters are ${kept}`,
    stage,
    step: frame.step,
  });
  if (!Number.isFinite(frame.lossValue)) {
    const kept = run.previous === null ? 'those it began with' : 'the last with a finite loss';
    return verdict('gradient', `the loss was ${frame.lossValue}`, kept);
  }
  for (let i = 0; i < run.outputs.length; i++) {
    if (!finite(run.outputs[i])) {
      const { name } = run.passed[i];
      return verdict(name, `${name} made a NaN or ∞`);
    }
  }
  if (!finite(next)) return verdict(run.stage(), 'the parameters became NaN or ∞');
  return null;
}

function allFinite<T>(algebra: Algebra<T>, tree: Tree<T>): boolean {
  return leaves(algebra, tree).every((leaf) => algebra.number(algebra.finite(leaf)) === 1);
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
