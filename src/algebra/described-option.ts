import type { Interval } from './argument.js';

/**
 * What an option may be: the one description from which its check, its words in help and in documentation, and the
 * values that tests try are made. The ends of an interval may be other options, as in '(0, c2)'.
 */
export type Domain =
  | {
      readonly kind: 'number';
      readonly interval: Interval;
      readonly whole: boolean;
      /** Whole numbers may have to be multiples of another. */
      readonly multipleOf?: number;
    }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'flag' }
  /** What one of several factories makes: a line search, such as strongWolfe(). */
  | {
      readonly kind: 'made';
      readonly what: string;
      readonly example?: string;
      by(): readonly Factory<unknown>[];
      includes(value: unknown): boolean;
    }
  /** Whatever a predicate says. */
  | { readonly kind: 'like'; readonly what: string; includes(value: unknown): boolean }
  | { readonly kind: 'either'; readonly of: readonly Domain[] };

/** The values of the other options, to which the ends of an interval may refer. */
export type Others = Readonly<Record<string, unknown>>;

/** One option of a factory: what it is by default, what it may be, and what it means. */
export interface Option<V> {
  /** Undefined where there is none: the option must then be given. */
  readonly default: V;
  /** What stands in for a default that is worked out where the option is used, in words. */
  readonly usually?: string;
  readonly allows: Domain;
  /** What is allowed, for a person: an interval or a list of words. */
  readonly domain: string;
  readonly meaning: string;
  /** @throws RangeError | TypeError naming `where(argument)` unless the value is allowed */
  check(where: string, argument: string, value: unknown, others?: Others): void;
}

/** All options of a factory: the one source of its defaults, its checks and its documentation. */
export type OptionsOf<O extends object> = { readonly [K in keyof Required<O>]: Option<Required<O>[K]> };

/**
 * What makes a value from options by name: a search, a schedule, a method, a test function. The command line calls
 * it, help and documentation list it, and a law tries it.
 */
export interface Factory<V> {
  /** The export's name. */
  readonly name: string;
  readonly options: Readonly<Record<string, Option<unknown>>>;
  /** @throws TypeError on an unknown option; RangeError or TypeError on a value that is not allowed */
  create(options?: Readonly<Record<string, unknown>>): V;
}
