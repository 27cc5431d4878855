import { catchError, concatMap, defer, finalize, from, map, type Observable, of } from 'rxjs';
import { type Algebra, type Saved, type State, save } from '../src/index.js';
import type { Asked, Refreshed, Waiting } from '../src/transforms/refreshed.js';
import type { Frame } from './frame.js';
import type { FrameOperator } from './lift.js';
import { refuseProblem } from './needs.js';

/** Where works are done beside the steps, by name. */
export interface Workplace {
  /** Rejects where the work is unknown there, or fails. */
  work(name: string, request: Saved): Promise<Saved>;
  close(): void;
}

/**
 * Lifts a transform whose long work is done in a thread, from the step on that asks for it.
 *
 * ```
 * ──f₀──f₁──f₂──f₃──f₄──▶   the work asked for at f₀ …
 *      refreshInThread(refreshed(…, 2), linalgThread)
 * ──g₀──g₁────g₂──g₃──g₄▶   … is used from g₂ on: if it is late, f₂ waits for it
 * ```
 *
 * Bitwise the run of `lift(transform)`, whatever the thread's speed. With a delay of 0 the work is done in place.
 * Each run has a workplace of its own, opened when it begins and closed when it ends. A wait longer than the run's
 * `frameTimeout` ends it with an error, as a work that fails does.
 *
 * @example pipe(gradient(), refreshInThread(refreshed(inverseCovariance, 2), linalgThread), learningRate(0.1))
 */
export function refreshInThread(transform: Refreshed, open: () => Workplace): FrameOperator {
  const { name, options, measures, work } = transform;
  return <T>(source: Observable<Frame<T>>) =>
    defer(() => {
      refuseProblem(transform);
      const workplace = open();
      const underWay = new Map<number, Promise<Saved>>(); // by the update at which the answer is due
      const begin = (algebra: Algebra<T>, { due, request }: Asked<T>) => {
        if (underWay.has(due)) return;
        const answer = workplace.work(work.name, save(algebra, request));
        answer.catch(() => {}); // told when it is due, if the run gets there
        underWay.set(due, answer);
      };
      const memory = (frame: Frame<T>) =>
        frame.slot(name, (parameters, algebra) => transform.init(parameters, algebra), options, measures);
      return source.pipe(
        concatMap((frame) => {
          const slot = memory(frame);
          const perform = (answer?: Saved) => {
            frame.perform(slot, (_, state) =>
              transform.updateBy(
                frame,
                state as State<T> & Waiting<T>,
                ({ request }) => answer ?? work.run(save(frame.algebra, request)),
              ),
            );
            for (const asked of (slot.state as Waiting<T>).asked) begin(frame.algebra, asked);
            return frame;
          };
          const { count, asked } = slot.state as Waiting<T>;
          const next = asked[0];
          if (frame.outcome !== undefined || next === undefined || next.due > count) return of(perform());
          begin(frame.algebra, next); // asked for before the checkpoint that this run goes on from
          const answer = underWay.get(next.due)!;
          underWay.delete(next.due);
          return from(frame.waitFor(answer)).pipe(
            catchError((cause) => {
              throw frame.failure(name, cause);
            }),
            map(perform),
          );
        }),
        finalize(() => workplace.close()),
      );
    });
}
