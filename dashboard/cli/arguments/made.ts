import { includes } from '../../../src/algebra/domain.js';
import { named, nearestName } from '../../../src/algebra/nearest-name.js';
import type { Domain, Factory, Option } from '../../../src/algebra/option.js';
import type { Call, Value } from './method-list.js';

/**
 * Makes what a call asks for, inner calls first: `adam(learningRate=cosine(from=0.1,steps=500))`.
 *
 * A value without a name is the first option's, or, where it is a call, that of the first option which takes what
 * the call makes.
 *
 * @throws RangeError or TypeError on a name or value that is not allowed
 */
export function made<V>(call: Call, { name, options, create }: Factory<V>): V {
  const names = Object.keys(options);
  const { argument } = call;
  const taker = names.find((option) => typeof argument === 'object' && takes(options[option], argument));
  const given = namedArguments({ ...call, name }, names, taker).map(([option, value]) => [
    option,
    optionValue(`${name}(${option})`, options[option], value),
  ]);
  return create(Object.fromEntries(given));
}

/** What a value typed for an option means: a search, a subproblem or a schedule by its name, else what it says. */
function optionValue(where: string, option: Option<unknown>, value: Value): unknown {
  if (typeof value !== 'object' && (typeof value !== 'string' || includes(option.allows, value)))
    return value;
  const table = new Map(factoriesOf(option.allows).map((factory) => [factory.name, factory]));
  if (typeof value === 'object') {
    if (table.size > 0) return made(value, named(where, value.name, table));
    throw new TypeError(`${where}: expected ${option.domain}, got ${value.text}`);
  }
  // A word that is like none of the names is left for the option's own check to refuse.
  if (nearestName(value, table.keys()) === undefined) return value;
  return made({ name: value, options: {}, text: value }, named(where, value, table));
}

/** Whether an option takes what a call makes. */
function takes(option: Option<unknown>, { name }: Call): boolean {
  return factoriesOf(option.allows).some((factory) => factory.name === name);
}

function factoriesOf(domain: Domain): readonly Factory<unknown>[] {
  if (domain.kind === 'either') return domain.of.flatMap(factoriesOf);
  return domain.kind === 'made' ? domain.by() : [];
}

/** A call's arguments by name, one without a name being that of `unnamed`. */
function namedArguments(
  { name, argument, options }: Call,
  names: readonly string[],
  unnamed = names[0],
): [string, Value][] {
  const known = new Map(names.map((option) => [option, option]));
  const given = Object.entries(options);
  if (argument !== undefined) {
    if (names.length === 0) throw new RangeError(`${name}: expected no options`);
    if (Object.hasOwn(options, unnamed)) throw new RangeError(`${name}: '${unnamed}' is given twice`);
    given.unshift([unnamed, argument]);
  }
  for (const [option] of given) {
    if (names.length === 0) throw new RangeError(`${name}(${option}): expected no options`);
    named(`${name}(${option})`, option, known);
  }
  return given;
}
