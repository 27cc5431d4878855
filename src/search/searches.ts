import { type Domain, type Factory, factory, type Option, option, positional } from '../algebra/option.js';
import { backtracking, backtrackingOptions } from './backtracking.js';
import { fixedStep, fixedStepOptions } from './fixed-step.js';
import { hagerZhang, hagerZhangOptions } from './hager-zhang.js';
import type { LineSearch } from './line-search.js';
import { strongWolfe, strongWolfeOptions } from './strong-wolfe.js';

/** The line searches there are. */
export const searches: readonly Factory<LineSearch>[] = [
  positional('fixedStep', fixedStepOptions, fixedStep),
  factory('backtracking', backtrackingOptions, backtracking),
  factory('strongWolfe', strongWolfeOptions, strongWolfe),
  factory('hagerZhang', hagerZhangOptions, hagerZhang),
];

const lineSearches: Domain = {
  kind: 'made',
  what: 'a line search',
  example: 'strongWolfe()',
  by: () => searches,
  // A string has a method of that name too.
  includes: (value) =>
    typeof value === 'object' && typeof (value as LineSearch | null)?.search === 'function',
};

/** A line search as an option: `strongWolfe({ c2: 0.5 })` in code and `strongWolfe(c2=0.5)` on the command line. */
export function searchOption(value: LineSearch): Option<LineSearch> {
  return option(value, lineSearches, 'how far to go along the direction');
}
