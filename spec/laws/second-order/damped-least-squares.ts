import fc from 'fast-check';
import { svd } from '../../../src/linalg/svd.js';
import { type ResidualProblem, residualProblems } from '../../arbitraries/residual-problems.js';
import { leastSquaresSolution, plus, times, transposed } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';
import { law } from '../law.js';
import { backward, bounded, comparable, type Deviation } from '../tolerance.js';

export const orthogonalStep = law({
  id: '23',
  name: 'damped least-squares step',
  statement:
    'Each trial is the QR solution of [J; √δD]p = −[r; 0], with κ + κ²‖residual‖/(‖J‖‖p‖) of that matrix: the normal equations would have κ².',
  tolerance: 'K',
  source: 'Moré 1978, section 3; Golub and Van Loan 2013, theorem 5.3.1',
  kind: 'leastSquares',
  sample: () =>
    fc.tuple(
      residualProblems({ reach: 10 }),
      fc.constantFrom(2 ** -44, 1e-3, 1),
      fc.constantFrom<'identity' | 'diagonal'>('identity', 'diagonal'),
    ),
  measure(subject, [problem, damping, scaled]) {
    const { points, trials } = subject.trace(problem, problem.start, 1, { damping, scaling: scaled });
    const [start] = points;
    const j = problem.jacobian(start);
    const scales = scaled === 'identity' ? new Float64Array(problem.n).fill(1) : columnNorms(j, problem);
    if (trials.length === 0) return [stationary(problem, start, subject.epsilon)];
    return trials[0].flatMap(({ x, damping: delta }) =>
      stepError(
        problem,
        start,
        x,
        scales.map((d) => d * Math.sqrt(delta!)),
        subject.epsilon,
      ),
    );
  },
});

export const gaussNewtonStep = law({
  id: '23b',
  name: 'Gauss–Newton step',
  statement:
    'The step is the QR solution of Jp = −r, and of [J; √λI]p = −[r; 0] when damped; linear residuals are solved in one step.',
  tolerance: 'K',
  source: 'Björck 1996, section 9.2',
  kind: 'leastSquares',
  sample: () => fc.tuple(residualProblems({ reach: 8 }), fc.constantFrom(1, 0.5)),
  measure(subject, [problem, step]) {
    const { points, trials } = subject.trace(problem, problem.start, 1, { step });
    const [start] = points;
    if (trials.length === 0) return [stationary(problem, start, subject.epsilon)];
    const [{ x: end }] = trials[0];
    const whole = plus(start, plus(end, start, -1), 1 / step);
    return stepError(problem, start, whole, new Float64Array(problem.n), subject.epsilon);
  },
});

/** A method may try nothing only where the gradient vanishes. */
export function stationary(problem: ResidualProblem, start: Float64Array, epsilon: number): Deviation {
  const [j, r] = [problem.jacobian(start), problem.residuals(start)];
  const gradient = norm(times(transposed(j, problem.m), r));
  return backward('Jᵀr where nothing is tried', gradient, norm(j) * norm(r), problem.m, epsilon);
}

/** 23: how far a trial is from the solution by orthogonal factors, in units of what conditioning allows. */
function stepError(
  problem: ResidualProblem,
  start: Float64Array,
  trial: Float64Array,
  damping: Float64Array,
  epsilon: number,
): Deviation[] {
  const { m, n } = problem;
  const j = problem.jacobian(start);
  const r = problem.residuals(start);
  const rows = Float64Array.from({ length: (m + n) * n }, (_, at) =>
    at < m * n ? j[at] : Math.floor(at / n) - m === at % n ? damping[at % n] : 0,
  );
  const expected = leastSquaresSolution(rows, [...r.map((ri) => -ri), ...new Float64Array(n)], n);
  const kappa = conditionOf(j, n, m, damping);
  const sensitive = sensitivity(kappa, rows, expected, r, n);
  fc.pre(comparable(m + n, sensitive, epsilon));
  const error = norm(plus(plus(trial, start, -1), expected, -1));
  const size = norm(expected);
  // p is the difference of x⁺ and x: it has lost what rounding of x⁺ took.
  const lost = (epsilon * 4 * (norm(start) + size)) / Math.max(size, Number.MIN_VALUE);
  const allowed = 30 * size * (m + n) * (sensitive * epsilon + lost);
  return [bounded('p − QR solution', error, allowed)];
}

/** κ + κ²‖residual‖/(‖A‖‖p‖): Golub and Van Loan 2013, theorem 5.3.1. */
export function sensitivity(
  kappa: number,
  rows: Float64Array,
  p: Float64Array,
  r: Float64Array,
  n: number,
): number {
  const right = [...r, ...new Float64Array(rows.length / n - r.length)];
  const residual = norm(plus(Float64Array.from(right), times(rows, p)));
  return kappa + (kappa ** 2 * residual) / (norm(rows) * norm(p) || 1);
}

/** κ of [J; diag(damping)]. */
export function conditionOf(j: Float64Array, n: number, m: number, damping: Float64Array): number {
  const rows = Float64Array.from({ length: (m + n) * n }, (_, at) =>
    at < m * n ? j[at] : Math.floor(at / n) - m === at % n ? damping[at % n] : 0,
  );
  const decomposed = svd(rows, m + n, n);
  if (decomposed.kind !== 'decomposed') return Number.POSITIVE_INFINITY;
  return decomposed.values[0] / decomposed.values[n - 1];
}

export function columnNorms(j: Float64Array, { m, n }: { m: number; n: number }): Float64Array {
  const columns = transposed(j, m);
  return Float64Array.from({ length: n }, (_, k) => norm(columns.subarray(k * m, (k + 1) * m)) || 1);
}

export const dampedLeastSquaresLaws = [orthogonalStep, gaussNewtonStep];
