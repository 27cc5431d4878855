import { type Domain, type Factory, type Option, option, positional } from '../algebra/option.js';
import { dogleg } from './dogleg.js';
import { exact, exactOptions } from './exact-subproblem.js';
import type { Subproblem } from './quadratic-model.js';
import { steihaug, steihaugOptions } from './steihaug.js';

/** The ways to minimize a model within a trust region. */
export const subproblems: readonly Factory<Subproblem>[] = [
  positional('exact', exactOptions, exact),
  positional('dogleg', {}, dogleg),
  positional('steihaug', steihaugOptions, steihaug),
];

const subproblemsOfRegions: Domain = {
  kind: 'made',
  what: 'a subproblem',
  example: 'exact()',
  by: () => subproblems,
  includes: (value) => typeof (value as Subproblem | null)?.start === 'function',
};

/** A subproblem as an option. */
export function subproblemOption(value: Subproblem): Option<Subproblem> {
  return option(value, subproblemsOfRegions, 'how the model is minimized within the region');
}
