import { chosen, number } from '../algebra/option.js';
import type { Saved } from '../algebra/saved.js';
import type { State } from '../algebra/tree.js';
import type { Preconditioner, Ready } from './preconditioner.js';
import { madeReady } from './refresh-beside.js';
import { type Asked, type RefreshedState, refreshedBy } from './refreshed.js';
import type { Context, Step, Transform } from './transform.js';

export const preconditionOptions = {
  damping: number(1e-3, '[0, ∞)', 'λ, what is added to the curvature'),
};

/**
 * The direction of a curvature with a constant damping: u ← (C + λI)⁻¹u.
 *
 * State: the curvature's own.
 *
 * @throws RangeError unless damping ≥ 0
 * @example chain(precondition(kroneckerCurvature(), { damping: 1e-2 }), clipByKl(0.1), momentum(0.9), learningRate(0.1))
 */
export function precondition(curvature: Preconditioner, options: { damping?: number } = {}): Transform {
  const { damping } = chosen('precondition', preconditionOptions, options);
  const described = {
    name: 'precondition',
    options: { damping, curvature: { name: curvature.name, options: curvature.options } },
    measures: curvature.measures,
    needs: curvature.needs,
    ...(curvature.routes && { routes: curvature.routes }),
  };
  const solved = <T>(context: Context<T>, ready: Ready<T>, state: State<T>): Step<T> => {
    const { state: own, ...made } = ready;
    if (made.outcome !== undefined) return { update: context.update, state, ...made };
    return { update: curvature.solve(context, own, damping), state, ...made };
  };
  const { beside } = curvature;
  if (beside === undefined) {
    return {
      ...described,
      init: (parameters, algebra) => curvature.init(parameters, algebra),
      update<T>(context: Context<T>, state: State<T>): Step<T> {
        const ready = curvature.refresh(context, curvature.observe(context, state), damping, false);
        return solved(context, ready, ready.state);
      },
    };
  }
  return refreshedBy({
    ...described,
    work: beside.work,
    delay: beside.delay,
    init: (parameters, algebra) => ({ count: 0, own: curvature.init(parameters, algebra), asked: [] }),
    updateBy<T>(context: Context<T>, given: State<T>, answer: (asked: Asked<T>) => Saved): Step<T> {
      const before = given as RefreshedState<T>;
      const observed = curvature.observe(context, before.own);
      const made = madeReady(curvature, context, observed, { damping, force: false }, before, answer);
      const state = { count: before.count + 1, own: made.ready.state, asked: made.asked };
      return solved(context, made.ready, state);
    },
  });
}
