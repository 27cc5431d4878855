import type { Options } from '../algebra/options.js';
import { lu, luSolve, luWorkspace } from '../linalg/lu.js';
import type { Outcome } from '../objective/outcome.js';
import type { Direction } from '../search/descend.js';

/** Writes p from the Hessian [n, n] and the gradient [n], or answers why there is none. */
export type HessianSolve = (
  hessian: Float64Array,
  gradient: Float64Array,
  p: Float64Array,
) => Outcome | undefined;

/** A direction that evaluates the Hessian at each iterate: Newton's family, told apart by the solve. */
export function hessianDirection(
  name: string,
  options: Options,
  solve: (n: number) => HessianSolve,
  homogeneous = true,
): Direction {
  return {
    name,
    options,
    homogeneous,
    start(n, evaluations) {
      const hessian = new Float64Array(n * n);
      const solveHere = solve(n);
      return {
        propose(at, into) {
          evaluations.hessian(at.x, hessian);
          return solveHere(hessian, at.gradient, into);
        },
      };
    },
  };
}

/** p = −(H + λI)⁻¹g by LU. */
export const solvedByLu =
  (lambda: number) =>
  (n: number): HessianSolve => {
    const workspace = luWorkspace(n);
    return (hessian, gradient, p) => {
      for (let i = 0; i < n; i++) hessian[i * (n + 1)] += lambda;
      const factored = lu(hessian, n, workspace);
      if (factored.kind === 'singular') return hessianSingular;
      if (factored.kind !== 'factored') return hessianNotFinite;
      luSolve(factored, gradient, p);
      for (let i = 0; i < n; i++) p[i] = -p[i];
      return undefined;
    };
  };

export const hessianNotFinite: Outcome = { kind: 'nonFinite', message: 'the Hessian is not finite here' };

export const hessianSingular: Outcome = {
  kind: 'singular',
  message:
    'the Hessian is singular here: damp it, or use pseudoinverseNewton, absoluteNewton or a trust region',
};
