import fc from 'fast-check';
import type { Minimization } from '../../../src/index.js';
import { svd } from '../../../src/linalg/svd.js';
import { nonzeroVector } from '../../arbitraries/dyadic.js';
import { spectral } from '../../arbitraries/matrices.js';
import { type ResidualProblem, residualProblems } from '../../arbitraries/residual-problems.js';
import { inner, leastSquaresSolution, plus, times, transposed } from '../../oracles/dense/matrices.js';
import { law } from '../law.js';
import { norm } from '../point.js';
import { atMost, bitwise, bounded, comparable, type Deviation, forward } from '../tolerance.js';
import { quadraticOf } from './newton.js';
import type { Trace } from './subject.js';

const small = fc.constantFrom(1e-3, 1, 2 ** -10, 16);
const scaling = fc.constantFrom<'identity' | 'diagonal'>('identity', 'diagonal');

export const rollback = law({
  id: '22',
  name: 'Levenberg–Marquardt accepts and rejects',
  statement:
    'Accepted ⇒ ‖r‖² falls. Rejected ⇒ the next trial is from the same parameters, shorter in the scale of the damping, with a higher δ.',
  tolerance: 'I',
  source: 'Marquardt 1963; Moré 1978',
  kind: 'leastSquares',
  sample: () => fc.tuple(residualProblems({ linear: false }), small, scaling),
  measure(subject, [problem, damping, scaled]) {
    const { points, trials } = subject.trace(problem, problem.start, 6, { damping, scaling: scaled });
    const value = (x: Float64Array) => inner(problem.residuals(x), problem.residuals(x)) / 2;
    const scaleAt = (x: Float64Array) =>
      scaled === 'identity' ? x.map(() => 1) : columnNorms(problem.jacobian(x), problem);
    return acceptance({ points, trials }, value, scaleAt, subject.epsilon, problem.m);
  },
});

export const functionRollback = law({
  id: '22b',
  name: 'damped Hessian steps accept and reject',
  statement:
    'Accepted ⇒ f falls. Rejected ⇒ the next trial is from the same parameters, shorter in the scale of the damping, with a higher δ.',
  tolerance: 'I',
  source: 'Levenberg 1944; Nielsen 1999',
  kind: 'solver',
  sample: () => fc.tuple(bentQuadratics(), fc.constantFrom(1e-6, 1e-3, 1), scaling),
  measure(subject, [{ problem, start, n }, damping, scaled]) {
    const { points, trials } = subject.trace(problem, start, 6, { damping, scaling: scaled });
    const scaleAt = (x: Float64Array) =>
      x.map((_, i) => (scaled === 'identity' ? 1 : Math.sqrt(Math.abs(problem.hessian!(x)[i * (n + 1)]))));
    return acceptance({ points, trials }, problem.value, scaleAt, subject.epsilon, n);
  },
});

export const orthogonalStep = law({
  id: '23',
  name: 'damped least-squares step',
  statement:
    'Each trial is the QR solution of [J; √δD]p = −[r; 0], with κ + κ²‖residual‖/(‖J‖‖p‖) of that matrix: the normal equations would have κ².',
  tolerance: 'K',
  source: 'Moré 1978, section 3; Golub and Van Loan 2013, theorem 5.3.1',
  kind: 'leastSquares',
  sample: () => fc.tuple(residualProblems({ reach: 10 }), fc.constantFrom(2 ** -44, 1e-3, 1), scaling),
  measure(subject, [problem, damping, scaled]) {
    const { points, trials } = subject.trace(problem, problem.start, 1, { damping, scaling: scaled });
    const [start] = points;
    const j = problem.jacobian(start);
    const scales = scaled === 'identity' ? new Float64Array(problem.n).fill(1) : columnNorms(j, problem);
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
    const end = trials[0]?.[0]?.x ?? start.map(() => Number.NaN);
    const whole = plus(start, plus(end, start, -1), 1 / step);
    return stepError(problem, start, whole, new Float64Array(problem.n), subject.epsilon);
  },
});

const powers = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 });

export const unitInvariance = law({
  id: '24',
  name: 'Marquardt’s scaling',
  statement:
    'Damped by δ·diag H the iterates for f(Ds), D = 2ᵏ, are those for f(x), bit for bit, while no diagonal entry needs its floor.',
  tolerance: 'B',
  source: 'Marquardt 1963; powers of two are exact in LLᵀ',
  kind: 'solver',
  sample: () => fc.tuple(bentQuadratics(), powers, fc.constantFrom(1e-3, 1)),
  measure(subject, [{ problem, start, n }, exponents, damping]) {
    const units = Float64Array.from({ length: n }, (_, i) => 2 ** exponents[i]);
    const choices = { damping, scaling: 'diagonal' } as const;
    const there = subject.trace(problem, start, 3, choices).points;
    const scaled: Minimization = {
      value: (s) => problem.value(s.map((si, i) => units[i] * si)),
      gradient: (s) => problem.gradient!(s.map((si, i) => units[i] * si)).map((g, i) => units[i] * g),
      hessian: (s) =>
        problem.hessian!(s.map((si, i) => units[i] * si)).map(
          (entry, at) => entry * units[at % n] * units[Math.floor(at / n)],
        ),
    };
    const here = subject.trace(
      scaled,
      start.map((xi, i) => xi / units[i]),
      3,
      choices,
    ).points;
    return compareScaled(here, there, units, (got, expected, k) => bitwise(`D·s_${k}`, got, expected));
  },
});

export const residualUnits = law({
  id: '24b',
  name: 'Marquardt’s scaling of residuals',
  statement: 'Damped by δ·diag JᵀJ the first trial for r(Ds), D = 2ᵏ, is D⁻¹ times that for r(x).',
  tolerance: 'K',
  source: 'Marquardt 1963; pivoting orders columns by their lengths, so K and not B',
  kind: 'leastSquares',
  sample: () => fc.tuple(residualProblems({ reach: 3 }), powers, fc.constantFrom(1e-3, 1)),
  measure(subject, [problem, exponents, damping]) {
    const { n } = problem;
    const units = Float64Array.from({ length: n }, (_, i) => 2 ** exponents[i]);
    const choices = { damping, scaling: 'diagonal' } as const;
    const scaled = {
      residuals: (s: Float64Array) => problem.residuals(s.map((si, i) => units[i] * si)),
      jacobian: (s: Float64Array) =>
        problem.jacobian(s.map((si, i) => units[i] * si)).map((entry, at) => entry * units[at % n]),
    };
    const there = subject.trace(problem, problem.start, 1, choices).trials[0][0].x;
    const begin = problem.start.map((xi, i) => xi / units[i]);
    const here = subject.trace(scaled, begin, 1, choices).trials[0][0].x;
    const start = Float64Array.from(problem.start);
    const j = problem.jacobian(start);
    const norms = columnNorms(j, problem);
    const p = plus(there, start, -1);
    // Judged in units of the damping, where the condition is the same for both.
    const balanced = j.map((entry, at) => entry / norms[at % n]);
    const kappa = conditionOf(balanced, n, problem.m, new Float64Array(n).fill(Math.sqrt(damping)));
    const sensitive = sensitivity(
      kappa,
      balanced,
      p.map((pi, i) => pi * norms[i]),
      problem.residuals(start),
      n,
    );
    fc.pre(comparable(problem.m + n, sensitive, subject.epsilon));
    const error = norm(here.map((si, i) => (units[i] * si - there[i]) * norms[i]));
    const scale = norm(p.map((pi, i) => pi * norms[i])) + norm(start.map((xi, i) => xi * norms[i]));
    return [forward('D·s − x', error, scale, problem.m + n, sensitive, subject.epsilon)];
  },
});

export const residualScale = law({
  id: '25',
  name: 'scale of the residuals',
  statement:
    'r → 2ᵏr with δ → 4ᵏδ, which a δ relative to the curvature does by itself, gives the same iterates.',
  tolerance: 'B',
  source: 'homogeneity of [J; √δD]p = −[r; 0]',
  kind: 'leastSquares',
  sample: () => fc.tuple(residualProblems(), fc.integer({ min: -20, max: 20 }), small, scaling),
  measure(subject, [problem, exponent, damping, scaled]) {
    const factor = 2 ** exponent;
    const times2k = {
      residuals: (x: Float64Array) => problem.residuals(x).map((r) => factor * r),
      jacobian: (x: Float64Array) => problem.jacobian(x).map((entry) => factor * entry),
    };
    const choices = { damping, scaling: scaled };
    const there = subject.trace(problem, problem.start, 3, choices).points;
    const here = subject.trace(times2k, problem.start, 3, choices).points;
    return compareScaled(here, there, new Float64Array(problem.n).fill(1), (got, expected, k) =>
      bitwise(`x_${k} for 2ᵏr`, got, expected),
    );
  },
});

export const dampedStepLaws = [
  rollback,
  functionRollback,
  orthogonalStep,
  gaussNewtonStep,
  unitInvariance,
  residualUnits,
  residualScale,
];

/** f = gᵀx + ½xᵀHx + ⅛Σxᵢ⁴ with H of any signs: bounded below, with diagonal entries that keep away from 0. */
export function bentQuadratics(): fc.Arbitrary<{ problem: Minimization; start: number[]; n: number }> {
  return spectral({ reach: 2, signs: 'any', sizes: { min: 1, max: 3 } }).chain(({ n, matrix }) =>
    fc.tuple(nonzeroVector(n), nonzeroVector(n)).map(([g, start]) => {
      const plain = quadraticOf(matrix, Float64Array.from(g));
      const problem: Minimization = {
        value: (x) => plain.value(x) + x.reduce((total, xi) => total + xi ** 4 / 8, 0),
        gradient: (x) => plain.gradient!(x).map((gi, i) => gi + x[i] ** 3 / 2),
        hessian: (x) =>
          matrix.map((entry, at) => (at % (n + 1) === 0 ? entry + 1.5 * x[at % n] ** 2 : entry)),
      };
      return { problem, start, n };
    }),
  );
}

/** 22 and 22b: what a trace must show of accepting and rejecting. */
function acceptance(
  { points, trials }: Trace,
  value: (x: Float64Array) => number,
  scaleAt: (x: Float64Array) => Float64Array,
  epsilon: number,
  terms: number,
): Deviation[] {
  const found: Deviation[] = [];
  trials.forEach((tried, k) => {
    const from = points[k];
    const next = points[k + 1];
    const before = value(from);
    if (next !== undefined) {
      const after = value(next);
      found.push(
        atMost(`f(x_${k + 1})`, after, before, terms, epsilon, 1e3 * (Math.abs(before) + Math.abs(after))),
        bitwise(`x_${k + 1} is the last trial`, next, tried[tried.length - 1].x),
      );
    }
    const scale = scaleAt(from);
    const length = (x: Float64Array) => norm(x.map((xi, i) => scale[i] * (xi - from[i])));
    const coarse = norm(from.map((xi, i) => scale[i] * xi));
    tried.slice(1).forEach((trial, j) => {
      const [shorter, longer] = [length(trial.x), length(tried[j].x)];
      found.push(
        atMost(
          'length of the trial after a rejected one',
          shorter,
          longer,
          terms,
          epsilon,
          1e3 * (longer + coarse),
        ),
        atMost('δ before a rejection', tried[j].damping!, trial.damping! * (1 - 2 ** -20), 1, epsilon, 0),
      );
    });
  });
  return found;
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
function sensitivity(kappa: number, rows: Float64Array, p: Float64Array, r: Float64Array, n: number): number {
  const right = [...r, ...new Float64Array(rows.length / n - r.length)];
  const residual = norm(plus(Float64Array.from(right), times(rows, p)));
  return kappa + (kappa ** 2 * residual) / (norm(rows) * norm(p) || 1);
}

/** κ of [J; diag(damping)]. */
function conditionOf(j: Float64Array, n: number, m: number, damping: Float64Array): number {
  const rows = Float64Array.from({ length: (m + n) * n }, (_, at) =>
    at < m * n ? j[at] : Math.floor(at / n) - m === at % n ? damping[at % n] : 0,
  );
  const decomposed = svd(rows, m + n, n);
  if (decomposed.kind !== 'decomposed') return Number.POSITIVE_INFINITY;
  return decomposed.values[0] / decomposed.values[n - 1];
}

function columnNorms(j: Float64Array, { m, n }: { m: number; n: number }): Float64Array {
  const columns = transposed(j, m);
  return Float64Array.from({ length: n }, (_, k) => norm(columns.subarray(k * m, (k + 1) * m)) || 1);
}

function compareScaled(
  here: Trace['points'],
  there: Trace['points'],
  units: Float64Array,
  compare: (got: Float64Array, expected: Float64Array, k: number) => Deviation,
): Deviation[] {
  const count = bitwise('iterations', here.length, there.length);
  return [
    count,
    ...there.slice(0, here.length).map((x, k) =>
      compare(
        here[k].map((s, i) => units[i] * s),
        x,
        k,
      ),
    ),
  ];
}
