import {
  chosen,
  type Domain,
  type Factory,
  factory,
  number,
  type OptionsOf,
  option,
  positional,
  required,
  whole,
} from '../algebra/option.js';
import type { Options } from '../algebra/options.js';

/** A number that changes with the count of updates made, from 0. */
export interface Schedule {
  readonly options: Options;
  at(count: number): number;
}

const from = required(number(0, '[0, ∞)', 'the rate to begin with'));
const factor = required(number(1, '(0, 1]', 'by which the rate falls'));

const constantOptions = { value: required(number(0, '[0, ∞)', 'the rate')) };

/**
 * r(k) = value.
 *
 * @throws RangeError unless value ≥ 0
 * @example linearWarmup({ steps: 100, schedule: constant(0.1) })
 */
export function constant(value: number): Schedule {
  chosen('constant', constantOptions, { value });
  return { options: { schedule: 'constant', value }, at: () => value };
}

export interface ExponentialOptions {
  from: number;
  factor: number;
}

const exponentialOptions: OptionsOf<ExponentialOptions> = { from, factor };

/**
 * r(k) = from·factorᵏ.
 *
 * @throws RangeError unless from ≥ 0 and 0 < factor ≤ 1
 * @example learningRate(exponential({ from: 0.1, factor: 0.999 }))
 */
export function exponential(options: ExponentialOptions): Schedule {
  const { from, factor } = chosen('exponential', exponentialOptions, options);
  return {
    options: { schedule: 'exponential', from, factor },
    at: (count) => from * factor ** count,
  };
}

export interface StepwiseOptions extends ExponentialOptions {
  every: number;
}

const stepwiseOptions: OptionsOf<StepwiseOptions> = {
  from,
  factor,
  every: required(whole(1, '[1, ∞)', 'after how many updates it falls')),
};

/**
 * r(k) = from·factor^⌊k/every⌋: falls by a factor after every so many updates.
 *
 * @throws RangeError unless from ≥ 0, 0 < factor ≤ 1 and `every` is a whole number ≥ 1
 * @example learningRate(stepwise({ from: 0.1, factor: 0.1, every: 1_000 }))
 */
export function stepwise(options: StepwiseOptions): Schedule {
  const { from, factor, every } = chosen('stepwise', stepwiseOptions, options);
  return {
    options: { schedule: 'stepwise', from, factor, every },
    at: (count) => from * factor ** Math.floor(count / every),
  };
}

export interface CosineOptions {
  from: number;
  to?: number;
  steps: number;
}

const cosineOptions: OptionsOf<CosineOptions> = {
  from,
  to: number(0, '[0, ∞)', 'the rate to end with'),
  steps: required(whole(1, '[1, ∞)', 'how many updates the fall takes')),
};

/**
 * r(k) = to + (from − to)·(1 + cos(πk/steps))/2 up to k = steps, then `to`.
 *
 * Source: Loshchilov and Hutter 2017, equation 5, without restarts.
 *
 * @throws RangeError unless from ≥ 0, to ≥ 0 and `steps` is a whole number ≥ 1
 * @example learningRate(cosine({ from: 0.1, steps: 1_000 }))
 */
export function cosine(options: CosineOptions): Schedule {
  const { from, to, steps } = chosen('cosine', cosineOptions, options);
  return {
    options: { schedule: 'cosine', from, to, steps },
    at: (count) => (count >= steps ? to : to + ((from - to) * (1 + Math.cos((Math.PI * count) / steps))) / 2),
  };
}

export interface LinearWarmupOptions {
  steps: number;
  schedule: Schedule;
}

/** Strings and lists have a method `at` too, but no options. */
export function isSchedule(value: unknown): value is Schedule {
  const { at, options } = (value ?? {}) as Partial<Schedule>;
  return typeof at === 'function' && options !== undefined;
}

/** A schedule, as what an option may be. */
export const aSchedule: Domain = {
  kind: 'made',
  what: 'a schedule',
  by: () => schedules,
  includes: isSchedule,
};

const linearWarmupOptions: OptionsOf<LinearWarmupOptions> = {
  steps: required(whole(1, '[1, ∞)', 'how many updates the climb takes')),
  schedule: required(option<Schedule>(undefined as never, aSchedule, 'what the climb leads into')),
};

/**
 * A linear climb into another schedule: r(k) = schedule(0)·(k + 1)/(steps + 1) for k < steps, and
 * schedule(k − steps) after it. The first rate is not 0, and the full rate is reached once.
 *
 * Source: Goyal et al. 2017, section 2.2.
 *
 * @throws RangeError unless `steps` is a whole number ≥ 1; TypeError unless `schedule` is one
 * @example learningRate(linearWarmup({ steps: 100, schedule: cosine({ from: 0.1, steps: 900 }) }))
 */
export function linearWarmup(options: LinearWarmupOptions): Schedule {
  const { steps, schedule } = chosen('linearWarmup', linearWarmupOptions, options);
  return {
    options: { schedule: 'linearWarmup', steps, into: schedule.options },
    at: (count) =>
      count < steps ? (schedule.at(0) * (count + 1)) / (steps + 1) : schedule.at(count - steps),
  };
}

/** The schedules there are. */
export const schedules: readonly Factory<Schedule>[] = [
  positional('constant', constantOptions, constant as (value?: number) => Schedule),
  factory('exponential', exponentialOptions, exponential),
  factory('stepwise', stepwiseOptions, stepwise),
  factory('cosine', cosineOptions, cosine),
  factory('linearWarmup', linearWarmupOptions, linearWarmup),
];
