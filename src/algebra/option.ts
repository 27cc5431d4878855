import { type Interval, inRange, knownOptions, oneOf, shown, wholeNumber } from './argument.js';

/** One option of a transform or method: what it is by default, what it may be, and what it means. */
export interface Option<V> {
  readonly default: V;
  /** What is allowed, for a person: an interval or a list of words. */
  readonly domain: string;
  readonly meaning: string;
  /** @throws RangeError | TypeError naming `where(argument)` unless the value is allowed */
  check(where: string, argument: string, value: unknown): void;
}

/** All options of a transform or method: the one source of its defaults, its checks and its documentation. */
export type OptionsOf<O extends object> = { readonly [K in keyof Required<O>]: Option<Required<O>[K]> };

/**
 * Fills in defaults and checks every value.
 *
 * @throws TypeError on an unknown option; RangeError or TypeError on a value that is not allowed
 * @example chosen('momentum', { beta: number(0.9, '[0, 1)', 'memory') }, {}) // { beta: 0.9 }
 */
export function chosen<O extends object>(where: string, described: OptionsOf<O>, options: O): Required<O> {
  const names = Object.keys(described) as (keyof O & string)[];
  knownOptions(where, options, names);
  const result = {} as Required<O>;
  for (const name of names) {
    const given = options[name];
    const value = given === undefined ? described[name].default : given;
    described[name].check(where, name, value);
    result[name] = value as Required<O>[typeof name];
  }
  return result;
}

/** A number in an interval. */
export function number(value: number, interval: Interval, meaning: string): Option<number> {
  return {
    default: value,
    domain: interval,
    meaning,
    check: (where, argument, given) => void inRange(where, argument, given, interval),
  };
}

/** A whole number in an interval. */
export function whole(value: number, interval: Interval, meaning: string): Option<number> {
  return {
    default: value,
    domain: `whole, ${interval}`,
    meaning,
    check: (where, argument, given) => void wholeNumber(where, argument, given, interval),
  };
}

/** One of several words. */
export function choice<W extends string>(value: W, words: readonly W[], meaning: string): Option<W> {
  return {
    default: value,
    domain: words.map((word) => `'${word}'`).join(' or '),
    meaning,
    check: (where, argument, given) => void oneOf(where, argument, given, words),
  };
}

/** Yes or no. */
export function flag(value: boolean, meaning: string): Option<boolean> {
  return {
    default: value,
    domain: 'true or false',
    meaning,
    check(where, argument, given) {
      if (typeof given !== 'boolean') {
        throw new TypeError(`${where}(${argument}): expected true or false, got ${shown(given)}`);
      }
    },
  };
}

/** A number in an interval, or a word that stands for a rule. */
export function numberOr<W extends string>(
  value: number | W,
  interval: Interval,
  word: W,
  meaning: string,
): Option<number | W> {
  return {
    default: value,
    domain: `${interval} or '${word}'`,
    meaning,
    check(where, argument, given) {
      if (given === word) return;
      if (typeof given === 'number') inRange(where, argument, given, interval);
      else {
        throw new TypeError(
          `${where}(${argument}): expected a number in ${interval} or '${word}', got ${shown(given)}`,
        );
      }
    },
  };
}
