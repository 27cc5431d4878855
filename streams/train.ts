import { Observable, type OperatorFunction } from 'rxjs';
import { shown } from '../src/algebra/argument.js';
import { chosen, number, type OptionsOf, whole, wholeOrInfinite } from '../src/algebra/option.js';
import type { Problem } from '../src/objective/problem.js';
import type { Checkpoint } from './checkpoint.js';
import { checkPipeline } from './composed.js';
import type { Control } from './control.js';
import type { Environment } from './environment.js';
import type { Frame } from './frame.js';
import { type BatchSource, toBatches } from './iterated-batches.js';
import { Loop } from './loop.js';

export interface TrainOptions {
  /** Decides start and random numbers of the run. */
  readonly seed?: number;
  /** The number of the step to end before, counted from the very first one. */
  readonly steps?: number;
  /** How long a frame may stay away in the pipeline, in milliseconds. */
  readonly frameTimeout?: number;
  /** How long the run keeps its thread before sockets and timers get a turn. */
  readonly sliceMilliseconds?: number;
  /** Pause, resume, step, stop. */
  readonly control?: Control;
  /** Ends the run with the outcome `stopped` at once, a frame in flight included. */
  readonly signal?: AbortSignal;
  /** Where to go on, bit for bit as if the run had never ended. */
  readonly checkpoint?: Checkpoint;
  /** Clock and turns; by default those of this machine. */
  readonly environment?: Environment;
}

const handed = ['control', 'signal', 'checkpoint', 'environment'] as const;

export const trainOptions: OptionsOf<Omit<TrainOptions, (typeof handed)[number]>> = {
  seed: whole(0, '(-∞, ∞)', 'decides start and random numbers of the run'),
  steps: wholeOrInfinite('[0, ∞)', 'the number of the step to end before, counted from the very first one'),
  frameTimeout: number(30_000, '(0, ∞)', 'how long a frame may stay away in the pipeline, in milliseconds'),
  sliceMilliseconds: number(8, '(0, ∞)', 'how long the run keeps its thread before others get a turn'),
};

/**
 * Trains: sends a frame a step through the pipeline, adds the update it returns with, and gives it out.
 *
 * ```
 *  batches  ──b₀──────b₁──────b₂────▶   one is asked for when a step wants it
 *  pipeline ──f₀──f₀──f₁──f₁──f₂──f₂▶   one frame in flight
 *  train    ──────f₀──────f₁──────f₂▶   xₖ₊₁ = xₖ + update
 * ```
 *
 * Cold: every subscription is a run of its own, that begins in the next macrotask. The frames' arrays are lent
 * until the next frame. Any operator may stand in the pipeline, asynchronous ones too, that passes every frame
 * on exactly once. The last frame carries the outcome; it took no step where the end came before one.
 * A NaN or ∞ is an outcome; a throw or rejection is a `StageError`.
 *
 * @throws TypeError, RangeError on wrong options
 * @example
 * train(problem, batches(examples, { size: 128, seed: 1 }), pipe(gradient(), momentum(0.9), learningRate(0.05)), {
 *   steps: 2_000,
 * }).subscribe((frame) => console.log(frame.step, frame.lossValue));
 */
export function train<T, B>(
  problem: Problem<T, B>,
  batches: BatchSource<NoInfer<B>>,
  pipeline: OperatorFunction<Frame<T>, Frame<T>>,
  options: TrainOptions = {},
): Observable<Frame<T>> {
  const settings = chosen('train', trainOptions, options, handed);
  checkProblem(problem);
  const source = toBatches(batches);
  checkPipeline(pipeline);
  return new Observable((subscriber) => {
    const loop = new Loop(problem, source, pipeline, subscriber, {
      ...options,
      ...settings,
    });
    loop.start();
    return () => loop.close();
  });
}

/** @throws TypeError naming the way from what is no problem yet */
function checkProblem(problem: unknown): void {
  const given = (problem ?? {}) as { readonly [name: string]: unknown };
  if (typeof given.valueAndGradient === 'function' && typeof given.start === 'function' && given.algebra)
    return;
  let way = '';
  if (typeof problem === 'function') way = '; fromLoss({ name, parameters, loss, batches }) makes a loss one';
  else if (typeof given.loss === 'function' && 'parameters' in given) way = '; fromLoss(…) makes it one';
  else if (typeof given.fit === 'function') way = '; fromLayers(model, loss) makes it one';
  else if (typeof given.value === 'function')
    way = '; fromFunction(…) makes a function with name and start one';
  throw new TypeError(
    `train(problem): expected a problem such as classification(mlp([784, 10])), got ${shown(problem)}${way}`,
  );
}
