import { type Interval, knownOptions } from './argument.js';
import type { Domain, Factory, Option, OptionsOf, Others } from './described-option.js';
import { described, includes, refers, refuse } from './domain.js';

export type { Domain, Factory, Option, OptionsOf } from './described-option.js';

/**
 * Fills in defaults and checks every value, those last whose intervals refer to others. What is undefined counts as
 * not given.
 *
 * @param handed names of options beside those described, such as callbacks, that the caller takes as they are
 * @throws TypeError on an unknown option; RangeError or TypeError on a value that is not allowed
 * @example chosen('momentum', { beta: number(0.9, '[0, 1)', 'memory') }, {}) // { beta: 0.9 }
 */
export function chosen<O extends object>(
  where: string,
  described: OptionsOf<O>,
  options: NoInfer<Partial<O>>,
  handed: readonly string[] = [],
): Required<O> {
  const { names, checkedInOrder } = orderOf(described);
  knownOptions(where, options, names, handed);
  const result: { [name: string]: unknown } = {};
  for (const name of names) {
    const given = (options as { readonly [name: string]: unknown })[name];
    result[name] = given === undefined ? described[name as keyof O].default : given;
  }
  for (const name of checkedInOrder) {
    described[name as keyof O].check(where, name, result[name] as never, result as Others);
  }
  return result as Required<O>;
}

interface Order {
  readonly names: readonly string[];
  /** Those that others refer to first. */
  readonly checkedInOrder: readonly string[];
}

/** By description: a run of a small function may take no longer than to find this anew. */
const orders = new WeakMap<object, Order>();

function orderOf(described: object): Order {
  const known = orders.get(described);
  if (known !== undefined) return known;
  const names = Object.keys(described);
  const dependent = (name: string) => refers((described as Record<string, Option<never>>)[name].allows);
  const checkedInOrder = [
    ...names.filter((name) => !dependent(name)),
    ...names.filter((name) => dependent(name)),
  ];
  const order = { names, checkedInOrder };
  orders.set(described, order);
  return order;
}

/** An option of any domain. */
export function option<V>(value: V, allows: Domain, meaning: string): Option<V> {
  return {
    default: value,
    allows,
    domain: described(allows),
    meaning,
    check(where, argument, given, others = {}) {
      if (!includes(allows, given, others)) refuse(where, argument, allows, given, others);
    },
  };
}

/** The same option without a default, so that it must be given. */
export function required<V>(of: Option<V>): Option<V> {
  return { ...of, default: undefined as V };
}

/** The same option, its default worked out where it is used: `usually` says from what. It is undefined until then. */
export function workedOut<V>(of: Option<V>, usually: string): Option<V> {
  return {
    ...of,
    default: undefined as V,
    usually,
    check(where, argument, value, others) {
      if (value !== undefined) of.check(where, argument, value, others);
    },
  };
}

/** A number in an interval. */
export function number(value: number, interval: Interval, meaning: string): Option<number> {
  return option(value, { kind: 'number', interval, whole: false }, meaning);
}

/** A whole number in an interval, or a multiple of another there. */
export function whole(
  value: number,
  interval: Interval,
  meaning: string,
  multipleOf?: number,
): Option<number> {
  return option(value, { kind: 'number', interval, whole: true, multipleOf }, meaning);
}

/** A whole number in an interval, or, as it is by default, ∞. */
export function wholeOrInfinite(interval: Interval, meaning: string): Option<number> {
  const infinite: Domain = {
    kind: 'like',
    what: '∞',
    includes: (value) => value === Number.POSITIVE_INFINITY,
  };
  const numbers: Domain = { kind: 'number', interval, whole: true };
  return option(Number.POSITIVE_INFINITY, { kind: 'either', of: [numbers, infinite] }, meaning);
}

/** One of several words. */
export function choice<W extends string>(value: W, words: readonly W[], meaning: string): Option<W> {
  return option(value, { kind: 'words', words }, meaning);
}

/** Yes or no. */
export function flag(value: boolean, meaning: string): Option<boolean> {
  return option(value, { kind: 'flag' }, meaning);
}

/** A number in an interval, or a word that stands for a rule. */
export function numberOr<W extends string>(
  value: number | W,
  interval: Interval,
  word: W,
  meaning: string,
): Option<number | W> {
  const numbers: Domain = { kind: 'number', interval, whole: false };
  return option(value, { kind: 'either', of: [numbers, { kind: 'words', words: [word] }] }, meaning);
}

/** A factory of a function and the description of its options. */
export function factory<O extends object, V>(
  name: string,
  options: OptionsOf<O>,
  create: (options: O) => V,
): Factory<V> {
  return { name, options, create: (given = {}) => create(given as O) };
}

/** A factory of a function that takes its one option, where it has one, by position. */
export function positional<A, V>(
  name: string,
  options: Readonly<Record<string, Option<A>>>,
  create: (argument?: A) => V,
): Factory<V> {
  return {
    name,
    options,
    create: (given = {}) => create(Object.values(chosen(name, options, given as Record<string, A>))[0] as A),
  };
}

/** A default as it would be typed: `strongWolfe(c1=0.0001,c2=0.9)`; nothing where there is none. */
export function shownDefault(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'function') return value.name;
  if (value === null || typeof value !== 'object' || !('name' in value)) return String(value);
  const options = Object.entries((value as { options?: object }).options ?? {});
  if (options.length === 0) return String(value.name);
  return `${value.name}(${options.map(([name, of]) => `${name}=${of}`).join(',')})`;
}
