import { backtracking, fixedStep, hagerZhang, strongWolfe } from '../../../src/search/index.js';
import { dogleg, exact, steihaug } from '../../../src/trust-region/index.js';
import { type Form, form } from './form.js';

/** How far to go along a direction. */
export const searches: ReadonlyMap<string, Form> = new Map([
  ['fixedStep', form(({ alpha }: { alpha?: number }) => fixedStep(alpha), 'alpha')],
  ['backtracking', form(backtracking, 'c1', 'shrinkAtLeast', 'shrinkAtMost')],
  ['strongWolfe', form(strongWolfe, 'c1', 'c2')],
  ['hagerZhang', form(hagerZhang, 'delta', 'sigma', 'slack')],
]);

/** How a model is minimized within a trust region. */
export const subproblems: ReadonlyMap<string, Form> = new Map([
  ['exact', form(({ tolerance }: { tolerance?: number }) => exact(tolerance), 'tolerance')],
  ['dogleg', form(() => dogleg())],
  ['steihaug', form(() => steihaug())],
]);
