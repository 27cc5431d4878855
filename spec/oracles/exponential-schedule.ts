import { claims } from '../subjects/claims.js';
import type { ScheduleSubject } from '../subjects/subject.js';

/** r(k) = from·factor·factor·…, multiplied out. */
export const exponentialOracle: ScheduleSubject = {
  kind: 'schedule',
  name: 'exponential (naive)',
  epsilon: 2 ** -52,
  claims: claims.exponential,
  create:
    ({ from, factor }) =>
    (count) => {
      let rate = from;
      for (let k = 0; k < count; k++) rate *= factor;
      return rate;
    },
  scope: (body) => body(),
};
