import { defer, isObservable, map, type Observable } from 'rxjs';
import { shown } from '../src/algebra/argument.js';
import type { State } from '../src/index.js';
import { inRole } from '../src/objective/role.js';
import type { Transform } from '../src/transforms/transform.js';
import type { Frame } from './frame.js';
import { refuseProblem } from './needs.js';

/** An operator on frames of any arithmetic. */
export type FrameOperator = <T>(source: Observable<Frame<T>>) => Observable<Frame<T>>;

/**
 * Turns a transform into an operator: each frame's update goes through it, its state lives in the run.
 *
 * ```
 * ──update u────────────▶
 *      lift(t)
 * ──update t(u)─────────▶
 * ```
 *
 * A pipeline of lifted transforms equals `chain` of them bitwise. A problem that cannot give the transform what it
 * needs is refused when the run starts.
 *
 * @throws TypeError where `transform` is none
 * @example pipe(gradient(), lift(momentum(0.9)), lift(learningRate(0.05)))
 */
export function lift(transform: Transform): FrameOperator {
  inRole('lift', 'transform', 'method', transform);
  const { name, options, measures } = transform;
  const init: Transform['init'] = (parameters, algebra) => transform.init(parameters, algebra);
  const update = <T>(frame: Frame<T>, state: State<T>) => transform.update(frame, state);
  return (source) => {
    if (!isObservable(source)) throw new TypeError(`lift(${name}): expected a stream, got ${shown(source)}`);
    return defer(() => {
      refuseProblem(transform);
      return source.pipe(
        map((frame) => {
          frame.perform(frame.slot(name, init, options, measures), update);
          return frame;
        }),
      );
    });
  };
}
