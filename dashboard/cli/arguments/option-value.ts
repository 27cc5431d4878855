import { nearestName } from '../../../src/algebra/nearest-name.js';
import type { Option } from '../../../src/algebra/option.js';
import { constant, exact, fixedStep } from '../../../src/index.js';
import { type Form, made } from './form.js';
import type { Call, Value } from './method-list.js';
import { schedules } from './schedule.js';
import { searches, subproblems } from './step-length.js';

/** What calls can make, each kind with one of its kind: an option that takes the one takes all of them. */
const kinds: readonly { readonly forms: ReadonlyMap<string, Form>; readonly sample: unknown }[] = [
  { forms: schedules, sample: constant(1) },
  { forms: searches, sample: fixedStep(1) },
  { forms: subproblems, sample: exact() },
];

/**
 * What a value typed for an option means: `strongWolfe(c2=0.5)`, `strongWolfe()` and `strongWolfe` are searches
 * where the option takes one, and all that is no call is what it says.
 *
 * @throws RangeError or TypeError naming the nearest search, subproblem or schedule, or a value not allowed
 */
export function optionValue(where: string, option: Option<unknown>, value: Value): unknown {
  if (typeof value !== 'object' && (typeof value !== 'string' || allowed(option, value))) return value;
  const forms = new Map(
    kinds.filter(({ sample }) => allowed(option, sample)).flatMap(({ forms }) => [...forms]),
  );
  if (typeof value === 'object') {
    if (forms.size > 0) return made(where, value, forms);
    throw new TypeError(`${where}: expected ${option.domain}, got ${value.text}`);
  }
  // A word that is like none of the names is left for the option's own check to refuse.
  if (nearestName(value, forms.keys()) === undefined) return value;
  return made(where, { name: value, options: {}, text: value }, forms);
}

/** Whether what a call makes is of a kind that the option takes. */
export function takes(option: Option<unknown>, { name }: Call): boolean {
  return kinds.some(({ forms, sample }) => forms.has(name) && allowed(option, sample));
}

function allowed(option: Option<unknown>, value: unknown): boolean {
  try {
    option.check('', '', value);
    return true;
  } catch {
    return false;
  }
}
