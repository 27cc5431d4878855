import type { MethodDescription } from '../../../record/events.js';
import type { Branch, OptionChange } from '../../../server/protocol.js';

/** The options of a method that a new run can have otherwise: numbers, switches and words. */
export function branchOptions({ options }: MethodDescription): [name: string, value: OptionChange][] {
  return Object.entries(options).flatMap(([name, value]): [string, OptionChange][] => {
    const isWord = typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value);
    const isPlain = typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
    return isPlain || isWord ? [[name, value as OptionChange]] : [];
  });
}

/**
 * What was typed as changes of options, each of the kind that it was; those that stay as they are left out.
 *
 * @throws RangeError naming an option whose text is no number
 */
export function changesTyped(
  options: readonly (readonly [name: string, value: OptionChange])[],
  typed: (name: string) => string,
): Branch['changes'] {
  const changes: Record<string, OptionChange> = {};
  for (const [name, before] of options) {
    const text = typed(name).trim();
    const now =
      typeof before === 'number' ? Number(text) : typeof before === 'boolean' ? text === 'true' : text;
    if (typeof now === 'number' && (text === '' || !Number.isFinite(now))) {
      throw new RangeError(`${name}: expected a number, got '${text}'`);
    }
    if (now !== before) changes[name] = now;
  }
  return changes;
}
