import type { Factory, Option } from '../../../../src/algebra/option.js';
import { isSchedule, type Schedule } from '../../../../src/transforms/schedule.js';
import { made } from '../../../cli/arguments/made.js';
import type { Call, Value } from '../../../cli/arguments/method-list.js';
import { callOf, factoriesOf } from './method-choice.js';

/** What a schedule begins with where it takes the place of a number over a run of so many steps. */
export interface Beginning {
  readonly rate: number;
  readonly steps: number;
}

/** Whether it has to be given: it has no default, and nothing works one out. */
const isRequired = ({ default: standard, usually }: Option<unknown>) =>
  standard === undefined && usually === undefined;

/** A call with a value for each option that has to be given: a fall from the rate there was, over the run. */
export function begunCall({ name, options }: Factory<unknown>, from: Beginning): Call {
  const given = Object.entries(options).flatMap(([option, description]): [string, Value][] => {
    const value = isRequired(description) ? begin(option, description, from) : undefined;
    return value === undefined ? [] : [[option, value]];
  });
  return { ...callOf(name), options: Object.fromEntries(given) };
}

function begin(name: string, { allows }: Option<unknown>, from: Beginning): Value | undefined {
  const into = factoriesOf(allows).find((one) => one.name === 'cosine');
  if (into !== undefined) return begunCall(into, from);
  const values: Readonly<Record<string, number>> = {
    value: from.rate,
    from: from.rate,
    factor: 0.9,
    every: Math.max(1, Math.round(from.steps / 4)),
    steps: from.steps,
  };
  return values[name];
}

/** The rates of the first steps; undefined where the call makes none that is allowed. */
export function ratesOf(
  call: Call,
  factories: readonly Factory<unknown>[],
  steps: number,
): number[] | undefined {
  const factory = factories.find(({ name }) => name === call.name);
  if (factory === undefined) return undefined;
  try {
    const schedule = made(call, factory as Factory<Schedule>);
    return isSchedule(schedule) ? Array.from({ length: steps }, (_, k) => schedule.at(k)) : undefined;
  } catch {
    return undefined; // what is wrong with it is told where the method is refused
  }
}
