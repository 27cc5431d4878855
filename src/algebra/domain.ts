import { end, type Interval, shown } from './argument.js';
import type { Domain, Others } from './described-option.js';

/** Whether a value is allowed. */
export function includes(domain: Domain, value: unknown, others: Others = {}): boolean {
  switch (domain.kind) {
    case 'number': {
      const { low, high, withLow, withHigh } = ends(domain.interval, others);
      return (
        typeof value === 'number' &&
        (!domain.whole || (Number.isInteger(value) && value % (domain.multipleOf ?? 1) === 0)) &&
        (withLow ? value >= low : value > low) &&
        (withHigh ? value <= high : value < high)
      );
    }
    case 'words':
      return domain.words.includes(value as string);
    case 'flag':
      return typeof value === 'boolean';
    case 'made':
    case 'like':
      return domain.includes(value);
    case 'either':
      return domain.of.some((one) => includes(one, value, others));
  }
}

/**
 * Refuses what is not allowed.
 *
 * @throws RangeError `adam(beta2): expected a number in [0, 1), got 1.5` for numbers; TypeError for all else
 */
export function refuse(
  where: string,
  argument: string,
  domain: Domain,
  value: unknown,
  others: Others,
): never {
  // A number out of range is told the range, not what else might stand in its place.
  const numbers = domain.kind === 'either' && typeof value === 'number' ? domain.of.filter(isNumber) : [];
  const told: Domain = numbers.length > 0 ? { kind: 'either', of: numbers } : domain;
  const message = `${where}(${argument}): expected ${expected(told, others)}, got ${shown(value)}`;
  throw numbers.length > 0 || isNumber(domain) ? new RangeError(message) : new TypeError(message);
}

/** What is allowed, as tables have it: an interval, a list of words, the name of a kind. */
export function described(domain: Domain): string {
  switch (domain.kind) {
    case 'number':
      return domain.whole ? `${multiple(domain) ?? 'whole'}, ${domain.interval}` : domain.interval;
    case 'words':
      return domain.words.map((word) => `'${word}'`).join(' or ');
    case 'flag':
      return 'true or false';
    case 'made':
    case 'like':
      return domain.what;
    case 'either':
      return domain.of.map(described).join(' or ');
  }
}

export interface Ends {
  readonly low: number;
  readonly high: number;
  /** Whether the ends themselves lie in it. */
  readonly withLow: boolean;
  readonly withHigh: boolean;
  readonly interval: string;
}

/** Those of intervals that refer to no option: a solve may check its options at every step. */
const fixed = new Map<Interval, Ends>();

/** An interval whose ends are numbers: the options it refers to are replaced by their values. */
export function ends(interval: Interval, others: Others): Ends {
  const known = fixed.get(interval);
  if (known !== undefined) return known;
  const texts = interval.slice(1, -1).split(', ');
  const [low, high] = texts.map((text) => (text in others ? Number(others[text]) : end(text)));
  const [first, last] = texts.map((text) => (text in others ? String(others[text]) : text));
  const [withLow, withHigh] = [interval.startsWith('['), interval.endsWith(']')];
  const found = {
    low,
    high,
    withLow,
    withHigh,
    interval: `${interval[0]}${first}, ${last}${interval.at(-1)}`,
  };
  if (!texts.some((text) => Number.isNaN(end(text)))) fixed.set(interval, found);
  return found;
}

/** Whether a domain refers to other options. */
export function refers(domain: Domain): boolean {
  if (domain.kind === 'either') return domain.of.some(refers);
  if (!isNumber(domain)) return false;
  ends(domain.interval, {});
  return !fixed.has(domain.interval);
}

function expected(domain: Domain, others: Others): string {
  if (isNumber(domain)) {
    const { interval } = ends(domain.interval, others);
    return `${multiple(domain) ?? `a ${domain.whole ? 'whole ' : ''}number`} in ${interval}`;
  }
  if (domain.kind === 'either') return domain.of.map((one) => expected(one, others)).join(' or ');
  const example = domain.kind === 'made' && domain.example;
  return example ? `${domain.what} such as ${example}` : described(domain);
}

function multiple({ multipleOf }: Extract<Domain, { kind: 'number' }>): string | undefined {
  return multipleOf === undefined ? undefined : `a multiple of ${multipleOf}`;
}

function isNumber(domain: Domain): domain is Extract<Domain, { kind: 'number' }> {
  return domain.kind === 'number';
}
