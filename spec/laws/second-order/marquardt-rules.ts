import fc from 'fast-check';
import { type ResidualProblem, residualProblems } from '../../arbitraries/residual-problems.js';
import { inner, leastSquaresSolution, plus, times } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';
import { law } from '../law.js';
import { backward, bounded, comparable, type Deviation, forward, valued } from '../tolerance.js';
import { columnNorms, conditionOf } from './damped-least-squares.js';

const scalings = fc.constantFrom<'identity' | 'diagonal' | 'largest' | 'start'>(
  'identity',
  'diagonal',
  'largest',
  'start',
);

export const firstDamping = law({
  id: '22c',
  name: 'the first damping',
  statement:
    'The first trial is damped by δ₀ times the largest squared column norm of JD⁻¹, with D = I, the column norms, or 1/|xⱼ| of the start.',
  tolerance: 'R',
  source: 'Nielsen 1999, equation 1.14: μ₀ = τ·max (JᵀJ)ⱼⱼ, in the variables as D measures them',
  kind: 'leastSquares',
  sample: () => fc.tuple(residualProblems(), fc.constantFrom(1e-3, 1, 2 ** -10), scalings),
  measure(subject, [problem, damping, scaling]) {
    const { trials } = subject.trace(problem, problem.start, 1, { damping, scaling });
    const first = trials[0]?.[0]?.damping;
    fc.pre(first !== undefined && first > 0); // 0 where the value is at its rounding error
    const x = Float64Array.from(problem.start);
    const columns = columnNorms(problem.jacobian(x), problem);
    const d = {
      identity: () => 1,
      diagonal: (j: number) => columns[j],
      largest: (j: number) => columns[j],
      start: (j: number) => 1 / Math.abs(x[j]),
    };
    // Of a column of zeros D is 1 by columns; of a variable at 0 the start tells nothing.
    fc.pre(columns.every((length, j) => length > 1e-6 * Math.max(...columns) && x[j] !== 0));
    const largest = Math.max(...columns.map((length, j) => (length / d[scaling](j)) ** 2));
    const expected = damping * largest;
    return [
      valued(
        backward('δ', Math.abs(first! - expected), expected, problem.m, subject.epsilon),
        expected,
        first!,
      ),
    ];
  },
});

export const shortestStep = law({
  id: '23c',
  name: 'the shortest Gauss–Newton step',
  statement:
    'Where a variable enters as one of two whose sum alone matters, p = −J⁺r: what the sum needs is halved between the two, and the others move as if there were one.',
  tolerance: 'K',
  source: 'Penrose 1956: J⁺r is the shortest of the solutions; κ of the part of full rank',
  kind: 'leastSquares',
  sample: () => fc.tuple(residualProblems({ reach: 2 }), fc.nat(2)),
  measure(subject, [problem, at]) {
    const { m, n, start } = problem;
    const twin = at % n;
    const one = (y: Float64Array) =>
      Float64Array.from({ length: n }, (_, j) => (j === twin ? y[j] + y[n] : y[j]));
    const doubled = {
      residuals: (y: Float64Array) => problem.residuals(one(y)),
      jacobian(y: Float64Array) {
        const j = problem.jacobian(one(y));
        return Float64Array.from({ length: m * (n + 1) }, (_, entry) => {
          const [i, k] = [Math.floor(entry / (n + 1)), entry % (n + 1)];
          return j[i * n + (k === n ? twin : k)];
        });
      },
    };
    const y = Float64Array.from([...start, 1]);
    const x = one(y);
    const [j, r] = [problem.jacobian(x), problem.residuals(x)];
    const p = leastSquaresSolution(
      j,
      r.map((ri) => -ri),
      n,
    );
    const kappa = conditionOf(j, n, m, new Float64Array(n)) ** 2;
    fc.pre(comparable(m + n, kappa, subject.epsilon) && norm(p) > 1e-6 * norm(x));
    const { trials } = subject.trace(doubled, y, 1, { step: 1 });
    const end = trials[0]?.[0]?.x;
    if (end === undefined) return [bounded('steps not tried', 1, 0)];
    const expected = Float64Array.from({ length: n + 1 }, (_, k) =>
      k === n || k === twin ? p[twin] / 2 : p[k],
    );
    const off = norm(plus(plus(end, y, -1), expected, -1));
    const size = norm(p) + norm(y) + (norm(r) / norm(j)) * Math.sqrt(kappa);
    return [forward('p', off, size, m + n, kappa, subject.epsilon)];
  },
});

/** So far along the step the bend is measured. */
const probe = 1 / 32;
/** Between these a path bends enough to follow and not too far. */
const bends = [5e-4, 3];

export const acceleratedStep = law({
  id: '23d',
  name: 'the accelerated step',
  statement:
    'Once the residuals at x + p/32 are known the trial is p + ½a, where p and a minimize ‖Jp + r‖² + δ‖Dp‖² and ‖Ja + k‖² + δ‖Da‖² with k the second derivative of r along p, while 5·10⁻⁴ ≤ 2‖Da‖/‖Dp‖ ≤ 3; a step that bends less is p, and one that bends more is discarded and δ rises.',
  tolerance: 'K',
  source: 'Transtrum and Sethna 2012, equations 15 and 20; differences lose 2/h² of the digits, h = 1/32',
  kind: 'leastSquares',
  sample: () =>
    fc.tuple(
      residualProblems({ linear: false }),
      fc.constantFrom(1e-3, 1, 0.125),
      fc.constantFrom<'identity' | 'diagonal'>('identity', 'diagonal'),
    ),
  measure(subject, [problem, damping, scaling]) {
    const { m, n } = problem;
    const { points, trials } = subject.trace(problem, problem.start, 1, { damping, scaling });
    const tried = trials[0] ?? [];
    const [x] = points;
    fc.pre(tried.length > 1 && tried[0].damping! > 0);
    const delta = tried[0].damping!;
    const j = problem.jacobian(x);
    const d = scaling === 'identity' ? new Float64Array(n).fill(1) : columnNorms(j, problem);
    const kappa =
      conditionOf(
        j,
        n,
        m,
        d.map((dj) => dj * Math.sqrt(delta)),
      ) ** 2;
    fc.pre(comparable(m + n, kappa, subject.epsilon * 2 ** 20));
    const p = damped(j, problem.residuals(x), d, delta, problem);
    const [ahead, here, behind] = [1, 0, -1].map((way) => problem.residuals(plus(x, p, way)));
    const k = plus(plus(ahead, behind), here, -2);
    const a = damped(j, k, d, delta, problem);
    const length = (v: Float64Array) => norm(v.map((vj, at) => vj * d[at]));
    const bend = (2 * length(a)) / length(p);
    fc.pre(bends.every((bound) => Math.abs(bend / bound - 1) > 1e-3));
    const size = norm(x) + norm(p) + norm(a) + norm(here) / norm(j);
    const close = (what: string, got: Float64Array, expected: Float64Array): Deviation =>
      forward(
        what,
        norm(plus(plus(got, x, -1), expected, -1)),
        size,
        m + n,
        kappa * 2 ** 11,
        subject.epsilon,
      );
    const found = [
      close(
        'x + p/32',
        tried[0].x,
        p.map((pj) => probe * pj),
      ),
    ];
    if (bend > bends[1])
      return [...found, bounded('dampings that do not rise', tried[1].damping! > delta ? 0 : 1, 0)];
    return [...found, close('x + p + ½a', tried[1].x, bend < bends[0] ? p : plus(p, a, 0.5))];
  },
});

/** The minimizer of ‖Jp + r‖² + δ‖Dp‖². */
function damped(
  j: Float64Array,
  r: Float64Array,
  d: Float64Array,
  delta: number,
  { m, n }: ResidualProblem,
): Float64Array {
  const rows = Float64Array.from({ length: (m + n) * n }, (_, at) =>
    at < m * n ? j[at] : Math.floor(at / n) - m === at % n ? d[at % n] * Math.sqrt(delta) : 0,
  );
  return leastSquaresSolution(rows, [...r.map((ri) => -ri), ...new Float64Array(n)], n);
}

export const flooredStep = law({
  id: '22d',
  name: 'the floor of Marquardt’s scaling',
  statement:
    'Damped by δ·diag |H| each trial solves (H + δD)p = −g, where an entry of D is at least 10⁻⁸ of the largest, 1 where all vanish.',
  tolerance: 'R',
  source: 'Marquardt 1963; a variable without curvature must not move without bound, nor by the unit of f',
  kind: 'solver',
  sample: () =>
    fc.tuple(
      fc.array(fc.tuple(fc.constantFrom(0, 1, 1, 2 ** -30, 4), fc.constantFrom(1, -2, 0.5)), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.integer({ min: -60, max: 60 }),
      fc.constantFrom(1e-3, 1),
    ),
  measure(subject, [axes, exponent, damping]) {
    const unit = 2 ** exponent;
    const h = axes.map(([curvature]) => curvature * unit);
    const g0 = axes.map(([, slope]) => slope * unit);
    const n = axes.length;
    const hessian = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? h[at % n] : 0));
    const start = new Float64Array(n).fill(1);
    const gradient = (x: Float64Array) => x.map((xi, i) => g0[i] + h[i] * (xi - 1));
    const value = (x: Float64Array) =>
      inner(g0, plus(x, start, -1)) + inner(plus(x, start, -1), times(hessian, plus(x, start, -1))) / 2;
    const problem = { value, gradient, hessian: () => hessian };
    const { points, trials } = subject.trace(problem, start, 1, { damping, scaling: 'diagonal' });
    const most = Math.max(...h) || 1;
    const [x] = points;
    return (trials[0] ?? []).flatMap(({ x: end, damping: delta }) =>
      h.map((hi, i) => {
        const d = Math.max(Math.abs(hi), 1e-8 * most);
        const p = end[i] - x[i];
        const expected = -g0[i] / (hi + delta! * d);
        return valued(
          backward(`p_${i}`, Math.abs(p - expected), Math.abs(expected) + 1, 4, subject.epsilon),
          expected,
          p,
        );
      }),
    );
  },
});

export const marquardtRules = [firstDamping, flooredStep, shortestStep, acceleratedStep];
