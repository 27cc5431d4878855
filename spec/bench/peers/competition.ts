import {
  bfgs,
  lbfgs,
  type Minimization,
  minimize,
  newtonConjugateGradient,
  nonlinearConjugateGradient,
  type TestFunction,
  trustRegion,
} from '../../../src/index.js';

/** A test function with both derivatives, as all of the zoo are. */
export type Smooth = TestFunction & Required<Pick<TestFunction, 'gradient' | 'hessian'>>;

/** How one competitor fared: where it ended and how often it asked for the value. */
export interface Score {
  readonly solved: boolean;
  readonly evaluations: number;
}

/** The same for all: ‖g‖∞ ≤ 10⁻⁸ ends a run, and as many iterations as wanted. */
export const tolerance = 1e-8;
export const maxIterations = 10_000;

/** Ours, each with its counterpart in SciPy and how that is told the same. */
export const competitors = {
  bfgs: { solver: bfgs(), scipy: ['BFGS', { gtol: tolerance, maxiter: maxIterations }] },
  lbfgs: {
    solver: lbfgs(),
    scipy: ['L-BFGS-B', { gtol: tolerance, ftol: 0, maxiter: maxIterations, maxfun: 10 * maxIterations }],
  },
  trustRegion: { solver: trustRegion(), scipy: ['trust-exact', { gtol: tolerance, maxiter: maxIterations }] },
  nonlinearConjugateGradient: {
    solver: nonlinearConjugateGradient(),
    scipy: ['CG', { gtol: tolerance, maxiter: maxIterations }],
  },
  // SciPy's has no tolerance for the gradient: the mean change of x stands for it.
  newtonConjugateGradient: {
    solver: newtonConjugateGradient(),
    scipy: ['Newton-CG', { xtol: tolerance, maxiter: maxIterations }],
  },
} as const;
export type Competitor = keyof typeof competitors;

/**
 * Whether x solves the problem, the same for all competitors: f(x) meets the value of a known minimum, local ones
 * included, within 10⁻⁸(1 + |f*|). A small gradient is not enough: plateaus have that too.
 */
export function isSolved(of: Smooth, x: ArrayLike<number>): boolean {
  const f = of.value(Float64Array.from(x));
  const known = of.minima ?? (of.minimum === undefined ? [] : [of.minimum]);
  return known.some(({ value }) => Math.abs(f - value) <= 1e-8 * (1 + Math.abs(value)));
}

/** Where a run begins: the standard start, or a multiple of it. */
export const startOf = ({ start }: Smooth, times: number): number[] =>
  Array.from(start, (entry) => times * entry);

export function ourScore(of: Smooth, competitor: Competitor, times: number): Score {
  const problem: Minimization = { value: of.value, gradient: of.gradient, hessian: of.hessian };
  const { x, evaluations } = minimize(problem, startOf(of, times), competitors[competitor].solver, {
    gradientTolerance: tolerance,
    maxIterations,
  });
  return { solved: isSolved(of, x), evaluations: evaluations.value };
}
