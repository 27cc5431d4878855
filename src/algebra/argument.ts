/** An interval as mathematicians write it, ends included by '[' and excluded by '('; the ends may be ±∞. */
export type Interval = `${'[' | '('}${string}, ${string}${']' | ')'}`;

/**
 * Passes a number through if it lies in the interval.
 *
 * @throws RangeError `adam(beta2): expected a number in [0, 1), got 1.5`
 * @example inRange('adam', 'beta2', 0.999, '[0, 1)')
 */
export function inRange(where: string, argument: string, value: unknown, interval: Interval): number {
  const [low, high] = endsOf(interval);
  const fits =
    typeof value === 'number' &&
    (interval.startsWith('[') ? value >= low : value > low) &&
    (interval.endsWith(']') ? value <= high : value < high);
  if (!fits)
    throw new RangeError(`${where}(${argument}): expected a number in ${interval}, got ${shown(value)}`);
  return value;
}

/** Solvers check in their inner loops: each interval is read once. */
const endsByInterval = new Map<Interval, readonly [low: number, high: number]>();

function endsOf(interval: Interval): readonly [low: number, high: number] {
  let ends = endsByInterval.get(interval);
  if (ends === undefined) {
    const [low, high] = interval.slice(1, -1).split(', ');
    endsByInterval.set(interval, (ends = [end(low), end(high)]));
  }
  return ends;
}

/** @throws RangeError unless `value` is a whole number in the interval. */
export function wholeNumber(where: string, argument: string, value: unknown, interval: Interval): number {
  if (!Number.isInteger(value)) {
    throw new RangeError(
      `${where}(${argument}): expected a whole number in ${interval}, got ${shown(value)}`,
    );
  }
  return inRange(where, argument, value, interval);
}

/** @throws TypeError unless `value` is one of the allowed words. */
export function oneOf<W extends string>(
  where: string,
  argument: string,
  value: unknown,
  allowed: readonly W[],
): W {
  if (!allowed.includes(value as W)) {
    const words = allowed.map((word) => `'${word}'`).join(' or ');
    throw new TypeError(`${where}(${argument}): expected ${words}, got ${shown(value)}`);
  }
  return value as W;
}

/**
 * @param also names known besides
 * @throws TypeError on an option the callee does not know, so that a misspelt one is never ignored.
 */
export function knownOptions(
  where: string,
  options: unknown,
  known: readonly string[],
  also: readonly string[] = [],
): void {
  if (options === null || typeof options !== 'object') {
    throw new TypeError(`${where}(options): expected an object, got ${shown(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key) || also.includes(key)) continue;
    throw new TypeError(`${where}(${key}): expected one of ${[...known, ...also].join(', ')}`);
  }
}

/** How an error message shows what came. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return shownList(value);
  return value !== null && typeof value === 'object'
    ? (value.constructor?.name ?? 'an object')
    : String(value);
}

/** A list by its first entries, lists in it by their lengths. */
function shownList(list: readonly unknown[]): string {
  const entries = list
    .slice(0, mostShown)
    .map((entry) => (Array.isArray(entry) && entry.length > 0 ? `a list of ${entry.length}` : shown(entry)));
  if (list.length > mostShown) entries.push(`… ${list.length} in all`);
  return `[${entries.join(', ')}]`;
}

const mostShown = 8;

/** One end of an interval; NaN where it is no number. */
export function end(text: string): number {
  if (text === '∞') return Number.POSITIVE_INFINITY;
  if (text === '-∞') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
