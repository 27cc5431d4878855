import { shown } from '../../../src/algebra/argument.js';
import type { Problem, Residuals } from '../../../src/objective/index.js';
import type { TestFunction } from '../../../src/problems/index.js';
import type { UserModel } from '../../../src/tensors/index.js';
import type { BatchSource } from '../../../streams/index.js';
import { findProblem, functionSetting, modelSetting, type ProblemOptions } from './problem.js';
import { firstOrderMethods, type ModelSetting, type Setting } from './setting.js';

/** A function of n variables with its name and start; with residuals where it is a sum of squares. */
export type RacedFunction = TestFunction & Partial<Residuals>;

/** What methods can be raced on: a name as typed, a function, a model as a module exports it, a problem over batches. */
export type RacedProblem<T = unknown, B = unknown> = string | RacedFunction | UserModel | Problem<T, B>;

export type BatchesOf<B> = ((seed: number) => BatchSource<B>) | undefined;

/** @throws TypeError unless it is a problem, with batches where it needs them and without where it does not */
export function checkRaced<T, B>(problem: RacedProblem<T, B>, batches: BatchesOf<B>): void {
  const given: unknown = problem;
  const isObject = given !== null && typeof given === 'object';
  const known = isObject && ['valueAndGradient', 'loss', 'value'].some((name) => name in given);
  if (typeof given !== 'string' && !known) {
    throw new TypeError(
      `race(problem): expected a name such as 'rosenbrock', a function with name and start, or a problem, got ${shown(given)}`,
    );
  }
  const overBatches = isObject && 'valueAndGradient' in given;
  if (overBatches === (batches !== undefined)) return;
  throw new TypeError(
    overBatches
      ? 'race(batches): expected a function from a seed to the batches of the problem, got none'
      : 'race(batches): expected none, as only a Problem over batches takes them; leave it out',
  );
}

/** The setting of a race. Names are looked up, and TensorFlow.js is loaded only where the problem needs it. */
export async function racedSetting<T, B>(
  problem: RacedProblem<T, B>,
  batches: BatchesOf<B>,
  options: ProblemOptions,
): Promise<Setting> {
  if (typeof problem === 'string') return findProblem(problem, options);
  if ('valueAndGradient' in problem) return overBatches(problem, batches!) as ModelSetting;
  if ('loss' in problem) return modelSetting(problem, undefined, options);
  return functionSetting(problem, undefined, options);
}

function overBatches<T, B>(
  problem: Problem<T, B>,
  batches: (seed: number) => BatchSource<B>,
): ModelSetting<T, B> {
  return {
    kind: 'model',
    name: problem.name,
    problem,
    source: batches,
    defaults: { methods: firstOrderMethods, steps: 1_000 },
    evaluateEvery: 100,
    checkpointEvery: 100,
  };
}
