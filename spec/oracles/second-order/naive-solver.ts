import type { Minimization } from '../../../src/index.js';
import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { SolverChoices, SolverSubject, Trial } from '../../subjects/second-order/subject.js';
import { inner, plus } from '../dense/matrices.js';
import type { Pair } from '../dense/updates.js';

/** What a naive method knows when it chooses a direction. */
export interface Known {
  readonly n: number;
  readonly x: Float64Array;
  readonly g: Float64Array;
  hessian(): Float64Array;
  /** All steps and changes of the gradient so far, the newest last. */
  readonly pairs: readonly Pair[];
  readonly choices: SolverChoices;
  readonly problem: Minimization;
}

const roundedAway = 2 ** -46;

/** A method of directions as a first reader would write it: everything known is kept, nothing is reused. */
export function naiveSolver(
  method: string,
  direction: (known: Known) => Float64Array,
  {
    name = `${method} (naive solver)`,
    claims = secondOrderClaims[method] ?? [],
    length = stepLength,
  }: {
    name?: string;
    claims?: readonly string[];
    length?: (known: Known, p: Float64Array) => number;
  } = {},
): SolverSubject {
  return {
    kind: 'solver',
    name,
    method,
    epsilon: 2 ** -52,
    claims,
    trace(problem, start, steps, choices) {
      const points: Float64Array[] = [Float64Array.from(start)];
      let steepest = 0;
      const trials: Trial[][] = [];
      const pairs: Pair[] = [];
      for (let k = 0; k < steps; k++) {
        const x = points[k];
        const g = problem.gradient!(x);
        const known: Known = {
          n: x.length,
          x,
          g,
          hessian: () => problem.hessian!(x),
          pairs,
          choices,
          problem,
        };
        // What rounding leaves of a gradient teaches nothing.
        const size = Math.sqrt(inner(g, g));
        steepest = Math.max(steepest, size);
        if (size <= roundedAway * steepest) break;
        const p = direction(known);
        const next = plus(x, p, length(known, p));
        trials.push([{ x: next }]);
        points.push(next);
        pairs.push({ s: plus(next, x, -1), y: plus(problem.gradient!(next), g, -1) });
      }
      return { points, trials };
    },
    scope: (body) => body(),
  };
}

/** The step asked for: a number, or on a quadratic −gᵀp/pᵀHp with Hp = ∇f(x + p) − g. */
export function stepLength({ x, g, choices: { step = 1 }, problem }: Known, p: Float64Array): number {
  if (step !== 'exact') return step;
  const hp = plus(problem.gradient!(plus(x, p)), g, -1);
  return -inner(g, p) / inner(p, hp);
}
