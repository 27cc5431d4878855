import { knownOptions } from '../algebra/argument.js';
import { type Chain, chain } from '../transforms/chain.js';
import type { OptionValue, Transform } from '../transforms/transform.js';

/** A named optimizer: a chain that ends in the learning rate, so that its update is ready to be added. */
export type Method = Chain;

/**
 * Fills in a method's defaults and composes its parts.
 *
 * @throws TypeError on an option the method does not have
 */
export function method<O extends object>(
  name: string,
  defaults: Required<O>,
  options: O,
  parts: (options: Required<O>) => readonly Transform[],
): Method {
  knownOptions(name, options, Object.keys(defaults));
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const chosen = { ...defaults, ...given } as Required<O>;
  return { ...chain(...parts(chosen)), name, options: plain(chosen) };
}

/** Options as plain values: a schedule is shown by its own options, a mask or other function by its name. */
function plain(options: object): { [name: string]: OptionValue } {
  const shown: { [name: string]: OptionValue } = {};
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'function') shown[name] = value.name || 'function';
    else if (value !== null && typeof value === 'object' && 'at' in value) shown[name] = value.options;
    else shown[name] = value;
  }
  return shown;
}
