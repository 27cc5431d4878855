import { identity, inner, plus } from '../../oracles/dense/matrices.js';
import { broydenOfJacobian } from '../../oracles/dense/updates.js';
import { solveFor } from '../../oracles/second-order/solvers.js';
import { norm } from '../../subjects/point.js';
import { solverTraits } from '../../subjects/second-order/solver-traits.js';
import type { SolverSubject } from '../../subjects/second-order/subject.js';
import { comparable, threshold } from '../tolerance.js';
import { followedDirections } from './followed-directions.js';
import { apart, curved, definite, direction, type Judge, type Known, regular } from './judged-step.js';

/** A sign by the entry and the point. */
type Sign = (i: number, k: number) => number;

export function alongDirections(
  subject: SolverSubject,
  problem: Known,
  points: readonly Float64Array[],
): Judge {
  const { method, fixed: options = {}, epsilon } = subject;
  const { commonWhere, ofPairs } = solverTraits(subject);
  const directions = (sign: Sign) =>
    followedDirections(method, options, nudged(problem, points, sign, epsilon), points);
  const signs: Sign[] = [
    (i, k) => ((i + k) % 2 ? 1 : -1),
    (i, k) => ((i + 2 * k) % 3 ? -1 : 1),
    (i, k) => ((i === 0) === (k % 2 === 0) ? 1 : -1),
  ];
  const [ours, ...moved] = [() => 0, ...signs].map(directions);
  return ({ k, s, g, h, lost }) => {
    const p = ours[k];
    if (p === undefined || !(inner(g, p) < 0)) return 'stop';
    if (commonWhere === 'definite' && !definite(h, g.length)) return 'stop';
    if (commonWhere === 'regular' && !regular(h, g.length)) return 'stop';
    if (commonWhere === 'curvedPairs' && k > 0 && !curved(problem, points, k)) return 'stop';
    const far = moved.map((other) => (other[k] === undefined ? 1 : apart(other[k], p)));
    const spread = far.reduce((total, one) => total + one, 0);
    const n = g.length;
    const own = (2 * epsilon * (norm(points[k]) + norm(plus(points[k], p)))) / norm(p);
    const growth = ofPairs ? growthOfPairs(problem, points, k, p) : 1;
    const allowed = threshold * (n * (k + 1) * growth * epsilon + spread) + lost + own;
    if (!comparable(1, allowed / epsilon, epsilon)) return 'stop';
    return [direction(`step ${k + 1}`, s, p, allowed)];
  };
}

/**
 * How far rounding in a matrix made of the pairs before a point may have grown in p: ∏ 1/cos(sᵢ, yᵢ), times the longest
 * step for g that the size of a pair, |sᵢ|/|yᵢ|, would make beside |p|. Where one step led far, g is all but its y, and
 * what is left after that pair is taken out of g is made of the digits that g has lost.
 */
function growthOfPairs(problem: Known, points: readonly Float64Array[], k: number, p: Float64Array): number {
  const gradients = points.slice(0, k + 1).map((x) => problem.gradient(x));
  const asked = norm(gradients[k]) / norm(p);
  let [angles, longest] = [1, 1];
  for (let i = 0; i < k; i++) {
    const [s, y] = [plus(points[i + 1], points[i], -1), plus(gradients[i + 1], gradients[i], -1)];
    angles *= (norm(s) * norm(y)) / Math.abs(inner(s, y));
    longest = Math.max(longest, (norm(s) / norm(y)) * asked);
  }
  return angles * longest;
}

/**
 * Hessians off by ε, and gradients by that and by what rounding of the point does to them, each entry by a sign of its own
 * at each point: where a change of gradients is small beside them, all of that is in it.
 */
function nudged(problem: Known, points: readonly Float64Array[], sign: Sign, epsilon: number): Known {
  const number = (x: Float64Array) => points.findIndex((point) => point.every((xi, i) => xi === x[i]));
  return {
    value: problem.value,
    gradient(x) {
      const [k, n, h] = [number(x), x.length, problem.hessian(x)];
      return problem.gradient(x).map((g, i) => {
        const moved = x.reduce((sum, xj, j) => sum + Math.abs(h[i * n + j] * xj), Math.abs(g));
        return g + sign(i, k) * epsilon * moved;
      });
    },
    hessian(x) {
      const [k, n] = [number(x), x.length];
      return problem.hessian(x).map((v, at) => v * (1 + sign(Math.floor(at / n) + (at % n), k) * epsilon)); // symmetric
    },
  };
}

/** Broyden's with the multiple of I to begin with that suits best: 1, what the first step shows, or ours. */
export function broydenDirections(_: SolverSubject, problem: Known, points: readonly Float64Array[]): Judge {
  const gradients = points.map((x) => problem.gradient(x));
  const steps = points.slice(1).map((x, k) => plus(x, points[k], -1));
  const [ours] = followedDirections('broyden', {}, problem, points);
  const first = norm(gradients[0]);
  const scales = [1, ...[steps[0], ours].flatMap((p) => (p === undefined ? [] : [norm(p) / first]))];
  const proposed = scales.map((scale) => {
    let b: Float64Array = identity(gradients[0].length).map((entry) => entry / scale);
    return steps.map((s, k) => {
      const p = solveFor(b, gradients[k]);
      b = broydenOfJacobian(b, { s, y: plus(gradients[k + 1], gradients[k], -1) });
      return p;
    });
  });
  // Where a direction ascends, what was learnt may be forgotten.
  const judged = proposed.map((ps) => {
    const end = ps.findIndex((p, k) => !(inner(p, gradients[k]) < 0));
    return end < 0 ? ps : ps.slice(0, end);
  });
  const off = judged.map((ps) => Math.max(...ps.map((p, k) => apart(p, steps[k]))));
  const best = judged[off.indexOf(Math.min(...off))];
  return ({ k, s, g, lost, epsilon }) => {
    const p = best[k];
    if (p === undefined) return 'stop';
    const digits = steps.slice(0, k).map((one, i) => {
      const y = plus(gradients[i + 1], gradients[i], -1);
      return (
        (norm(gradients[i]) + norm(gradients[i + 1])) / norm(y) + norm(one) / norm(s) + norm(s) / norm(one)
      );
    });
    const turned = (norm(g) * norm(p)) / Math.abs(inner(g, p));
    const kappa = digits.reduce((most, one) => most * (1 + one), 1) * turned;
    if (!comparable(s.length, kappa, epsilon)) return 'stop';
    return [direction(`step ${k + 1}`, s, p, threshold * s.length * kappa * epsilon + 2 * lost)];
  };
}
