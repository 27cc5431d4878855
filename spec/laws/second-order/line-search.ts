import { type LineSample, lines, phiOf } from '../../arbitraries/lines.js';
import type { LineSearchSubject } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { atMost, bounded, type Deviation } from '../tolerance.js';
import { firstTrial, namedSearchEnds } from './first-trial.js';
import { backtracks, doubleSecant } from './next-trials.js';
import { hagerZhangPath, moreThuentePath } from './search-path.js';
import { secondTrial } from './second-trial.js';

export const keepsPromise = law({
  id: '36b',
  name: 'line searches keep their promise',
  statement:
    'A found step satisfies the conditions promised, φ(α) ≤ φ(0) + c₁αφ′(0) and the curvature condition; no trial exceeds the longest step; where a step exists one is found, trials that are NaN or ∞ notwithstanding.',
  tolerance: 'I',
  source: 'Nocedal and Wright 2006, section 3.1; Moré and Thuente 1994',
  kind: 'lineSearch',
  sample: () => lines(),
  measure(subject, sample) {
    const phi = phiOf(sample);
    let most = 0;
    const { found, alpha } = subject.search(
      {
        value(trial) {
          most = Math.max(most, trial);
          return phi.value(trial);
        },
        slope: phi.slope,
      },
      sample.first,
      sample.longest,
    );
    const { epsilon } = subject;
    const checks: Deviation[] = [atMost('longest trial', most, sample.longest, 1, epsilon, sample.longest)];
    if (found) checks.push(...kept(subject, sample, alpha));
    // With the longest step beyond the minimizer a step exists, unless the line falls for ever.
    else if (sample.kind !== 'line' && sample.longest > sample.minimizer)
      checks.push(bounded('searches without a step', 1, 0));
    return checks;
  },
});

export const lineSearchLaws = [
  keepsPromise,
  secondTrial,
  firstTrial,
  backtracks,
  doubleSecant,
  namedSearchEnds,
  moreThuentePath,
  hagerZhangPath,
];

function kept({ promise, epsilon }: LineSearchSubject, sample: LineSample, alpha: number): Deviation[] {
  const phi = phiOf(sample);
  const [value0, slope0] = [phi.value(0), phi.slope(0)];
  const [value, slope] = [phi.value(alpha), phi.slope(alpha)];
  const { decrease, curvature, strong, slack } = promise;
  const bound = value0 + decrease * alpha * slope0;
  const terms = Math.abs(value) + Math.abs(value0) + Math.abs(decrease * alpha * slope0);
  // Where values are flat to rounding, slopes may stand in: the approximate Wolfe condition.
  const flat =
    slack > 0 && value <= value0 + slack * Math.abs(value0) && slope <= (2 * decrease - 1) * slope0;
  const found = [
    bounded('steps that are not positive', alpha > 0 ? 0 : 1, 0),
    atMost('φ(α)', value, flat ? value0 + slack * Math.abs(value0) : bound, 1, epsilon, terms),
  ];
  if (curvature === undefined) return found;
  const steepest = curvature * Math.abs(slope0);
  const left = strong ? Math.abs(slope) : -slope;
  return [...found, atMost('slope at α', left, steepest, 1, epsilon, steepest + Math.abs(slope))];
}
