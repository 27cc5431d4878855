import { constant, cosine, exponential, linearWarmup, stepwise } from '../../../src/transforms/schedule.js';
import { type Form, form } from './form.js';

/** The learning rates that change with the step. */
export const schedules: ReadonlyMap<string, Form> = new Map([
  ['constant', form(({ value }: { value: number }) => constant(value), 'value')],
  ['exponential', form(exponential, 'from', 'factor')],
  ['stepwise', form(stepwise, 'from', 'factor', 'every')],
  ['cosine', form(cosine, 'from', 'to', 'steps')],
  ['linearWarmup', form(linearWarmup, 'steps', 'schedule')],
]);
