import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { SolverSubject, Trial } from '../../subjects/second-order/subject.js';

/** What of a guarded Newton's method may be done wrong. */
export interface GuardedParts {
  /** Whether what is known of the other sign of f′ bounds a step. */
  brackets?: boolean;
  /** So many times as long as the last a step may be. */
  growth?: number;
}

/** Newton's method in one variable with every guard, each asked of all points so far. */
export function naiveGuarded(
  { brackets = true, growth = 10 }: GuardedParts = {},
  { name = 'guardedNewton (naive solver)', claims = secondOrderClaims.guardedNewton } = {},
): SolverSubject {
  return {
    kind: 'solver',
    name,
    method: 'guardedNewton',
    variables: 1,
    epsilon: 2 ** -52,
    claims,
    trace({ value, gradient, hessian }, start, steps) {
      const f = (x: number) => value(Float64Array.of(x));
      const df = (x: number) => gradient!(Float64Array.of(x))[0];
      const points = [start[0]];
      const trials: Trial[][] = [];
      const seen = Math.abs(start[0] * df(start[0])) > 2 ** -52 * Math.abs(f(start[0]));
      const first = (seen ? Math.abs(start[0]) : Math.abs(f(start[0]) / df(start[0]))) || 1;
      const told = () => points.map((x) => Float64Array.of(x));
      while (points.length <= steps && df(points.at(-1)!) !== 0) {
        const x = points.at(-1)!;
        const g = df(x);
        const newton = Math.abs(g / hessian!(Float64Array.of(x))[0]);
        const last = points.length > 1 ? Math.abs(x - points.at(-2)!) : first / 10;
        const longest = growth * last;
        let to = x - Math.sign(g) * (newton <= longest ? newton : longest);
        const others = points.filter((y) => df(y) * g < 0 && (y - x) * g < 0);
        const nearest = others.sort((a, b) => Math.abs(a - x) - Math.abs(b - x))[0];
        const passed = nearest !== undefined && Math.abs(to - x) >= Math.abs(nearest - x);
        if (brackets && passed) to = (x + nearest) / 2;
        const tried: Trial[] = [];
        trials.push(tried);
        const does = (y: number, alpha: number) =>
          f(y) <= f(x) + 1e-4 * alpha * g * (to - x) ||
          (f(y) <= f(x) + 2 ** -50 * Math.abs(f(x)) && Math.abs(df(y)) < Math.abs(g));
        const next = Array.from({ length: 60 }, (_, i) => 0.5 ** i).find((alpha) => {
          const y = x + alpha * (to - x);
          tried.push({ x: Float64Array.of(y) });
          return does(y, alpha);
        });
        if (next === undefined) return { points: told(), trials, outcome: 'lineSearchFailed' };
        if (Math.abs(next * (to - x)) > 1e20 * first) return { points: told(), trials, outcome: 'diverged' };
        points.push(x + next * (to - x));
      }
      return { points: told(), trials };
    },
    scope: (body) => body(),
  };
}

export const guardedOracle = naiveGuarded();
