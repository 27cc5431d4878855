import { MinimizationRun } from '../../../../src/methods/minimize.js';
import type { Iterate } from '../../../../src/objective/iterate.js';
import type { Readings } from '../../../../src/objective/measure.js';
import type { Outcome } from '../../../../src/objective/outcome.js';
import type { TestFunction } from '../../../../src/problems/index.js';
import type { Contestant } from '../../../cli/arguments/chosen-methods.js';
import { solverFor } from '../../../cli/arguments/solver-for.js';

/** How a method went on from a point. */
export interface Leap {
  /** The points tried, in order; the last one is where it went, unless the run ended there. */
  readonly trials: readonly Float64Array[];
  /** H of the model gᵀp + ½pᵀHp that the step was chosen by, [n, n], where the method has one. */
  readonly model?: Float64Array;
  /** What the method measured, such as λ, Δ or ρ. */
  readonly measures: Readings;
}

/** A point of a walk; without a leap, its last. */
export interface Stand extends Readonly<Iterate> {
  readonly leap?: Leap;
}

/** A run of a method, point by point. */
export interface Walk {
  readonly label: string;
  readonly stands: readonly Stand[];
  readonly outcome: Outcome;
}

/** A method that does not run on this function: why, in words. */
export interface Refusal {
  readonly label: string;
  readonly refused: string;
}

/** Runs a method from a start, at most so many steps, and keeps what it saw on its way. */
export function walk(
  { method, label }: Contestant,
  definition: TestFunction,
  start: readonly number[],
  limit: number,
): Walk | Refusal {
  let trials: Float64Array[] = [];
  /** The models told of since the step before: some methods make the next one as soon as they have moved. */
  let models: { at: Float64Array; hessian: Float64Array }[] = [];
  const observer = {
    trial: (x: Float64Array) => trials.push(x.slice()),
    model: (x: Float64Array, hessian: Float64Array) =>
      models.push({ at: x.slice(), hessian: hessian.slice() }),
  };
  let run: MinimizationRun;
  try {
    run = new MinimizationRun(definition, start, solverFor(method, definition), {
      maxIterations: limit,
      observer,
    });
  } catch (error) {
    return { label, refused: (error as Error).message };
  }
  const stands: Stand[] = [];
  while (run.outcome === undefined) {
    const here = standing(run);
    trials = [];
    run.advance();
    const { measures, x } = run.step();
    const model =
      models.findLast(({ at }) => same(at, here.x))?.hessian ??
      modelOf(method.name, method.options, measures, start);
    models = models.filter(({ at }) => same(at, x));
    if (run.outcome !== undefined && same(x, here.x) && trials.length === 0) break; // it ended without a step
    stands.push({ ...here, leap: { trials, ...(model && { model }), measures } });
  }
  const last = standing(run);
  const before = stands.at(-1);
  if (before === undefined || !same(before.x, last.x)) stands.push(last);
  return { label, stands, outcome: run.outcome };
}

/** The models of methods that have one without a matrix: gradient descent's is a bowl of curvature 1/η everywhere. */
function modelOf(
  name: string,
  options: Readonly<Record<string, unknown>>,
  measures: Readings,
  { length: n }: readonly number[],
): Float64Array | undefined {
  const curvature =
    name === 'gradientDescent' && typeof options.learningRate === 'number'
      ? 1 / options.learningRate
      : n === 1
        ? measures.curvature
        : undefined;
  if (typeof curvature !== 'number' || !Number.isFinite(curvature)) return undefined;
  return n === 1 ? Float64Array.of(curvature) : Float64Array.of(curvature, 0, 0, curvature);
}

function standing(run: MinimizationRun): Iterate {
  const { x, value, gradient } = run.step();
  return { x: x.slice(), value, gradient: gradient.slice() };
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.every((ai, i) => ai === b[i]);
}
