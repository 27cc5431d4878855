import fc from 'fast-check';
import { law } from '../law.js';
import { comparable, type Deviation, forward, valued } from '../tolerance.js';
import { cubic, cubicNumbers, tried } from './cubics.js';

/** Cubics with what judges them. */
const cubics = cubicNumbers.map(({ s, a, b, t }) => ({
  t,
  ...cubic({ s, a, b }),
  terms: (at: number) => s * (at + (Math.abs(a) * at * at) / 2 + (Math.abs(b) * at ** 3) / 3),
  steepness: s * (1 + Math.abs(a) * t + Math.abs(b) * t * t),
  toString: () => `${s}(−α + ${a}α²/2 + ${b}α³/3) from ${t}`,
}));

export const backtracks = law({
  id: '36e',
  name: 'how far a search backtracks',
  statement:
    'After a trial t that is too high the next is the minimizer of the parabola through φ(0), φ′(0) and φ(t), −φ′(0)t²/2(φ(t) − φ(0) − tφ′(0)), between the least and the largest fraction of t.',
  tolerance: 'K',
  source:
    'Armijo 1966; Nocedal and Wright 2006, algorithm 3.1 and equation 3.57; κ = Σ|terms|/(φ(t) − φ(0) − tφ′(0))',
  kind: 'lineSearch',
  sample: () => cubics,
  measure(subject, { t, value, slope, terms }) {
    const [least, most] = subject.promise.shrinks!;
    const { decrease } = subject.promise;
    const found: Deviation[] = [];
    const trials = tried(subject, { value, slope }, t);
    // Every trial but the last was too high.
    for (const [k, at] of trials.slice(0, -1).entries()) {
      const [slope0, there] = [slope(0), value(at)];
      const bend = there - at * slope0;
      const kappa = 1 + terms(at) / Math.abs(bend);
      if (!comparable(1, kappa, subject.epsilon) || there < decrease * at * slope0) break;
      const expected = at * Math.min(most, Math.max(least, (-slope0 * at) / (2 * bend)));
      const error = Math.abs(trials[k + 1] - expected);
      found.push(
        valued(forward(`trial ${k + 2}`, error, at, 1, kappa, subject.epsilon), expected, trials[k + 1]),
      );
    }
    fc.pre(found.length > 0);
    return found;
  },
});

/** Where the straight line through two slopes vanishes. */
const secant = (a: number, b: number, slope: (at: number) => number) =>
  (a * slope(b) - b * slope(a)) / (slope(b) - slope(a));

/** So far beyond a trial from which φ falls on the next one lies. */
const expansion = 5;

export const doubleSecant = law({
  id: '36f',
  name: 'double secant steps',
  statement:
    'After a trial t with φ′(t) ≥ 0 the next is c, the zero of the secant through φ′(0) and φ′(t), and then that through c and the end whose slope has its sign; after one with φ′(t) < 0 it is t/2 where φ(t) lies above the slack, else 5t.',
  tolerance: 'K',
  source: 'Hager and Zhang 2005, section 4, steps S1 to S4, B0 to B3 with ρ = 5 and U3 with θ = ½',
  kind: 'lineSearch',
  sample: () => cubics,
  measure(subject, { t, value, slope, steepness }) {
    const [first, second, third] = tried(subject, { value, slope }, t);
    const [slope0, there, rising] = [slope(0), value(t), slope(t)];
    fc.pre(second !== undefined && first === t);
    const found: Deviation[] = [];
    const compare = (what: string, got: number, expected: number, kappa: number) => {
      const error = forward(what, Math.abs(got - expected), t, 1, kappa, subject.epsilon);
      found.push(valued(error, expected, got));
    };
    // φ(0) = 0, so that there is no slack; and where the sign of φ is that of rounding it tells nothing.
    const clear = (at: number) => Math.abs(value(at)) > 1e-9 * steepness * t;
    if (rising < 0) {
      fc.pre(clear(t));
      compare('the second trial', second, there > 0 ? t / 2 : expansion * t, 1);
      return found;
    }
    const c = secant(0, t, slope);
    fc.pre(c < t * (1 - 1e-9)); // at t itself nothing lies between
    const kappa = steepness / (rising - slope0);
    compare('the second trial', second, c, kappa);
    const [from, d] = slope(c) >= 0 ? [t, secant(t, c, slope)] : [0, secant(0, c, slope)];
    const inside = slope(c) >= 0 ? d > 0 && d < c : d > c && d < t;
    const kappa2 = (kappa * steepness) / Math.abs(slope(from) - slope(c));
    const judged = third !== undefined && inside && (slope(c) >= 0 || (value(c) < 0 && clear(c)));
    if (judged && comparable(1, kappa2 ** 2, subject.epsilon))
      compare('the third trial', third, d, kappa2 ** 2);
    return found;
  },
});
