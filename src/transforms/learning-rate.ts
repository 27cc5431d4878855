import { mapTree } from '../algebra/tree.js';
import { rateMeasures as measures, rate as rateOption } from './rate.js';
import type { Schedule } from './schedule.js';
import { type Context, type Step, stateless, type Transform } from './transform.js';

const allowed = rateOption(0);

/**
 * Turns a direction of ascent into the step that the loop adds: u ← −η·u.
 *
 * η is a number, or a schedule of the number of updates made so far (from 0), which is then the state;
 * it is then measured, as `rate`.
 *
 * @throws RangeError unless a constant rate lies in [0, ∞); TypeError unless it is a number or a schedule
 * @example chain(momentum(0.9), learningRate(cosine({ from: 0.1, steps: 1_000 })))
 */
export function learningRate(rate: number | Schedule): Transform {
  allowed.check('learningRate', 'rate', rate);
  if (typeof rate === 'number') {
    return {
      name: 'learningRate',
      options: { rate },
      init: () => stateless,
      update: (context) => scaled(context, -rate, stateless),
    };
  }
  return {
    name: 'learningRate',
    options: { rate: rate.options },
    measures,
    init: () => ({ count: 0 }),
    update<T>(context: Context<T>, { count }: { count: number }): Step<T> {
      const eta = rate.at(count);
      return { ...scaled(context, -eta, { count: count + 1 }), measures: { rate: eta } };
    },
  };
}

function scaled<T>({ algebra, update }: Context<T>, factor: number, state: Step<T>['state']): Step<T> {
  return { update: mapTree(algebra, (u) => algebra.mul(u, factor), update), state };
}
