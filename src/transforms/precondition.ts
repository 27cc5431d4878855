import { chosen, number } from '../algebra/option.js';
import type { State } from '../algebra/tree.js';
import type { Preconditioner } from './preconditioner.js';
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
  return {
    name: 'precondition',
    options: { damping, curvature: { name: curvature.name, options: curvature.options } },
    measures: curvature.measures,
    needs: curvature.needs,
    ...(curvature.routes && { routes: curvature.routes }),
    init: (parameters, algebra) => curvature.init(parameters, algebra),
    update<T>(context: Context<T>, state: State<T>): Step<T> {
      const observed = curvature.observe(context, state);
      const { state: ready, ...made } = curvature.refresh(context, observed, damping, false);
      if (made.outcome !== undefined) return { update: context.update, state: ready, ...made };
      return { update: curvature.solve(context, ready, damping), state: ready, ...made };
    },
  };
}
