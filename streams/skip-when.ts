import { filter, map, merge, type Observable, share, tap } from 'rxjs';
import { stateless } from '../src/transforms/transform.js';
import type { Frame } from './frame.js';
import type { FrameOperator } from './lift.js';

/**
 * Leads a frame round an operator where the predicate holds, so that no frame gets lost.
 *
 * ```
 * ──f₀────f₁────f₂───────▶
 *      skipWhen(({ step }) => step === 1, operator)
 * ──g₀────f₁────g₂───────▶   gₖ = operator(fₖ)
 * ```
 *
 * The operator keeps its state in the frames that go round it. What the predicate throws ends the run.
 *
 * @example skipWhen(({ step }) => step < 100, clipByNorm(1))
 */
export function skipWhen(
  predicate: (frame: Frame<unknown>) => boolean,
  operator: FrameOperator,
): FrameOperator {
  return <T>(source: Observable<Frame<T>>) => {
    let leave: (() => void) | null = null; // how the frame in flight leaves the operator
    const decided = source.pipe(
      map((frame) => {
        const slot = frame.slot('skipWhen', () => stateless);
        slot.worked(0);
        try {
          const round = predicate(frame as Frame<unknown>);
          leave = round ? null : frame.enter(slot);
          return { frame, round };
        } catch (cause) {
          throw frame.failure(slot.name, cause);
        }
      }),
      share(),
    );
    const round = decided.pipe(
      filter((decision) => decision.round),
      map(({ frame }) => frame),
    );
    const through = decided.pipe(
      filter((decision) => !decision.round),
      map(({ frame }) => frame),
      operator,
      tap(() => leave?.()),
    );
    return merge(round, through);
  };
}
