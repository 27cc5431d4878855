import type { OptionsOf } from '../algebra/option.js';
import { lu, luSolve, luWorkspace } from '../linalg/lu.js';
import type { Solver } from '../objective/solver.js';
import { descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { learningRate } from '../transforms/learning-rate.js';
import { newton as newtonDirection } from '../transforms/newton.js';
import { rate } from '../transforms/rate.js';
import type { Schedule } from '../transforms/schedule.js';
import { asSolver } from './as-solver.js';
import { hessianDirection, hessianNotFinite, hessianSingular } from './hessian-direction.js';
import { type Method, method } from './method.js';
import { searchOrRate } from './search-option.js';

export interface NewtonOptions {
  /** η, default 1. */
  learningRate?: number | Schedule;
  /** How far to go, default 'learningRate'; a method with a line search runs in `minimize`, not in a pipeline. */
  search?: LineSearch | 'learningRate';
}

export const newtonOptions: OptionsOf<NewtonOptions> = { learningRate: rate(1), search: searchOrRate() };

/**
 * Newton's method, undamped: x⁺ = x − ηH⁻¹∇f(x). For small problems that know their Hessian; it goes to the
 * nearest stationary point, whatever it is.
 *
 * A method for pipelines and a solver for `minimize` in one. A singular Hessian ends the run by an outcome, and
 * so does, with a search, a direction that ascends.
 * Source: Nocedal and Wright 2006, equation 2.15.
 *
 * @throws TypeError in a pipeline, where a search is given
 * @example minimize(booth(), [9, 8], newton())
 */
export function newton(options: NewtonOptions = {}): Method & Solver {
  const described = method<NewtonOptions>('newton', newtonOptions, options, ({ learningRate: eta }) => [
    newtonDirection(),
    learningRate(eta),
  ]);
  const { search = 'learningRate' } = options;
  if (search === 'learningRate') return { ...described, start: asSolver(described).start };
  const solver = descend(newtonSolve, search);
  return {
    ...described,
    options: solver.options,
    init() {
      throw new TypeError('newton(search): a pipeline has no line searches; leave it out, or use minimize');
    },
    start: solver.start,
  };
}

const newtonSolve = hessianDirection('newton', {}, (n) => {
  const workspace = luWorkspace(n);
  return (hessian, gradient, p) => {
    const factored = lu(hessian, n, workspace);
    if (factored.kind !== 'factored')
      return factored.kind === 'singular' ? hessianSingular : hessianNotFinite;
    luSolve(factored, gradient, p);
    for (let i = 0; i < n; i++) p[i] = -p[i];
    return undefined;
  };
});
