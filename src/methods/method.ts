import { chosen, type OptionsOf } from '../algebra/option.js';
import { type Chain, chained } from '../transforms/chain.js';
import { isSchedule } from '../transforms/schedule.js';
import { describeSelection } from '../transforms/selection.js';
import type { OptionValue, Transform } from '../transforms/transform.js';

/** A named optimizer: a chain that ends in the learning rate, so that its update is ready to be added. */
export type Method = Chain;

/**
 * Fills in a method's defaults, checks its options and composes its parts.
 *
 * @throws TypeError on an option the method does not have; RangeError or TypeError on a value not allowed
 */
export function method<O extends object>(
  name: string,
  described: OptionsOf<O>,
  options: O,
  parts: (options: Required<O>) => readonly Transform[],
): Method {
  const values = chosen(name, described, options);
  return chained(parts(values), { name, options: plain(values) });
}

/** Options as plain values: a schedule is shown by its own options, a selection by its text or name. */
function plain(options: object): { [name: string]: OptionValue } {
  const shown: { [name: string]: OptionValue } = {};
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'function' || value instanceof RegExp) shown[name] = describeSelection(value);
    else if (isSchedule(value)) shown[name] = value.options;
    else shown[name] = value;
  }
  return shown;
}
