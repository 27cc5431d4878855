import { claims } from '../subjects/claims.js';
import type { ScheduleSubject } from '../subjects/subject.js';

/** r(k) = from·factor·factor·…, multiplied out. */
export const exponentialOracle: ScheduleSubject = {
  kind: 'schedule',
  method: 'exponential',
  name: 'exponential (naive)',
  epsilon: 2 ** -52,
  claims: claims.exponential,
  create: (options) => {
    const { from, factor } = options as { from: number; factor: number };
    return (count) => {
      let rate = from;
      for (let k = 0; k < count; k++) rate *= factor;
      return rate;
    };
  },
  scope: (body) => body(),
};
