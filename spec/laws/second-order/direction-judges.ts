import { identity, inner, plus } from '../../oracles/dense/matrices.js';
import { broydenOfJacobian } from '../../oracles/dense/updates.js';
import { solveFor } from '../../oracles/second-order/solvers.js';
import { norm } from '../../subjects/point.js';
import type { SolverSubject } from '../../subjects/second-order/subject.js';
import { comparable, threshold } from '../tolerance.js';
import { followedDirections } from './followed-directions.js';
import { apart, curved, definite, direction, type Judge, type Known, regular } from './judged-step.js';

/** Methods whose directions by the definition of their step are others' too only while H is definite. */
const ofDefiniteHessians = ['lineSearchNewton', 'modifiedNewton', 'projectedNewton', 'dampedNewton'];
/** Those that treat eigenvalues or entries near 0 in a way of their own. */
const ofRegularHessians = [
  'absoluteNewton',
  'pseudoinverseNewton',
  'diagonalNewton',
  'diagonalNewtonAsPublished',
];
/** Those that have a rule of their own for pairs of little curvature. */
const ofCurvedPairs = ['bfgs', 'dfp', 'lbfgs', 'lbfgsb'];

export function alongDirections(
  subject: SolverSubject,
  problem: Known,
  points: readonly Float64Array[],
): Judge {
  const { method, fixed: options = {}, epsilon } = subject;
  const directions = (change: (i: number) => number) =>
    followedDirections(method, options, nudged(problem, change, epsilon), points);
  const signs = [
    (i: number) => (i % 2 ? 1 : -1),
    (i: number) => (i % 3 ? -1 : 1),
    (i: number) => (i ? 1 : -1),
  ];
  const [ours, ...moved] = [() => 0, ...signs].map(directions);
  return ({ k, s, g, h, lost }) => {
    const p = ours[k];
    if (p === undefined || !(inner(g, p) < 0)) return 'stop';
    if (ofDefiniteHessians.includes(method) && !definite(h, g.length)) return 'stop';
    if (ofRegularHessians.includes(method) && !regular(h, g.length)) return 'stop';
    if (ofCurvedPairs.includes(method) && k > 0 && !curved(problem, points, k)) return 'stop';
    const far = moved.map((other) => (other[k] === undefined ? 1 : apart(other[k], p)));
    const spread = far.reduce((total, one) => total + one, 0);
    const n = g.length;
    const own = (2 * epsilon * (norm(points[k]) + norm(plus(points[k], p)))) / norm(p);
    const allowed = threshold * (n * (k + 1) * epsilon + spread) + lost + own;
    if (!comparable(1, allowed / epsilon, epsilon)) return 'stop';
    return [direction(`step ${k + 1}`, s, p, allowed)];
  };
}

/** Gradients and Hessians off by ε, each entry by its own sign. */
function nudged(problem: Known, change: (i: number) => number, epsilon: number): Known {
  const off = (values: Float64Array) => values.map((v, i) => v * (1 + change(i) * epsilon));
  const turned = (h: Float64Array) => {
    const n = Math.sqrt(h.length);
    return h.map((v, at) => v * (1 + change(Math.floor(at / n) + (at % n)) * epsilon)); // symmetric
  };
  return {
    value: problem.value,
    gradient: (x) => off(problem.gradient(x)),
    hessian: (x) => turned(problem.hessian(x)),
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
