import { schedules } from '../../src/transforms/schedule.js';

/** @throws RangeError where there is no schedule of this name */
export function scheduleNamed(name: string): (typeof schedules)[number] {
  const found = schedules.find((schedule) => schedule.name === name);
  if (found !== undefined) return found;
  const known = schedules.map((schedule) => schedule.name).join(', ');
  throw new RangeError(`claims: expected a schedule, ${known}, got '${name}'`);
}
