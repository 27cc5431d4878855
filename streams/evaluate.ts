import { map } from 'rxjs';
import { knownOptions, wholeNumber } from '../src/algebra/argument.js';
import { stateless } from '../src/transforms/transform.js';
import type { FrameOperator } from './lift.js';

/**
 * Asks the problem, after every so many steps, what the new parameters are worth on data not trained on.
 *
 * ```
 * ──f₀──f₁──f₂──f₃──▶
 *      evaluate({ every: 2 })
 * ──f₀──f₁──f₂──f₃──▶   f₁ and f₃ have an evaluation, of x₂ and x₄
 * ```
 *
 * It may stand anywhere: it is done when the update has been added, before the frame is given out, and its
 * time is not the step's.
 *
 * @throws StageError where the problem cannot evaluate
 * @example pipe(gradient(), lifted(adam()), evaluate({ every: 100 }))
 */
export function evaluate(options: { readonly every: number }): FrameOperator {
  knownOptions('evaluate', options, ['every']);
  const { every } = options;
  wholeNumber('evaluate', 'every', every, '[1, ∞)');
  return (source) =>
    source.pipe(
      map((frame) => {
        const slot = frame.slot('evaluate', () => stateless, { every });
        if ((frame.step + 1) % every === 0) frame.afterStep(slot, () => frame.evaluate());
        return frame;
      }),
    );
}
