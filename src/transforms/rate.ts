import { inRange, shown } from '../algebra/argument.js';
import type { Option } from '../algebra/option.js';
import { isSchedule, type Schedule } from './schedule.js';

/** A learning rate: a number ≥ 0 or a schedule. */
export function rate(value: number): Option<number | Schedule> {
  return {
    default: value,
    domain: '[0, ∞) or a schedule',
    meaning: 'η, the length of a step',
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
