import fc from 'fast-check';
import { law } from '../law.js';
import { comparable, forward, valued } from '../tolerance.js';
import { cubicNumbers, cubic as cubicOf, tried } from './cubics.js';

/** So far beyond a trial a search extrapolates at most, in multiples of the first step. */
const furthest = 5;

export const secondTrial = law({
  id: '36c',
  name: 'the second trial of a search',
  statement:
    'On a cubic, after a first trial t that does not do, with c the cubic’s minimizer, p that of the parabola through φ(0), φ′(0), φ(t) and q the zero of the secant through φ′(0), φ′(t): where φ(t) > φ(0) the second is c if it is nearer to 0 than p, else (c + p)/2; where φ′(t) > 0 that of c and q which is further from t; else that one too, at most 5t, and 5t for c where the cubic falls on.',
  tolerance: 'K',
  source: 'Moré and Thuente 1994, section 4, cases 1 to 3; κ = (Σ|terms|/γ)², γ the root in c',
  kind: 'lineSearch',
  sample: () => cubicNumbers,
  measure(subject, { s, a, b, t }) {
    const { decrease, curvature = 0 } = subject.promise;
    const { value, slope } = cubicOf({ s, a, b });
    const [there, rising] = [value(t), slope(t)];
    // What does already, what is minimized with a tilted line, and what is steeper than at 0 has other rules.
    fc.pre(!(there <= -decrease * t * s && Math.abs(rising) <= curvature * s));
    fc.pre((there > 0 || there <= -decrease * t * s) && rising > -s);
    const bend = a * a + 4 * b;
    const cubic = bend > 0 ? 2 / (a + Math.sqrt(bend)) : Number.NaN;
    const terms = 1 + Math.abs(a) * t + Math.abs(b) * t * t;
    const kappa = Math.max((2 * terms) / (t * Math.sqrt(Math.abs(bend))), (terms * s) / (rising + s)) ** 2;
    fc.pre(comparable(1, kappa, subject.epsilon * 2 ** 20));
    const parabola = (s * t * t) / (2 * (there + s * t));
    const secant = (s * t) / (rising + s);
    const further = (one: number, other: number) => (Math.abs(one - t) > Math.abs(other - t) ? one : other);
    const most = furthest * t;
    const expected =
      there > 0
        ? Math.abs(cubic) < Math.abs(parabola)
          ? cubic
          : (cubic + parabola) / 2
        : rising > 0
          ? further(cubic, secant)
          : Math.min(most, further(cubic > t ? cubic : most, secant));
    const got = tried(subject, { value, slope }, t).find((at) => at !== t) ?? Number.NaN;
    const error = Math.abs(got - expected);
    return [valued(forward('the second trial', error, most, 1, kappa, subject.epsilon), expected, got)];
  },
});
