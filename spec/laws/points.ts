import { entriesOf, flat } from '../subjects/point.js';
import type { OptimizerSubject, Point } from '../subjects/subject.js';
import { moved, type Ride } from '../subjects/trajectory.js';
import { bitwise, bounded, type Deviation } from './tolerance.js';

type Path = Pick<Ride, 'updates' | 'parameters'>;

/**
 * B: the update of a step bit for bit. Of a subject that answers points x + Δ, which are rounded, the point that the
 * expected update leads to.
 */
export function sameUpdate(
  { answersPoints, epsilon }: OptimizerSubject,
  what: string,
  { updates, parameters }: Path,
  step: number,
  expected: Point,
): Deviation {
  if (!answersPoints) return bitwise(what, entriesOf(updates[step]), entriesOf(expected));
  const point = moved(parameters[step], expected, epsilon);
  return bitwise(what, flat(parameters[step + 1]), flat(point));
}

/** B: the same, where the subject's points were others, so that they rounded otherwise: within {@link slack}. */
export function closeUpdate(
  subject: OptimizerSubject,
  what: string,
  rides: readonly Path[],
  step: number,
  expected: Point,
): Deviation[] {
  const got = flat(rides[0].updates[step]);
  if (!subject.answersPoints) return [bitwise(what, got, flat(expected))];
  return [...flat(expected)].map((u, i) => {
    const allowed = rides.reduce((total, path) => total + slack(subject, path, step, i), 0);
    return bounded(`${what}, entry ${i}`, Math.abs(got[i] - u), allowed);
  });
}

/** By how much entry i of an update may be off that is the difference of two rounded points: ε(|x| + |x⁺|), else 0. */
export function slack(subject: OptimizerSubject, path: Path, step: number, i: number): number {
  return subject.answersPoints ? pointRounding(subject, path, step, i) : 0;
}

/** ε(|x| + |x⁺|): what adding entry i of an update to x loses. */
export function pointRounding(
  { epsilon }: OptimizerSubject,
  { parameters }: Pick<Path, 'parameters'>,
  step: number,
  i: number,
): number {
  return epsilon * (Math.abs(entriesOf(parameters[step])[i]) + Math.abs(entriesOf(parameters[step + 1])[i]));
}
