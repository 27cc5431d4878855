import type { OperatorFunction } from 'rxjs';
import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { float64, type HostArray } from '../../../src/index.js';
import { Control, type Environment, type Frame, realEnvironment, train } from '../../../streams/index.js';
import type { OptimizerSubject } from '../subject.js';
import { Misbehaviour } from './misbehaviour.js';
import { type Running, statefulSubject } from './stateful.js';

/** A pipeline of `fluxion/streams`, from frames to frames with an update. */
export type Pipeline = OperatorFunction<Frame<HostArray>, Frame<HostArray>>;

/**
 * A whole stream pipeline as a subject of the laws: `train` runs it on the gradients that a law chooses, a frame a
 * step, in turns that are taken here and now. One that waits for something else cannot be checked.
 *
 * @example pipelineSubject('mine', pipe(gradient(), momentum(0.9), learningRate(0.05)))
 */
export function pipelineSubject(
  name: string,
  pipeline: Pipeline,
  said: { readonly claims?: string; readonly options?: Readonly<Record<string, unknown>> },
  defaults: object,
): OptimizerSubject {
  const start = (x: Float64Array, shapes: readonly (readonly number[])[]) => running(pipeline, x, shapes);
  const subject = statefulSubject({ name, ...said, epsilon: float64.epsilon, start }, defaults);
  return { ...subject, scope: (body) => float64.scope(() => subject.scope(body)) };
}

function running(pipeline: Pipeline, x: Float64Array, shapes: readonly (readonly number[])[]): Running {
  const turns = new TurnsHere();
  const control = new Control();
  control.pause();
  const like = shapes.map((shape) => float64.fill(shape, 0));
  let gradient = new Float64Array();
  let frame: Float64Array | undefined;
  let failure: unknown;
  const problem = {
    name: 'chosen gradients',
    algebra: float64,
    start: () => unflatten(float64, x, like),
    value: () => float64.fill([], 1),
    valueAndGradient: () => ({ value: float64.fill([], 1), gradient: unflatten(float64, gradient, like) }),
  };
  const batches = {
    *[Symbol.iterator]() {
      for (;;) yield 0;
    },
  };
  const subscription = train(problem, batches, pipeline, { control, environment: turns }).subscribe({
    next: ({ nextParameters }) => {
      frame = Float64Array.from(flatten(float64, nextParameters));
    },
    error(error) {
      failure = error;
    },
  });
  return {
    step(_, g) {
      gradient = Float64Array.from(g);
      frame = undefined;
      control.step();
      turns.take(() => frame !== undefined || failure !== undefined);
      if (failure !== undefined) {
        throw new Misbehaviour(
          `the pipeline failed: ${failure instanceof Error ? failure.message : failure}`,
          { cause: failure },
        );
      }
      if (frame === undefined) {
        throw new Misbehaviour(
          'the pipeline kept a frame: expected each to come out in the turn in which it went in',
        );
      }
      return frame;
    },
    dispose: () => subscription.unsubscribe(),
  };
}

/** Turns of an event loop that are taken when they are asked for; timers never go off. */
class TurnsHere implements Environment {
  #waiting: (() => void)[] = [];

  now = () => 0;
  date = () => new Date(0);
  microtask = (task: () => void) => void this.#waiting.push(task);
  macrotask = (task: () => void) => void this.#waiting.push(task);
  timer = () => () => {};
  pending = () => ({ nothing: () => false });
  randomBytes = realEnvironment.randomBytes;

  /** Takes turns until one leads to the end, or none is left. */
  take(ended: () => boolean): void {
    for (let task = this.#waiting.shift(); task !== undefined && !ended(); task = this.#waiting.shift()) {
      task();
      if (ended()) return;
    }
  }
}
