import { named } from '../../src/algebra/nearest-name.js';
import {
  constant,
  cosine,
  exponential,
  linearWarmup,
  type Schedule,
  stepwise,
} from '../../src/transforms/schedule.js';
import type { Call } from './method-list.js';

type Arguments = Readonly<Record<string, unknown>>;

/** A schedule's arguments, and how it is made of them; it checks their values itself. */
interface Form {
  readonly names: readonly string[];
  make(options: Arguments): Schedule;
}

function form<O>(make: (options: O) => Schedule, ...names: (keyof O & string)[]): Form {
  return { names, make: (options) => make(options as O) };
}

export const schedules: ReadonlyMap<string, Form> = new Map([
  ['constant', form(({ value }: { value: number }) => constant(value), 'value')],
  ['exponential', form(exponential, 'from', 'factor')],
  ['stepwise', form(stepwise, 'from', 'factor', 'every')],
  ['cosine', form(cosine, 'from', 'to', 'steps')],
  ['linearWarmup', form(linearWarmup, 'steps', 'schedule')],
]);

/**
 * Makes a schedule of a call: `cosine(from=0.1,steps=500)`.
 *
 * @throws RangeError or TypeError on a name or value that is not allowed
 */
export function schedule(call: Call): Schedule {
  const { names, make } = named('schedule', call.name, schedules);
  const known = new Map(names.map((name) => [name, name]));
  const given = Object.entries(call.options).map(([name, value]) => {
    named(`${call.name}(${name})`, name, known);
    return [name, typeof value === 'object' ? schedule(value) : value];
  });
  return make(Object.fromEntries(given));
}
