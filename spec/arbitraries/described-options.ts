import fc from 'fast-check';
import { ends, includes, refers } from '../../src/algebra/domain.js';
import type { Domain, Factory, Option } from '../../src/algebra/option.js';

type Values = Readonly<Record<string, unknown>>;

/** Infinite ends of intervals are drawn up to here, so that a dimension fits in memory. */
const far = { whole: 12, real: 2 ** 20 };

/**
 * Options that a factory must take: each within what its description allows, left out, or undefined; those that must
 * be given are there. Shrinks to none.
 */
export function validOptions({ options }: Factory<unknown>): fc.Arbitrary<Values> {
  const names = Object.keys(options);
  const [free, bound] = [false, true].map((which) =>
    names.filter((name) => refers(options[name].allows) === which),
  );
  const drawn = (some: readonly string[], others: Values) => {
    const values = some.map((name): [string, fc.Arbitrary<unknown>] => {
      const value = valueIn(options[name].allows, others);
      return [name, mustBeGiven(options[name]) ? value : fc.option(value, { nil: undefined })];
    });
    const requiredKeys = some.filter((name) => mustBeGiven(options[name]));
    return fc.record(Object.fromEntries(values), { requiredKeys });
  };
  const knownBy = (values: Values): Values =>
    Object.fromEntries(names.map((name) => [name, values[name] ?? options[name].default]));
  // Between 0 and the least of all numbers there is none.
  const leaveRoom = (values: Values) => bound.every((name) => hasRoom(options[name].allows, knownBy(values)));
  return drawn(free, {})
    .filter(leaveRoom)
    .chain((values) => {
      const known = knownBy(values);
      const fits = (name: string) => includes(options[name].allows, options[name].default, known);
      // A default that the others exclude is no default: the option is then given.
      return drawn(bound, known).map((rest) => ({
        ...values,
        ...Object.fromEntries(
          bound.filter((name) => !fits(name)).map((name) => [name, middle(options[name].allows, known)]),
        ),
        ...Object.fromEntries(
          Object.entries(rest).filter(([name, value]) => value !== undefined || fits(name)),
        ),
      }));
    });
}

/** Options of which one, `argument`, is not what its description allows, or is none of the factory's. */
export interface InvalidOptions {
  readonly options: Values;
  readonly argument: string;
}

/** Options that a factory must refuse, naming the one that is wrong. */
export function invalidOptions({ options }: Factory<unknown>): fc.Arbitrary<InvalidOptions> {
  const defaults = Object.fromEntries(Object.entries(options).map(([name, one]) => [name, one.default]));
  const wrong = Object.entries(options).map(([argument, option]) => {
    const fails = (odd: unknown) =>
      !includes(option.allows, odd, defaults) && (odd !== undefined || mustBeGiven(option));
    return oneWrong(options, argument, oddities.filter(fails));
  });
  return fc.oneof(...wrong, oneWrong(options, 'nonsense', [1, undefined]));
}

function oneWrong(
  options: Factory<unknown>['options'],
  argument: string,
  values: readonly unknown[],
): fc.Arbitrary<InvalidOptions> {
  return fc.tuple(required(options, argument), fc.constantFrom(...values)).map(([rest, value]) => ({
    options: { ...rest, [argument]: value },
    argument,
  }));
}

/** Values of every kind, of which each domain excludes some. */
const oddities: readonly unknown[] = [
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  Number.POSITIVE_INFINITY,
  -1,
  -Number.MIN_VALUE,
  0,
  0.3,
  1.5,
  2 ** 40 + 0.5,
  '',
  'nonsense',
  '1',
  null,
  true,
  Symbol.iterator,
  [],
  [1],
  {},
  { search: 1 },
  () => 1,
  undefined,
];

/** Whether an option has no default, nor one that is worked out. */
function mustBeGiven({ default: standard, usually }: Option<unknown>): boolean {
  return standard === undefined && usually === undefined;
}

/** The options that must be given, but for one. */
function required(options: Factory<unknown>['options'], except: string): fc.Arbitrary<Values> {
  const names = Object.keys(options).filter((name) => mustBeGiven(options[name]) && name !== except);
  return fc.record(Object.fromEntries(names.map((name) => [name, valueIn(options[name].allows, {})])));
}

function valueIn(domain: Domain, others: Values): fc.Arbitrary<unknown> {
  switch (domain.kind) {
    case 'number': {
      const { low, high } = ends(domain.interval, others);
      const inside = (value: number) => includes(domain, value, others);
      if (domain.whole) {
        const [min, max] = [Math.max(low, -far.whole), Math.min(high, Math.max(low, 0) + far.whole)];
        return fc.integer({ min: Math.ceil(min), max: Math.floor(max) }).filter(inside);
      }
      const [min, max] = [Math.max(low, -far.real), Math.min(high, far.real)];
      const fraction = fc.integer({ min: 0, max: 64 }).map((k) => min + (k / 64) * (max - min));
      return fc.oneof(fraction, fc.double({ min, max, noNaN: true })).filter(inside);
    }
    case 'words':
      return fc.constantFrom(...domain.words);
    case 'flag':
      return fc.boolean();
    case 'made':
      return fc.constantFrom(...domain.by()).chain((factory) =>
        // Schedules lead into schedules: one level is enough.
        Object.values(factory.options).some(({ allows }) => allows === domain)
          ? valueIn({ ...domain, by: () => domain.by().filter((one) => one !== factory) }, others)
          : validOptions(factory).map((options) => factory.create(options)),
      );
    case 'like':
      return fc
        .constantFrom<unknown>(/kernel/, (path: string) => path === '0')
        .filter((value) => domain.includes(value));
    case 'either':
      return fc.oneof(...domain.of.map((one) => valueIn(one, others)));
  }
}

function hasRoom(domain: Domain, others: Values): boolean {
  if (domain.kind !== 'number' || domain.whole) return true;
  const { low, high } = ends(domain.interval, others);
  return !Number.isFinite(high - low) || includes(domain, middle(domain, others), others);
}

function middle(domain: Domain, others: Values): unknown {
  if (domain.kind !== 'number') return undefined;
  const { low, high } = ends(domain.interval, others);
  return low + (high - low) / 2;
}
