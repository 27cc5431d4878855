import { functionOf, identity, plus, times } from '../dense/matrices.js';
import { bfgsOfHessian, bfgsOfInverse, broydenOfJacobian, dfpOfHessian } from '../dense/updates.js';
import { solved } from '../newton.js';
import { type Known, naiveSolver } from './naive-solver.js';

/** −v. */
export const negative = (v: ArrayLike<number>) => Float64Array.from(v, (entry) => -entry);

/** p = −M⁻¹g by Gauss–Jordan elimination. */
export function solveFor(matrix: Float64Array, g: Float64Array): Float64Array {
  return negative(solved(matrix, [...g]));
}

/** H + λI. */
export function shifted(matrix: Float64Array, n: number, lambda: number): Float64Array {
  return plus(matrix, identity(n), lambda);
}

export const steepestOracle = naiveSolver('steepestDescent', ({ g }) => negative(g));

export const newtonSolverOracle = naiveSolver('newton', ({ hessian, g }) => solveFor(hessian(), g));

export const dampedNewtonOracle = naiveSolver('dampedNewton', ({ n, hessian, g, choices }) =>
  solveFor(shifted(hessian(), n, choices.damping ?? 0), g),
);

export const absoluteNewtonOracle = naiveSolver('absoluteNewton', ({ hessian, g }) =>
  negative(functionOf(hessian(), g, (lambda) => 1 / Math.abs(lambda))),
);

export const pseudoinverseNewtonOracle = naiveSolver('pseudoinverseNewton', ({ hessian, g }) =>
  negative(
    functionOf(hessian(), g, (lambda, largest) => (Math.abs(lambda) <= 1e-10 * largest ? 0 : 1 / lambda)),
  ),
);

export const diagonalNewtonOracle = naiveSolver('diagonalNewton', ({ n, hessian, g }) => {
  const h = hessian();
  return g.map((gi, i) => -gi / h[i * n + i]);
});

/** x⁺ = x − f′(x)·(x − x₋)/(f′(x) − f′(x₋)). */
export const secantOracle = naiveSolver('secant', (known) => {
  const [x] = known.x;
  const before = previousPoint(known);
  const slope = known.g[0];
  return Float64Array.of((-slope * (x - before)) / (slope - slopeAt(known, before)));
});

export function previousPoint({ x, pairs, choices: { offset = 0.01 } }: Known): number {
  const last = pairs[pairs.length - 1];
  return last === undefined ? x[0] + offset : x[0] - last.s[0];
}

export function slopeAt({ problem }: Known, x: number): number {
  return problem.gradient!(Float64Array.of(x))[0];
}

/** p = −B⁻¹g, with B by BFGS's update of the Hessian. */
export const bfgsOracle = naiveSolver('bfgs', ({ n, pairs, g }) =>
  solveFor(pairs.reduce(bfgsOfHessian, identity(n)), g),
);

/** p = −Hg, with H by BFGS's update of the inverse. */
export const inverseBfgsSolverOracle = naiveSolver(
  'bfgs',
  ({ n, pairs, g }) => negative(times(pairs.reduce(bfgsOfInverse, identity(n)), g)),
  { name: 'bfgs (naive solver, inverse)' },
);

export const dfpOracle = naiveSolver('dfp', ({ n, pairs, g }) =>
  solveFor(pairs.reduce(dfpOfHessian, identity(n)), g),
);

export const broydenOracle = naiveSolver('broyden', ({ n, pairs, g }) =>
  solveFor(pairs.reduce(broydenOfJacobian, identity(n)), g),
);
