import { named } from '../../../src/algebra/nearest-name.js';
import type { Call } from './method-list.js';

type Arguments = Readonly<Record<string, unknown>>;

/** What a call on the command line makes, and its arguments; their values it checks itself. */
export interface Form {
  readonly names: readonly string[];
  make(options: Arguments): unknown;
}

/** The arguments in the order in which they are documented: a value without a name is the first one's. */
export function form<O>(make: (options: O) => unknown, ...names: (keyof NonNullable<O> & string)[]): Form {
  return { names, make: (options) => make(options as O) };
}

/**
 * Makes what a call asks for, inner calls first: `cosine(from=0.1,steps=500)`.
 *
 * @throws RangeError or TypeError on a name or value that is not allowed
 */
export function made(what: string, call: Call, forms: ReadonlyMap<string, Form>): unknown {
  const { names, make } = named(what, call.name, forms);
  const given = namedArguments(call, names).map(([name, value]) => [
    name,
    typeof value === 'object' ? made(`${call.name}(${name})`, value, forms) : value,
  ]);
  return make(Object.fromEntries(given));
}

/**
 * A call's arguments by name, one without a name being that of `unnamed`.
 *
 * @throws RangeError on a name that is none of `names`, or an argument where there are none
 */
export function namedArguments(
  { name, argument, options }: Call,
  names: readonly string[],
  unnamed = names[0],
): [string, Call['options'][string]][] {
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
