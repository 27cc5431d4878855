import fc from 'fast-check';
import { scheduleNamed } from '../subjects/schedule-named.js';
import type { ScheduleSubject } from '../subjects/subject.js';
import { law } from './law.js';
import { bitwise, bounded } from './tolerance.js';

const counts = fc.array(fc.nat(300), { minLength: 1, maxLength: 6 });

/** Options that a schedule of this kind is tried with: its only ones, or those of the exponential. */
const optionsOf = ({ fixed }: ScheduleSubject) =>
  fixed === undefined
    ? fc.record({ from: fc.constantFrom(1, 0.1), factor: fc.constantFrom(1, 0.5, 0.9, 0.999) })
    : fc.constant(fixed);

export const functionOfCount = law({
  id: '58b',
  name: 'a schedule is a function of the count',
  statement:
    'Asked in any order, again, or of another instance, it answers the same; its rates are finite and not negative.',
  tolerance: 'B',
  source: 'a run that goes on from a checkpoint asks from the middle on',
  kind: 'schedule',
  sample: (subject) => fc.tuple(optionsOf(subject), counts),
  measure(subject, [options, asked]) {
    const forwards = [...asked].sort((a, b) => a - b);
    const [one, other] = [subject.create(options), subject.create(options)];
    const rates = new Map(forwards.map((count) => [count, one(count)]));
    return asked.flatMap((count) => [
      bitwise(`r(${count}) asked again`, other(count), rates.get(count)!),
      bitwise(`r(${count}) asked later`, one(count), rates.get(count)!),
      bounded(`r(${count})`, rates.get(count)! >= 0 && Number.isFinite(rates.get(count)!) ? 0 : 1, 0),
    ]);
  },
});

export const scheduleAgreement = law({
  id: '58c',
  name: 'agreement of schedules',
  statement: 'Each rate is that of our schedule of this name: |r(k) − r*(k)| ≤ 4(k + 2)ε·max |r*|.',
  tolerance: 'K',
  source: 'docs/options.md; a factor taken k times over has k roundings',
  kind: 'schedule',
  sample: (subject) => fc.tuple(optionsOf(subject), counts),
  measure(subject, [options, asked]) {
    const ours = scheduleNamed(subject.method).create(options as Record<string, unknown>);
    const rate = subject.create(options);
    const most = Math.max(ours.at(0), ...asked.map((count) => ours.at(count)));
    return asked.map((count) => {
      const expected = ours.at(count);
      const allowed = 4 * (count + 2) * subject.epsilon * most;
      const told = bounded(`r(${count})`, Math.abs(rate(count) - expected), allowed);
      return told.ratio <= 1 ? told : { ...told, expected: String(expected), got: String(rate(count)) };
    });
  },
});

export const scheduleLaws = [functionOfCount, scheduleAgreement];
