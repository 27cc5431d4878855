import { chosenMethods } from '../../../cli/arguments/chosen-methods.js';
import { begun, type Read } from './address.js';
import { subjectOf } from './subject.js';

/** What was read, with a function and methods that there are: those of the lesson where others make no sense. */
export function settled({ study, faults }: Read): Read {
  const told = [...faults];
  const lesson = begun(study.lesson);
  const sound = <V>(value: V, else_: V, check: (value: V) => unknown): V => {
    try {
      check(value);
      return value;
    } catch (error) {
      told.push((error as Error).message);
      return else_;
    }
  };
  const f = sound(study.f, lesson.f, subjectOf);
  const methods = sound(study.methods, lesson.methods, chosenMethods);
  const { n, definition } = subjectOf(f);
  if (study.start.length === n) return { study: { ...study, f, methods }, faults: told };
  if (study.start !== lesson.start) {
    told.push(`address(start): expected ${n} ${n === 1 ? 'number' : 'numbers'}, got ${study.start.join()}`);
  }
  const start = lesson.start.length === n ? lesson.start : [...Array.from(definition.start)];
  return { study: { ...study, f, methods, start }, faults: told };
}
