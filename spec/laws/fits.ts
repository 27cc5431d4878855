import fc from 'fast-check';
import type { RobustLoss } from '../../src/index.js';
import { halfSquares } from '../arbitraries/boxes.js';
import { inner, times, transposed } from '../oracles/dense/matrices.js';
import { solveFor } from '../oracles/second-order/solvers.js';
import { largest, norm } from '../subjects/point.js';
import type { HalfSquares } from '../subjects/second-order/subject.js';
import { law } from './law.js';
import { conditionOf } from './second-order/damped-least-squares.js';
import { backward, bitwise, bounded, comparable, type Deviation, forward } from './tolerance.js';

/** The function of least squares with other residuals. */
function posed(residuals: HalfSquares['residuals'], jacobian: HalfSquares['jacobian']): HalfSquares {
  const gradient = (x: Float64Array) => {
    const r = residuals(x);
    return Float64Array.from(times(transposed(jacobian(x), r.length), r));
  };
  return {
    residuals,
    jacobian,
    gradient,
    value: (x) => inner(residuals(x), residuals(x)) / 2,
    hessian: () => {
      throw new Error('not asked of a fit');
    },
  };
}

const steps = { maxIterations: 6, gradientTolerance: 0 };
const copies = fc.array(fc.constantFrom(1, 2, 4), { minLength: 5, maxLength: 5 });

export const weightsRepeat = law({
  id: '111',
  name: 'weights are repetitions',
  statement: 'σᵢ = 1/k gives the value and the gradient that k² copies of row i give.',
  tolerance: 'R',
  source: 'Gauss: the sum Σ(rᵢ/σᵢ)² counts a datum of half the deviation four times',
  kind: 'fit',
  sample: () => fc.tuple(halfSquares(), copies),
  measure(subject, [{ problem, start }, counts]) {
    const { residuals, jacobian } = problem;
    const n = start.length;
    const m = residuals(Float64Array.from(start)).length;
    const sigma = counts.slice(0, m).map((k) => 1 / k);
    const rows = counts.slice(0, m).flatMap((k, i) => new Array<number>(k * k).fill(i));
    const repeated = posed(
      (x) => {
        const r = residuals(x);
        return Float64Array.from(rows, (i) => r[i]);
      },
      (x) => {
        const j = jacobian(x);
        return Float64Array.from(rows.flatMap((i) => [...j.subarray(i * n, (i + 1) * n)]));
      },
    );
    const weighted = subject.fit(problem, start, { sigma, maxIterations: 0 });
    const whole = subject.fit(repeated, start, { maxIterations: 0 });
    const x = Float64Array.from(start);
    const [r, j] = [norm(repeated.residuals(x)), norm(repeated.jacobian(x))];
    const apart = weighted.gradient.map((g, i) => g - whole.gradient[i]);
    return [
      backward(
        'the value',
        Math.abs(weighted.values[0] - whole.values[0]),
        r * r,
        rows.length,
        subject.epsilon,
      ),
      backward('the gradient', norm(apart), r * j, rows.length, subject.epsilon),
    ];
  },
});

const losses = fc.constantFrom<RobustLoss>('softL1', 'huber', 'cauchy', 'arctan');

export const lossesOfNoOutliers = law({
  id: '112',
  name: 'a loss without outliers is none',
  statement:
    'Where c is 2⁴⁰ times what any residual reaches the path under a robust loss is that of least squares, bit for bit; r → 2ᵏr with c → 2ᵏc leaves every path the same.',
  tolerance: 'B',
  source: 'ρ(z) = z + O(z²) at z = (r/c)²; Huber 1964',
  kind: 'fit',
  sample: () => fc.tuple(halfSquares(), losses, fc.integer({ min: -40, max: 40 })),
  measure(subject, [{ problem, start }, loss, k]) {
    const plain = subject.fit(problem, start, steps);
    const far = 2 ** 40 * Math.max(...plain.values.map((value) => Math.sqrt(2 * value)), 1);
    const robust = subject.fit(problem, start, { ...steps, loss, lossScale: far });
    const scaled = posed(
      (x) => problem.residuals(x).map((r) => r * 2 ** k),
      (x) => problem.jacobian(x).map((entry) => entry * 2 ** k),
    );
    const there = subject.fit(problem, start, { ...steps, loss, lossScale: 0.5 });
    const here = subject.fit(scaled, start, { ...steps, loss, lossScale: 2 ** k / 2 });
    return [
      ...samePoints('with a far c', robust.points, plain.points),
      ...samePoints(`in units of 2^${k}`, here.points, there.points),
    ];
  },
});

function samePoints(
  what: string,
  got: readonly Float64Array[],
  expected: readonly Float64Array[],
): Deviation[] {
  return [
    bitwise(`iterations ${what}`, got.length, expected.length),
    ...expected.slice(0, got.length).map((x, at) => bitwise(`x_${at} ${what}`, got[at], x)),
  ];
}

/** ρ and ρ′ as they are written in papers. */
const shapes: Record<
  Exclude<RobustLoss, 'squares'>,
  readonly [(z: number) => number, (z: number) => number]
> = {
  softL1: [(z) => 2 * (Math.sqrt(1 + z) - 1), (z) => 1 / Math.sqrt(1 + z)],
  huber: [(z) => (z <= 1 ? z : 2 * Math.sqrt(z) - 1), (z) => (z <= 1 ? 1 : 1 / Math.sqrt(z))],
  cauchy: [(z) => Math.log(1 + z), (z) => 1 / (1 + z)],
  arctan: [Math.atan, (z) => 1 / (1 + z * z)],
};

export const robustSum = law({
  id: '112b',
  name: 'what a robust fit minimizes',
  statement:
    'Under a loss the value told with each point is ½Σ c²ρ((rᵢ/cσ)²) there, and the gradient Σ ρ′ rᵢ∇rᵢ/σ² that of the last.',
  tolerance: 'R',
  source: 'Huber 1964; Triggs, McLauchlan, Hartley and Fitzgibbon 2000, section 4.3',
  kind: 'fit',
  sample: () => fc.tuple(halfSquares(), losses, fc.constantFrom(0.25, 1, 8), fc.constantFrom(1, 0.5, 3)),
  measure(subject, [{ problem, start }, loss, c, sigma]) {
    const [rho, slope] = shapes[loss as keyof typeof shapes];
    const at = (x: Float64Array) => {
      const r = problem.residuals(x).map((ri) => ri / sigma);
      return { x, r, z: r.map((ri) => (ri / c) ** 2), size: norm(r) ** 2 + c * c };
    };
    const fit = subject.fit(problem, start, { loss, lossScale: c, sigma, maxIterations: 2 });
    const seen = fit.points.map(at);
    const { x, r, z } = seen[seen.length - 1];
    const j = problem.jacobian(x).map((entry) => entry / sigma);
    const gradient = times(
      transposed(j, r.length),
      r.map((ri, i) => slope(z[i]) * ri),
    );
    return [
      ...seen.map((here, k) => {
        const value = here.z.reduce((sum, zi) => sum + (c * c * rho(zi)) / 2, 0);
        const error = Math.abs(fit.values[k] - value);
        return backward(`the value at x_${k}`, error, here.size, r.length, subject.epsilon);
      }),
      backward(
        'the gradient',
        norm(fit.gradient.map((g, i) => g - gradient[i])),
        norm(r) * norm(j),
        r.length + start.length,
        subject.epsilon,
      ),
    ];
  },
});

export const standardErrors = law({
  id: '113',
  name: 'standard errors',
  statement:
    'They are the roots of the diagonal of s²(JᵀJ)⁻¹ with s² = ‖r‖²/(m − n), or 1 where σ is absolute; r → 2ᵏr leaves relative ones, and xⱼ → 2^(uⱼ)xⱼ gives 2^(uⱼ) times them.',
  tolerance: 'K',
  source: 'Gauss and Markov; Björck 1996, section 2.8.3',
  kind: 'fit',
  sample: () =>
    fc.tuple(
      halfSquares(),
      fc.integer({ min: -30, max: 30 }),
      fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 3, maxLength: 3 }),
      fc.boolean(),
    ),
  measure(subject, [{ problem, start }, k, powers, absolute]) {
    const n = start.length;
    const x = Float64Array.from(start);
    const [r, j] = [problem.residuals(x), problem.jacobian(x)];
    const m = r.length;
    const kappa = conditionOf(j, n, m, new Float64Array(n)) ** 2;
    fc.pre(comparable(m + n, kappa, subject.epsilon));
    const at = { maxIterations: 0 };
    const told = subject.fit(problem, start, at).uncertainty(absolute);
    if (m === n && !absolute) return [bitwise('determined', Number(told.kind === 'determined'), 0)];
    if (told.kind !== 'determined') return [bounded('determined', 1, 0)];
    const square = gram(j, n);
    // Each column is that of −(JᵀJ)⁻¹.
    const inverse = Array.from({ length: n }, (_, i) =>
      solveFor(
        square,
        Float64Array.from({ length: n }, (_, l) => (l === i ? 1 : 0)),
      ),
    );
    const s = absolute ? 1 : Math.sqrt(inner(r, r) / (m - n));
    const scaled = posed(
      (y) => problem.residuals(y.map((yj, i) => yj / 2 ** powers[i])).map((ri) => ri * 2 ** k),
      (y) =>
        problem
          .jacobian(y.map((yj, i) => yj / 2 ** powers[i]))
          .map((entry, e) => (entry * 2 ** k) / 2 ** powers[e % n]),
    );
    const there = subject
      .fit(
        scaled,
        start.map((xi, i) => xi * 2 ** powers[i]),
        at,
      )
      .uncertainty(absolute);
    if (there.kind !== 'determined') return [bounded('determined in other units', 1, 0)];
    return Array.from({ length: n }, (_, i) => {
      const expected = s * Math.sqrt(-inverse[i][i]);
      const unit = 2 ** powers[i] * (absolute ? 2 ** -k : 1);
      return [
        forward(
          `of x_${i}`,
          Math.abs(told.standardErrors[i] - expected),
          expected,
          m + n,
          kappa,
          subject.epsilon,
        ),
        forward(
          `of x_${i} in another unit`,
          Math.abs(there.standardErrors[i] / unit - expected),
          expected,
          m + n,
          kappa,
          subject.epsilon,
        ),
      ];
    }).flat();
  },
});

/** JᵀJ. */
function gram(j: Float64Array, n: number): Float64Array {
  const m = j.length / n;
  const columns = transposed(j, m);
  const column = (k: number) => columns.subarray(k * m, (k + 1) * m);
  return Float64Array.from({ length: n * n }, (_, at) => inner(column(Math.floor(at / n)), column(at % n)));
}

const limits = fc.record(
  {
    maxIterations: fc.integer({ min: 1, max: 12 }),
    maxEvaluations: fc.integer({ min: 1, max: 20 }),
    maxSeconds: fc.integer({ min: 1, max: 12 }),
    valueTolerance: fc.constantFrom(0.5, 1e-2, 1e-6),
    stepTolerance: fc.constantFrom(0.5, 1e-2, 1e-6),
  },
  { requiredKeys: ['maxIterations'] },
);

export const namedEnds = law({
  id: '114',
  name: 'ends are named',
  statement:
    'A run that one of its limits ends ends at the first iteration at which that is met, and its outcome names it, unless the gradient is 0 there; the path up to there is that without limits.',
  tolerance: 'B',
  source: 'a caller decides by what ended a run',
  kind: 'fit',
  sample: () => fc.tuple(halfSquares(), limits),
  measure(subject, [{ problem, start }, given]) {
    const free = subject.fit(problem, start, { maxIterations: 12, gradientTolerance: 0 });
    let seconds = 0;
    const clock = () => seconds++;
    const run = subject.fit(problem, start, { ...given, gradientTolerance: 0, clock });
    const { points, values, outcome } = run;
    const last = points.length - 1;
    const met = (by: string, k: number): boolean => {
      const size = Math.max(Math.abs(values[k]), Math.abs(values[k - 1]));
      const moved = k > 0 ? largest(points[k].map((xi, i) => xi - points[k - 1][i])) : 0;
      switch (by) {
        case 'value':
          return k > 0 && Math.abs(values[k] - values[k - 1]) <= (given.valueTolerance ?? -1) * size;
        case 'step':
          return k > 0 && moved <= (given.stepTolerance ?? -1) * largest(points[k]);
        case 'iterations':
          return k >= given.maxIterations;
        case 'evaluations':
          return k === last && run.evaluations >= (given.maxEvaluations ?? Number.POSITIVE_INFINITY);
        case 'seconds':
          // Read as the run begins, before the first iteration and after each.
          return k + 1 >= (given.maxSeconds ?? Number.POSITIVE_INFINITY);
        default:
          return false;
      }
    };
    const kinds: Record<string, string> = {
      value: 'converged',
      step: 'converged',
      iterations: 'budget',
      evaluations: 'budget',
      seconds: 'timeout',
    };
    const same = samePoints('without limits', free.points.slice(0, points.length), points);
    const { by } = outcome;
    if (by === 'gradient') return same;
    if (by === undefined) {
      const missed = Object.keys(kinds).filter((limit) => limit !== 'evaluations' && met(limit, last));
      return [...same, bitwise(`limits met and not named: ${missed}`, missed.length, 0)];
    }
    const earlier = points
      .slice(0, -1)
      .flatMap((_, k) => Object.keys(kinds).filter((limit) => limit !== 'evaluations' && met(limit, k)));
    return [
      ...same,
      bitwise(`'${by}' is met where the run ends`, Number(met(by, last)), 1),
      bitwise(`limits met before: ${earlier}`, earlier.length, 0),
      bitwise(`the kind ${outcome.kind} of '${by}'`, Number(outcome.kind === kinds[by]), 1),
    ];
  },
});

export const fitLaws = [weightsRepeat, lossesOfNoOutliers, robustSum, standardErrors, namedEnds];
