import {
  bfgs,
  diagonalNewtonAsPublished,
  fixedStep,
  gaussNewton,
  lbfgs,
  lbfgsAsPublished,
  levenbergMarquardt,
  levenbergMarquardtNewton,
  type Minimization,
  type Residuals,
  trustRegion,
} from '../../../src/index.js';
import {
  choleskyFactor,
  functionOf,
  identity,
  inner,
  leastSquaresSolution,
  plus,
  times,
} from '../../oracles/dense/matrices.js';
import { bfgsOfHessian, broydenOfJacobian } from '../../oracles/dense/updates.js';
import { naiveGuarded } from '../../oracles/second-order/guarded.js';
import { negative, shifted, solveFor } from '../../oracles/second-order/solvers.js';
import { leastSquaresSubject, solverSubject } from '../../subjects/second-order/our-solvers.js';
import type { Trace } from '../../subjects/second-order/subject.js';
import type { Mutant } from '../mutant.js';
import { directed, mutantOf } from './second-order-mutant.js';

export const solverMutants: readonly Mutant[] = [
  mutantOf(
    {
      id: 'bracket-passed',
      mistake: 'A guarded Newton step that passes a point where f′ is known to have changed its sign.',
      killedBy: '13d',
    },
    (named) => naiveGuarded({ brackets: false }, named),
  ),
  directed(
    {
      id: 'newton-goes-to-and-fro',
      mistake: 'Newton’s method for one variable that never looks whether its iterates return.',
      killedBy: '13c',
    },
    'univariateNewton',
    ({ hessian, g }) => negative(solveFor(hessian(), g)),
  ),
  directed(
    {
      id: 'newton-solver-plus',
      mistake: 'The step is x + H⁻¹g.',
      seen: 'teaching material',
      killedBy: '16b',
    },
    'newton',
    ({ hessian, g }) => negative(solveFor(hessian(), g)),
  ),
  directed(
    { id: 'factor-not-transposed', mistake: 'LLp = −g is solved in place of LLᵀp = −g.', killedBy: '16b' },
    'newton',
    ({ n, hessian, g }) => {
      const l = choleskyFactor(hessian(), n);
      return solveFor(l, negative(solveFor(l, g)));
    },
  ),
  directed(
    { id: 'hidden-damping', mistake: '1e-6 is added to the diagonal of every Hessian.', killedBy: '17' },
    'newton',
    ({ n, hessian, g }) => solveFor(shifted(hessian(), n, 1e-6), g),
  ),
  directed(
    { id: 'no-rank-cutoff', mistake: 'Eigenvalues that are rounding error are inverted.', killedBy: '18' },
    'pseudoinverseNewton',
    ({ hessian, g }) => negative(functionOf(hessian(), g, (lambda) => 1 / (lambda || 2 ** -60))),
  ),
  directed(
    {
      id: 'negative-cut-off',
      mistake: 'The cut-off is compared with λ and not |λ|: negative eigenvalues count as zero.',
      killedBy: '18',
    },
    'pseudoinverseNewton',
    ({ hessian, g }) =>
      negative(functionOf(hessian(), g, (lambda, most) => (lambda <= 1e-10 * most ? 0 : 1 / lambda))),
  ),
  directed(
    {
      id: 'damping-re-added',
      mistake: 'Conjugate gradients add λ to the stored Hessian at every product, so that it grows.',
      killedBy: '19',
    },
    'dampedNewton',
    ({ n, hessian, g, choices: { damping = 0 } }) => {
      let matrix = hessian();
      let p: Float64Array = new Float64Array(n);
      let r: Float64Array = negative(g);
      let d = r;
      for (let k = 0; k < n && inner(r, r) > 0; k++) {
        matrix = shifted(matrix, n, damping);
        const product = times(matrix, d);
        const alpha = inner(r, r) / inner(d, product);
        p = plus(p, d, alpha);
        const next = plus(r, product, -alpha);
        d = plus(next, d, inner(next, next) / inner(r, r));
        r = next;
      }
      return p;
    },
  ),
  directed(
    { id: 'damping-subtracted', mistake: 'The step is −(H − λI)⁻¹g.', killedBy: '19' },
    'dampedNewton',
    ({ n, hessian, g, choices: { damping = 0 } }) => solveFor(shifted(hessian(), n, -damping), g),
  ),
  directed(
    { id: 'absolute-entries', mistake: '|H| takes absolute entries, not eigenvalues.', killedBy: '20' },
    'absoluteNewton',
    ({ hessian, g }) => solveFor(hessian().map(Math.abs), g),
  ),
  directed(
    { id: 'saddle-attracts', mistake: 'The eigenvalues keep their signs: saddles attract.', killedBy: '20' },
    'absoluteNewton',
    ({ hessian, g }) => solveFor(hessian(), g),
  ),
  mutantOf(
    {
      id: 'row-sums',
      mistake: 'H·1, the row sums, stands for the diagonal of the Hessian.',
      seen: 'a widely read tutorial; kept as diagonalNewtonAsPublished',
      killedBy: '37',
    },
    (named) => ({
      ...solverSubject('diagonalNewton', () => diagonalNewtonAsPublished({ search: fixedStep(1) })),
      ...named,
    }),
  ),
  directed(
    {
      id: 'broyden-learns-late',
      mistake: 'The Jacobian learns each step one step late.',
      killedBy: '32',
    },
    'broyden',
    ({ n, pairs, g }) => solveFor(pairs.slice(0, -1).reduce(broydenOfJacobian, identity(n)), g),
  ),
  directed(
    {
      id: 'bfgs-learns-late',
      mistake: 'The direction is computed before the last step is learnt.',
      killedBy: '34',
    },
    'bfgs',
    ({ n, pairs, g }) => solveFor(pairs.slice(0, -1).reduce(bfgsOfHessian, identity(n)), g),
  ),
  mutantOf(
    {
      id: 'gradient-transformed-in-place',
      mistake:
        'L-BFGS whose dg = g⁺ − q subtracts not the gradient before but what the first loop had made of it.',
      seen: 'a widely read tutorial; kept as lbfgsAsPublished',
      killedBy: '35b',
    },
    (named) => ({
      ...solverSubject('lbfgs', ({ step = 1 }) => lbfgsAsPublished({ search: fixedStep(Number(step)) })),
      ...named,
    }),
  ),
  mutantOf(
    {
      id: 'published-error-mended',
      mistake: 'What is to show a published error takes the true change of gradients, and shows none.',
      killedBy: '35e',
    },
    (named) => ({
      ...solverSubject('lbfgs', () => lbfgs({ scaled: false, search: fixedStep(0.15) })),
      ...named,
    }),
  ),
  mutantOf(
    {
      id: 'first-step-of-1',
      mistake: 'The estimate begins with the identity, so that the first step is −g, whatever the units.',
      killedBy: '73',
    },
    (named) => ({ ...solverSubject('bfgs', () => bfgs({ scaled: false })), ...named }),
  ),
  mutantOf(
    {
      id: 'never-scaled-in-a-run',
      mistake: 'What no pair tells is taken to be as curved as 1, after the first step too.',
      killedBy: '36j',
    },
    (named) => ({ ...solverSubject('bfgs', () => bfgs({ scaled: false })), ...named }),
  ),
  mutantOf(
    { id: 'radius-of-1', mistake: 'The first region has the radius 1, whatever the units.', killedBy: '73' },
    (named) => ({ ...solverSubject('trustRegion', () => trustRegion({ initialRadius: 1 })), ...named }),
  ),
  mutantOf(
    {
      id: 'confined-step-is-the-end',
      mistake: 'A step that damping has shortened until f no longer changes counts as the end.',
      seen: 'an early version of this library’s symmetric rank-one method',
      killedBy: '74',
    },
    (named) => ({
      ...solverSubject('levenbergMarquardtNewton', () => levenbergMarquardtNewton()),
      trace: shortenedUntilTheEnd,
      ...named,
    }),
  ),
  mutantOf(
    { id: 'damping-of-1', mistake: 'λ is 1, whatever the units of JᵀJ.', killedBy: '73b' },
    (named) => ({
      ...leastSquaresSubject('gaussNewton', () => gaussNewton({ damping: 1 })),
      ...named,
    }),
  ),
  mutantOf(
    {
      id: 'one-unit-for-all-variables',
      mistake: 'δ multiplies the identity, whatever the units of the single variables.',
      seen: 'this library’s Levenberg–Marquardt method by default, before',
      killedBy: '73d',
    },
    (named) => ({
      ...leastSquaresSubject('levenbergMarquardt', () => levenbergMarquardt({ scaling: 'identity' })),
      ...named,
    }),
  ),
  mutantOf(
    {
      id: 'damped-promise-is-the-end',
      mistake: 'A damped step that changes the sum of squares by no more than rounding counts as the end.',
      seen: 'an early version of this library’s Levenberg–Marquardt method',
      killedBy: '74b',
    },
    (named) => ({
      ...leastSquaresSubject('levenbergMarquardt', () => levenbergMarquardt()),
      trace: dampedUntilTheEnd,
      ...named,
    }),
  ),
];

/** A step along −g of 2⁻⁶⁰ of its length, and if f stays the same the end. */
function shortenedUntilTheEnd(problem: Minimization, start: ArrayLike<number>): Trace {
  const x = Float64Array.from(start);
  const shortened = problem.gradient!(x).map((g, i) => x[i] - g * 2 ** -60);
  const outcome = problem.value(shortened) === problem.value(x) ? 'converged' : 'lineSearchFailed';
  return { points: [x], trials: [], outcome };
}

/** Steps damped by a tenth of the largest squared column norm, until one no longer lowers the sum of squares. */
function dampedUntilTheEnd(
  { residuals, jacobian }: Required<Residuals>,
  start: ArrayLike<number>,
  steps: number,
): Trace {
  const n = start.length;
  const points: Float64Array[] = [Float64Array.from(start)];
  const value = (x: Float64Array) => inner(residuals(x), residuals(x));
  for (let step = 0; step < steps; step++) {
    const x = points.at(-1)!;
    const [r, j] = [residuals(x), jacobian(x)];
    const columns = Float64Array.from({ length: n }, (_, k) => inner(column(j, n, k), column(j, n, k)));
    const damping = Math.sqrt(Math.max(...columns) / 10);
    const rows = [...j, ...identity(n).map((entry) => damping * entry)];
    const right = [...r.map((ri) => -ri), ...new Float64Array(n)];
    const next = plus(x, leastSquaresSolution(Float64Array.from(rows), right, n));
    if (!(value(next) < value(x))) return { points, trials: [], outcome: 'converged' };
    points.push(next);
  }
  return { points, trials: [], outcome: 'budget' };
}

const column = (j: Float64Array, n: number, k: number) => j.filter((_, at) => at % n === k);
