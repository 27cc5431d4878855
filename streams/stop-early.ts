import { map } from 'rxjs';
import { choice, chosen, number, type OptionsOf, required, whole } from '../src/algebra/option.js';
import type { Outcome } from '../src/index.js';
import type { FrameOperator } from './lift.js';

export interface StopEarlyOptions {
  /** Measurements without improvement after which the run ends. */
  readonly patience: number;
  /** What is watched: the loss of each evaluation, which stands in the pipeline before, or of each step. */
  readonly of?: 'evaluation' | 'loss';
  /** By how much a loss has to be below the best one to count as better. */
  readonly improvement?: number;
}

export const stopEarlyOptions: OptionsOf<StopEarlyOptions> = {
  patience: required(whole(1, '[1, ∞)', 'measurements without improvement after which the run ends')),
  of: choice(
    'evaluation',
    ['evaluation', 'loss'],
    'whose loss is watched: of each evaluation, or of each step',
  ),
  improvement: number(0, '[0, ∞)', 'by how much a loss has to be below the best one to count as better'),
};

/**
 * Ends the run with the outcome `stopped` when the loss has not improved for a while.
 *
 * ```
 * loss  ──3────2────2────2────▶
 *      stopEarly({ patience: 2, of: 'loss' })
 *       ──3────2────2────2|      the last frame has the outcome
 * ```
 *
 * State: the best loss, and how many measurements ago it was.
 * Source: Prechelt 1998, the criterion UP.
 *
 * @throws RangeError on a value outside its interval; StageError at the first step where no `evaluate` stands before
 * @example pipe(gradient(), lifted(adam()), evaluate({ every: 100 }), stopEarly({ patience: 5 }))
 */
export function stopEarly(options: StopEarlyOptions): FrameOperator {
  const { patience, of, improvement } = chosen('stopEarly', stopEarlyOptions, options);
  const settings = { patience, of, improvement };
  return (source) =>
    source.pipe(
      map((frame) => {
        const first = () => {
          if (of === 'evaluation' && !frame.operators.some(({ name }) => name === 'evaluate')) throw unheard;
          return { best: Number.POSITIVE_INFINITY, since: 0 };
        };
        const slot = frame.slot('stopEarly', first, settings);
        frame.afterStep(slot, () => {
          const loss = of === 'loss' ? frame.lossValue : frame.evaluation?.loss;
          if (loss === undefined) return;
          const { best, since } = slot.state as { best: number; since: number };
          const better = loss < best - improvement;
          slot.state = better ? { best: loss, since: 0 } : { best, since: since + 1 };
          if (!better && since + 1 >= patience) frame.end(noBetter(of, patience, best));
        });
        return frame;
      }),
    );
}

const unheard = new TypeError(
  "stopEarly(of): expected an evaluate(…) before it; to watch the loss of each step use of: 'loss'",
);

const noBetter = (of: string, patience: number, best: number): Outcome => ({
  kind: 'stopped',
  message: `no better ${of === 'loss' ? 'loss' : 'loss on evaluation'} than ${best} in ${patience} measurements`,
  stage: 'stopEarly',
});
