import { Observable } from 'rxjs';
import { chosen } from '../src/algebra/option.js';
import { MinimizationRun, type MinimizeOptions, type MinimizeStep } from '../src/methods/minimize.js';
import type { Minimization } from '../src/objective/evaluations.js';
import type { Outcome } from '../src/objective/outcome.js';
import type { Solver } from '../src/objective/solver.js';
import type { Control } from './control.js';
import { stopped } from './ends.js';
import { type Environment, realEnvironment } from './environment.js';
import { Slices } from './slices.js';
import { trainOptions } from './train.js';
import { Turns } from './turns.js';

export interface IterateOptions extends Omit<MinimizeOptions, 'onStep'> {
  /** How long the run keeps its thread before sockets and timers get a turn. */
  readonly sliceMilliseconds?: number;
  /** Pause, resume, step, stop. */
  readonly control?: Control;
  /** Clock and turns; by default those of this machine. */
  readonly environment?: Environment;
}

/** Those of a stream; the others are `minimize`'s. */
export const iterateOptions = { sliceMilliseconds: trainOptions.sliceMilliseconds };

/** Where a minimization stands. The arrays are lent until the next frame: copy what should live longer. */
export interface IterateFrame extends MinimizeStep {
  /** Set in the last frame. */
  readonly outcome?: Outcome;
  /** Time spent on this iteration alone. */
  readonly milliseconds: number;
}

/**
 * The run of `minimize` as a stream: a frame for the start and one for each iteration, bitwise the same.
 *
 * ```
 *  iterate  ──x₀──x₁──x₂──…──xₖ|   the last frame carries the outcome
 * ```
 *
 * Cold: every subscription is a run of its own, that begins in the next macrotask and leaves its thread every
 * 8 ms. An error of the user's function is the stream's error.
 *
 * @throws TypeError, RangeError on wrong options, when subscribed
 * @example
 * iterate(rosenbrock(2), [-1.2, 1], bfgs()).subscribe(({ iteration, value }) => console.log(iteration, value));
 */
export function iterate(
  problem: Minimization,
  start: ArrayLike<number>,
  solver: Solver,
  options: IterateOptions = {},
): Observable<IterateFrame> {
  const { sliceMilliseconds: given, control, environment = realEnvironment, ...rest } = options;
  const { sliceMilliseconds } = chosen('iterate', iterateOptions, { sliceMilliseconds: given });
  return new Observable((subscriber) => {
    let run: MinimizationRun | undefined;
    const turns = new Turns(control);
    let waiting = false;

    const give = (now: MinimizationRun, milliseconds: number) => {
      const { outcome } = now;
      subscriber.next({ ...now.step(), milliseconds, ...(outcome !== undefined && { outcome }) });
      if (outcome !== undefined) subscriber.complete();
    };
    const slice = () => {
      if (subscriber.closed) return;
      let begin = environment.now();
      /** The time since the last call, or since the slice began. */
      const spent = () => {
        const before = begin;
        begin = environment.now();
        return begin - before;
      };
      try {
        if (run === undefined) {
          run = new MinimizationRun(problem, start, solver, rest);
          give(run, spent());
        }
        while (!subscriber.closed) {
          const turn = turns.next();
          if (turn === 'wait') {
            waiting = true;
            return;
          }
          if (turn === 'stop') {
            run.outcome = stopped(control!);
            give(run, 0);
            return;
          }
          spent(); // what the frame's consumer took is not the iteration's
          run.advance();
          give(run, spent());
          if (!slices.over) continue;
          slices.another();
          return;
        }
      } catch (cause) {
        subscriber.error(cause);
      }
    };

    const slices = new Slices(sliceMilliseconds, slice, environment);
    slices.another();
    return turns.watch(() => {
      if (!waiting) return;
      waiting = false;
      slices.another();
    });
  });
}
