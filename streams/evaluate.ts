import { map } from 'rxjs';
import { choice, chosen, type OptionsOf, required, whole } from '../src/algebra/option.js';
import { stateless } from '../src/transforms/transform.js';
import type { FrameOperator } from './lift.js';

export interface EvaluateOptions {
  /** Steps between two evaluations. */
  readonly every: number;
  /** What is evaluated: the new parameters, or the average kept by the last operator that averages. */
  readonly of?: 'parameters' | 'average';
}

export const evaluateOptions: OptionsOf<EvaluateOptions> = {
  every: required(whole(1, '[1, ∞)', 'steps between two evaluations')),
  of: choice('parameters', ['parameters', 'average'], 'what is evaluated'),
};

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
 * @throws StageError where the problem cannot evaluate, or nothing averages
 * @example pipe(gradient(), lifted(adam()), weightAverage({ warmup: 100 }), evaluate({ every: 100, of: 'average' }))
 */
export function evaluate(options: EvaluateOptions): FrameOperator {
  const { every, of } = chosen('evaluate', evaluateOptions, options);
  return (source) =>
    source.pipe(
      map((frame) => {
        const slot = frame.slot('evaluate', () => stateless, { every, of });
        if ((frame.step + 1) % every === 0) frame.afterStep(slot, () => frame.evaluate(of));
        return frame;
      }),
    );
}
