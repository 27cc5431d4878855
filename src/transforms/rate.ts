import { type Domain, type Option, option } from '../algebra/option.js';
import type { OptionValue } from '../algebra/options.js';
import type { MeasureDescription } from '../objective/measure.js';
import { aSchedule, type Schedule } from './schedule.js';

const rates: Domain = {
  kind: 'either',
  of: [{ kind: 'number', interval: '[0, ∞)', whole: false }, aSchedule],
};

/** A learning rate: a number ≥ 0 or a schedule. */
export function rate(value: number, meaning = 'η, the length of a step'): Option<number | Schedule> {
  return option<number | Schedule>(value, rates, meaning);
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
