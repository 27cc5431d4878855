import { findMethod, type LineSearch, type Minimization, MinimizationRun } from '../../../src/index.js';
import { inner, plus } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';

/**
 * The directions that a method of ours proposes at the points of another's run: it is led along them by a search that
 * goes, on each line, to the point nearest the other's next.
 *
 * @returns as many as it proposes before it ends
 */
export function followedDirections(
  method: string,
  options: Readonly<Record<string, unknown>>,
  problem: Required<Pick<Minimization, 'value' | 'gradient' | 'hessian'>>,
  points: readonly Float64Array[],
): Float64Array[] {
  const found: Float64Array[] = [];
  let asked = points[0];
  /** No step leads on: what is proposed after that belongs to no point. */
  let lost = false;
  const search: LineSearch = {
    name: 'following',
    options: {},
    search(line) {
      const k = found.length;
      // The run may be in units of its own; what the function is asked at is not.
      if (lost || points[k + 1] === undefined || !line.tryStep(1)) return 'nonFinite';
      const p = plus(asked, at, -1);
      found.push(p);
      const s = plus(points[k + 1], points[k], -1);
      lost = !line.tryStep(inner(s, p) / inner(p, p));
      at = asked;
      return lost ? 'nonFinite' : 'found';
    },
  };
  let at = points[0];
  /** What stands at the other's next point but for rounding is asked there itself. */
  const near = (x: Float64Array) => {
    const next = points[found.length] ?? x;
    const close = norm(plus(x, next, -1)) <= 1e-6 * norm(plus(next, at, -1));
    return close ? next : x;
  };
  const told = {
    value(x: Float64Array) {
      asked = x.slice();
      return problem.value(x);
    },
    gradient: (x: Float64Array) => problem.gradient(near(x)),
    hessian: (x: Float64Array) => problem.hessian(near(x)),
  };
  const solver = findMethod(method, 'minimize').create({ ...options, search });
  const run = new MinimizationRun(told, points[0], solver, {
    gradientTolerance: 0,
    maxIterations: points.length - 1,
  });
  while (run.outcome === undefined) run.advance();
  return found;
}
