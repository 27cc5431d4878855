import { inRange, knownOptions, shown, wholeNumber } from '../algebra/argument.js';
import type { Options } from '../algebra/options.js';

/** A number that changes with the count of updates made, from 0. */
export interface Schedule {
  readonly options: Options;
  at(count: number): number;
}

/**
 * r(k) = value.
 *
 * @throws RangeError unless value ≥ 0
 * @example linearWarmup({ steps: 100, schedule: constant(0.1) })
 */
export function constant(value: number): Schedule {
  inRange('constant', 'value', value, '[0, ∞)');
  return { options: { schedule: 'constant', value }, at: () => value };
}

/**
 * r(k) = from·factorᵏ.
 *
 * @throws RangeError unless from ≥ 0 and 0 < factor ≤ 1
 * @example learningRate(exponential({ from: 0.1, factor: 0.999 }))
 */
export function exponential(options: { from: number; factor: number }): Schedule {
  knownOptions('exponential', options, ['from', 'factor']);
  const { from, factor } = options;
  inRange('exponential', 'from', from, '[0, ∞)');
  inRange('exponential', 'factor', factor, '(0, 1]');
  return {
    options: { schedule: 'exponential', from, factor },
    at: (count) => from * factor ** count,
  };
}

/**
 * r(k) = from·factor^⌊k/every⌋: falls by a factor after every so many updates.
 *
 * @throws RangeError unless from ≥ 0, 0 < factor ≤ 1 and `every` is a whole number ≥ 1
 * @example learningRate(stepwise({ from: 0.1, factor: 0.1, every: 1_000 }))
 */
export function stepwise(options: { from: number; factor: number; every: number }): Schedule {
  knownOptions('stepwise', options, ['from', 'factor', 'every']);
  const { from, factor, every } = options;
  inRange('stepwise', 'from', from, '[0, ∞)');
  inRange('stepwise', 'factor', factor, '(0, 1]');
  wholeNumber('stepwise', 'every', every, '[1, ∞)');
  return {
    options: { schedule: 'stepwise', from, factor, every },
    at: (count) => from * factor ** Math.floor(count / every),
  };
}

/**
 * r(k) = to + (from − to)·(1 + cos(πk/steps))/2 up to k = steps, then `to`, by default 0.
 *
 * Source: Loshchilov and Hutter 2017, equation 5, without restarts.
 *
 * @throws RangeError unless from ≥ 0, to ≥ 0 and `steps` is a whole number ≥ 1
 * @example learningRate(cosine({ from: 0.1, steps: 1_000 }))
 */
export function cosine(options: { from: number; to?: number; steps: number }): Schedule {
  knownOptions('cosine', options, ['from', 'to', 'steps']);
  const { from, to = 0, steps } = options;
  inRange('cosine', 'from', from, '[0, ∞)');
  inRange('cosine', 'to', to, '[0, ∞)');
  wholeNumber('cosine', 'steps', steps, '[1, ∞)');
  return {
    options: { schedule: 'cosine', from, to, steps },
    at: (count) => (count >= steps ? to : to + ((from - to) * (1 + Math.cos((Math.PI * count) / steps))) / 2),
  };
}

/**
 * A linear climb into another schedule: r(k) = schedule(0)·(k + 1)/(steps + 1) for k < steps, and
 * schedule(k − steps) after it. The first rate is not 0, and the full rate is reached once.
 *
 * Source: Goyal et al. 2017, section 2.2.
 *
 * @throws RangeError unless `steps` is a whole number ≥ 1; TypeError unless `schedule` is one
 * @example learningRate(linearWarmup({ steps: 100, schedule: cosine({ from: 0.1, steps: 900 }) }))
 */
export function linearWarmup(options: { steps: number; schedule: Schedule }): Schedule {
  knownOptions('linearWarmup', options, ['steps', 'schedule']);
  const { steps, schedule } = options;
  wholeNumber('linearWarmup', 'steps', steps, '[1, ∞)');
  if (!isSchedule(schedule)) {
    throw new TypeError(`linearWarmup(schedule): expected a schedule, got ${shown(schedule)}`);
  }
  return {
    options: { schedule: 'linearWarmup', steps, into: schedule.options },
    at: (count) =>
      count < steps ? (schedule.at(0) * (count + 1)) / (steps + 1) : schedule.at(count - steps),
  };
}

/** Strings and lists have a method `at` too, but no options. */
export function isSchedule(value: unknown): value is Schedule {
  const { at, options } = (value ?? {}) as Partial<Schedule>;
  return typeof at === 'function' && options !== undefined;
}
