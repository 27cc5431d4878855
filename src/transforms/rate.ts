import { inRange, shown } from '../algebra/argument.js';
import type { Option } from '../algebra/option.js';
import type { OptionValue } from '../algebra/options.js';
import type { MeasureDescription } from '../objective/measure.js';
import { isSchedule, type Schedule } from './schedule.js';

/** A learning rate: a number ≥ 0 or a schedule. */
export function rate(value: number, meaning = 'η, the length of a step'): Option<number | Schedule> {
  return {
    default: value,
    domain: '[0, ∞) or a schedule',
    meaning,
    check(where, argument, given) {
      if (isSchedule(given)) return;
      if (typeof given === 'number') inRange(where, argument, given, '[0, ∞)');
      else {
        throw new TypeError(
          `${where}(${argument}): expected a number in [0, ∞) or a schedule, got ${shown(given)}`,
        );
      }
    },
  };
}

/** The rate after `count` updates. */
export function rateAt(rate: number | Schedule, count: number): number {
  return typeof rate === 'number' ? rate : rate.at(count);
}

/** A rate as a plain value. */
export function describeRate(rate: number | Schedule): OptionValue {
  return typeof rate === 'number' ? rate : rate.options;
}

/** What a scheduled rate reports. */
export const rateMeasures: readonly MeasureDescription[] = [
  { name: 'rate', kind: 'number', meaning: 'η, the learning rate of this step' },
];
