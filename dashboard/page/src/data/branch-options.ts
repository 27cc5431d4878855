import type { MethodDescription } from '../../../record/events.js';
import type { Branch, OptionChange } from '../../../server/protocol.js';

/** The options of a method that a new run can have otherwise: numbers, switches, words, schedules and searches. */
export function branchOptions({ options }: MethodDescription): [name: string, value: OptionChange][] {
  return Object.entries(options).flatMap(([name, value]): [string, OptionChange][] => {
    const isWord = typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value);
    const isPlain = typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
    if (isPlain || isWord) return [[name, value as OptionChange]];
    const call = callText(value);
    return call === undefined ? [] : [[name, call]];
  });
}

/** A schedule or a search as it is typed: `cosine(from=0.1,to=0,steps=500)`; undefined for what cannot be typed. */
function callText(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const { schedule, name = schedule, ...options } = value as Record<string, unknown>;
  if (typeof name !== 'string') return undefined;
  const parts = Object.entries(options).map(([option, one]) => {
    const text = typeof one === 'object' ? callText(one) : String(one);
    return text === undefined ? undefined : `${option}=${text}`;
  });
  if (parts.includes(undefined)) return undefined;
  return parts.length === 0 ? name : `${name}(${parts.join(',')})`;
}

const isCall = (text: string) => /^[A-Za-z_]\w*\(.*\)$/.test(text);

/**
 * What was typed as changes of options, those that stay as they are left out. A schedule may take the place of a number.
 *
 * @throws RangeError naming an option whose text is no number
 */
export function changesTyped(
  options: readonly (readonly [name: string, value: OptionChange])[],
  typed: (name: string) => string,
): Branch['changes'] {
  const changes: Record<string, OptionChange> = {};
  for (const [name, before] of options) {
    const text = typed(name).replace(/\s+/g, '');
    if (text === String(before)) continue;
    const number = text === '' ? Number.NaN : Number(text);
    if (typeof before === 'boolean') changes[name] = text === 'true';
    else if (Number.isFinite(number)) {
      if (number !== before) changes[name] = number;
    } else if (typeof before === 'number' && !isCall(text))
      throw new RangeError(
        `${name}: expected a number, or a schedule such as cosine(from=0.1,steps=500), got '${text}'`,
      );
    else changes[name] = text;
  }
  return changes;
}
