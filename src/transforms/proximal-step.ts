import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { mapTree } from '../algebra/tree.js';
import { describeRate, rateAt, rateMeasures, rate as rateOption } from './rate.js';
import type { Schedule } from './schedule.js';
import type { Context, Step, Transform } from './transform.js';

export interface ProximalStepOptions {
  /** η. */
  rate?: number | Schedule;
  /** λ ≥ 0: without decay it is the learning rate alone. */
  decay?: number;
}

const proximalStepOptions: OptionsOf<ProximalStepOptions> = {
  rate: rateOption(0.001),
  decay: number(0, '[0, ∞)', 'λ, the strength of the decay'),
};

/**
 * A step with decay taken at its end: x⁺ = (x − ηu)/(1 + ηλ), the minimum of ⟨u, x⁺⟩ + ‖x⁺ − x‖²/2η + ½λ‖x⁺‖².
 *
 * It stands in the place of the learning rate. To first order in ηλ it is decoupled decay; unlike that it shrinks
 * towards 0 for every η, and never past it.
 *
 * A scheduled rate is measured, as `rate`.
 *
 * State: `count`, the updates made so far.
 * Source: Zhuang et al. 2022, section 3.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(scaleByNesterovMoments(), proximalStep({ rate: 0.001, decay: 0.02 }))
 */
export function proximalStep(options: ProximalStepOptions = {}): Transform {
  const { rate, decay } = chosen('proximalStep', proximalStepOptions, options);
  return {
    name: 'proximalStep',
    options: { rate: describeRate(rate), decay },
    ...(typeof rate !== 'number' && { measures: rateMeasures }),
    init: () => ({ count: 0 }),
    update<T>({ algebra, update, parameters }: Context<T>, { count }: { count: number }): Step<T> {
      const eta = rateAt(rate, count);
      const shrink = 1 + eta * decay;
      const step = (u: T, x: T) => algebra.combine(-eta / shrink, u, (-eta * decay) / shrink, x);
      return {
        update: mapTree(algebra, step, update, parameters),
        state: { count: count + 1 },
        ...(typeof rate !== 'number' && { measures: { rate: eta } }),
      };
    },
  };
}
