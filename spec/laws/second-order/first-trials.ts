import fc from 'fast-check';
import { boxedProblems } from '../../arbitraries/boxes.js';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { identity, inner, plus, times } from '../../oracles/dense/matrices.js';
import {
  bfgsOfHessian,
  bfgsOfInverse,
  limitedInverse,
  type Pair,
  scalingOf,
} from '../../oracles/dense/updates.js';
import { polakRibiere } from '../../oracles/second-order/conjugate.js';
import { largest, norm } from '../../subjects/point.js';
import { law } from '../law.js';
import { bounded, comparable, type Deviation, forward } from '../tolerance.js';
import { conditioning } from './estimate-angles.js';
import { curved, type Known } from './judged-step.js';

/** So many times max |xᵢ| the step of a method that has learnt nothing is long at most. */
const firstLength = 1.21;
/** The same for those that do not come back from one that led far off. */
const careful: Readonly<Record<string, number>> = { dfp: 0.1, nonlinearConjugateGradient: 0.1 };
const powerOfTwo = (size: number) => 2 ** Math.floor(Math.log2(size));

/** How far −g is followed where nothing is known: as far as it leads in units of the start, or as x is long. */
const firstFactor = (x: Float64Array, g: Float64Array, length = firstLength) =>
  Math.min(powerOfTwo(largest(x)) / powerOfTwo(largest(g)), (length * largest(x)) / norm(g));

/** The inverse that each of them has learnt from these pairs. */
const learnt: Readonly<Record<string, (n: number, pairs: readonly Pair[]) => Float64Array>> = {
  bfgs: (n, pairs) => pairs.reduce(bfgsOfInverse, scaled(n, scalingOf(pairs[0]))),
  dfp: (n, pairs) =>
    pairs.reduce((h, { s, y }) => bfgsOfHessian(h, { s: y, y: s }), scaled(n, scalingOf(pairs[0]))),
  lbfgs: (n, pairs) => limitedInverse(n, pairs, pairs.length, scalingOf(pairs[pairs.length - 1])),
};

const scaled = (n: number, by: number): Float64Array => identity(n).map((entry) => by * entry);

export const firstTrials = law({
  id: '36j',
  name: 'what is tried first along a line',
  statement:
    'A method that has learnt nothing tries x − τg first, τ the least of 2^⌊lb max|xᵢ|⌋/2^⌊lb max|gᵢ|⌋ and 1.21max|xᵢ|/‖g‖ (of DFP 0.1); one that has learnt from pairs tries x − Hg, H from them and from γI, γ = sᵀy/yᵀy of the first pair, or of the newest where memory is limited; one of conjugate gradients the length that lets f fall to first order as much as in the step before, by Polak and Ribière’s direction.',
  tolerance: 'K',
  source: 'Nocedal and Wright 2006, section 3.5 and equations 6.20 and 7.20: full steps first',
  kind: 'solver',
  sample: () =>
    fc.tuple(bentQuadratics(), fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 })),
  measure(subject, [{ problem, start, n }, j, k]) {
    const [length, level] = [2 ** j, 2 ** k];
    const back = (x: Float64Array) => x.map((xi) => xi / length);
    const { value, gradient, hessian } = problem as Known;
    const f: Known = {
      value: (x) => value(back(x)) * level,
      gradient: (x) => gradient(back(x)).map((g) => (g * level) / length),
      hessian: (x) => hessian(back(x)).map((h) => (h * level) / length / length),
    };
    const { points, trials } = subject.trace(
      f,
      start.map((xi) => xi * length),
      4,
      {},
    );
    const gradients = points.map((x) => f.gradient(x));
    fc.pre(largest(gradients[0]) > 0);
    const pairs: Pair[] = [];
    const conjugates: Float64Array[] = [gradients[0].map((gi) => -gi)];
    const found: Deviation[] = [];
    for (const [at, tried] of trials.entries()) {
      const [x, g] = [points[at], gradients[at]];
      if (norm(g) < 1e-6 * norm(gradients[0])) break;
      if (subject.method === 'nonlinearConjugateGradient' && at > 0) {
        const [before, s] = [gradients[at - 1], plus(x, points[at - 1], -1)];
        const p = conjugates[at - 1];
        const next = plus(
          g.map((gi) => -gi),
          p,
          polakRibiere(before, g, p),
        );
        // Where it nearly ascends another is taken.
        if (!(inner(next, g) < -1e-3 * norm(next) * norm(g))) break;
        conjugates.push(next);
        const length = (norm(s) * inner(p, before)) / norm(p) / inner(next, g);
        const off = norm(plus(plus(tried[0].x, x, -1), next, -length)) / (length * norm(next));
        const digits = ((norm(g) + norm(before)) / Math.min(norm(g), norm(before))) ** 2;
        const lost = (norm(x) + norm(points[at - 1])) / norm(s) + norm(x) / (length * norm(next));
        if (!comparable(at * n, digits ** at * 1e3 + lost, subject.epsilon)) break;
        found.push(
          forward(
            `the first trial from x_${at}`,
            off,
            1,
            4 * at * n,
            digits ** at * 1e3 + lost,
            subject.epsilon,
          ),
        );
        continue;
      }
      const made = (known: readonly Pair[]) =>
        known.length === 0
          ? g.map((gi) => -gi * firstFactor(x, g, careful[subject.method]))
          : times(learnt[subject.method](n, known), g).map((pi) => -pi);
      const p = made(pairs);
      // What changes of y by the rounding of its gradients do to the step.
      const spread = [1, -1].map((sign) =>
        norm(plus(made(pairs.map((pair, i) => nudged(pair, i, sign))), p, -1)),
      );
      const kappa = conditioning(pairs) ** 2;
      const allowed = 30 * (spread[0] + spread[1] + n * (at + 1) * kappa * subject.epsilon * norm(p));
      if (!comparable(1, allowed / norm(p) / subject.epsilon, subject.epsilon)) break;
      const error =
        tried.length === 0 ? Number.POSITIVE_INFINITY : norm(plus(plus(tried[0].x, x, -1), p, -1));
      const told = bounded(`the first trial from x_${at}`, error, allowed + 4 * subject.epsilon * norm(x));
      found.push({
        ...told,
        ...(told.ratio > 1 && { expected: `[${plus(x, p)}]`, got: `[${tried[0]?.x}]` }),
      });
      if (points[at + 1] === undefined || !curved(f, points, at + 1)) break;
      pairs.push({ s: plus(points[at + 1], x, -1), y: plus(gradients[at + 1], g, -1) });
    }
    return found;

    function nudged({ s, y }: Pair, i: number, sign: number): Pair {
      const steep = norm(f.hessian(points[i])) + norm(f.hessian(points[i + 1]));
      const terms =
        norm(gradients[i]) + norm(gradients[i + 1]) + steep * (norm(points[i]) + norm(points[i + 1]));
      return { s, y: y.map((yi, c) => yi + (c % 2 ? sign : -sign) * subject.epsilon * terms) };
    }
  },
});

export const firstBoxTrial = law({
  id: '99d',
  name: 'what is tried first in a box',
  statement:
    'A method that has learnt nothing tries first the way from x to P(x − τg), P the nearest point in the box, shortened to 1.21max|xᵢ|; τ is that without bounds, of the gradient of what no bound holds.',
  tolerance: 'R',
  source: 'Byrd, Lu, Nocedal and Zhu 1995, section 4: the Cauchy point of gᵀp + ‖p‖²/2τ',
  kind: 'bounded',
  sample: () => boxedProblems().filter(({ start }) => largest(start) > 0),
  measure(subject, { problem, start, lower, upper, n }) {
    const { evaluated } = subject.run(problem, start, { lower, upper }, 1, 'given');
    const x = Float64Array.from(start);
    const g = problem.gradient(x);
    const held = (i: number) => lower[i] === upper[i] || (g[i] > 0 ? x[i] <= lower[i] : x[i] >= upper[i]);
    const free = g.map((gi, i) => (held(i) ? 0 : gi));
    const shows = largest(x) * largest(free) > subject.epsilon * Math.abs(problem.value(x));
    fc.pre(shows);
    const tau = firstFactor(x, free);
    const p = x.map((xi, i) => Math.min(upper[i], Math.max(lower[i], xi - tau * g[i])) - xi);
    const factor = Math.min(1, (firstLength * largest(x)) / norm(p));
    const tried = evaluated.find((at) => at.some((ai, i) => ai !== x[i])) ?? x;
    const error = norm(plus(plus(tried, x, -1), p, -factor));
    const allowed = 30 * n * subject.epsilon * (norm(x) + norm(p));
    const told = bounded('the first trial', error, allowed);
    return [{ ...told, ...(told.ratio > 1 && { expected: `[${plus(x, p, factor)}]`, got: `[${tried}]` }) }];
  },
});

export const firstTrialLaws = [firstTrials, firstBoxTrial];
