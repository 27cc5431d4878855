import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  gaussNewton,
  LeastSquaresRun,
  leastSquares,
  levenbergMarquardt,
  type Residuals,
} from '../../../src/index.js';
import { pseudoinverse } from '../../../src/linalg/pseudoinverse.js';
import { svd } from '../../../src/linalg/svd.js';
import { dyadic, dyadicVector, nonzeroVector } from '../../arbitraries/dyadic.js';
import { seed } from '../../seed.js';
import { exactStep } from './exact-step.js';

const epsilon = 2 ** -52;
const runs = { seed, numRuns: 200 };
const scalings = ['identity', 'diagonal', 'largest'] as const;

/** r(x) = b + Jx + ½q∘(Ax)², entries dyadic. */
interface Bent extends Required<Residuals> {
  readonly m: number;
  readonly n: number;
  readonly start: number[];
}

function bent(curved: boolean): fc.Arbitrary<Bent> {
  return fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.nat(3))
    .chain(([n, more]) => {
      const m = n + more;
      return fc.tuple(
        fc.constant([m, n] as const),
        dyadicVector(m * n),
        nonzeroVector(m),
        dyadicVector(m),
        dyadicVector(m * n),
        dyadicVector(n),
      );
    })
    .map(([[m, n], j, b, q, a, start]) => {
      const row = (matrix: number[], x: Float64Array, i: number) => {
        let total = 0;
        for (let k = 0; k < n; k++) total += matrix[i * n + k] * x[k];
        return total;
      };
      const bend = curved ? q : q.map(() => 0);
      return {
        m,
        n,
        start,
        residuals: (x: Float64Array) =>
          Float64Array.from({ length: m }, (_, i) => b[i] + row(j, x, i) + (bend[i] * row(a, x, i) ** 2) / 2),
        jacobian: (x: Float64Array) =>
          Float64Array.from({ length: m * n }, (_, at) => {
            const i = Math.floor(at / n);
            return j[at] + bend[i] * row(a, x, i) * a[at];
          }),
        toString: () => `J = [${j}], m = ${m}, b = [${b}], q = [${bend}], A = [${a}], start = [${start}]`,
      };
    });
}

const norm = (x: ArrayLike<number>) => Math.hypot(...Array.from(x));

/** κ + κ²‖residual‖/(‖A‖‖p‖) of [J; √δD], Golub and Van Loan 2013, theorem 5.3.1; infinite where deficient. */
function sensitivity(rows: Float64Array, n: number, right: Float64Array, p: readonly number[]): number {
  const decomposed = svd(rows, rows.length / n, n);
  if (decomposed.kind !== 'decomposed') throw new Error('not finite');
  const kappa = decomposed.values[0] / decomposed.values[n - 1];
  const left = right.map((r, i) => {
    let total = r;
    for (let k = 0; k < n; k++) total += rows[i * n + k] * p[k];
    return total;
  });
  return kappa + (kappa ** 2 * norm(left)) / (decomposed.values[0] * norm(p) || 1);
}

function stacked(j: Float64Array, n: number, damping: ArrayLike<number>): Float64Array {
  const rows = new Float64Array(j.length + n * n);
  rows.set(j);
  for (let k = 0; k < n; k++) rows[j.length + k * (n + 1)] = damping[k];
  return rows;
}

test('the Levenberg–Marquardt step is the solution of the stacked system, computed exactly', () => {
  let judged = 0;
  fc.assert(
    fc.property(
      bent(false),
      fc.constantFrom('identity' as const, 'diagonal' as const, 'largest' as const),
      fc.constantFrom(2 ** -30, 2 ** -10, 1),
      (problem, scaling, damping) => {
        const { m, n } = problem;
        const origin = new Float64Array(n); // from 0 the new x is the step itself
        const run = new LeastSquaresRun(problem, origin, levenbergMarquardt({ scaling, damping }), {
          gradientTolerance: 0,
        });
        const r = problem.residuals(origin);
        const j = problem.jacobian(origin);
        run.advance();
        if (run.iteration === 0) return; // nothing can be gained
        const delta = run.step().measures.damping as number;
        const squares =
          scaling === 'identity' ? Float64Array.from({ length: n * n }, (_, at) => +(at % (n + 1) === 0)) : j;
        const scale = Array.from({ length: n }, (_, k) => norm(squares.filter((_, at) => at % n === k)));
        fc.pre(scale.every((d) => d > 0));
        const expected = exactStep(j, r, n, delta, squares);
        // In units of D, where the columns have length 1.
        const rows = stacked(
          j.map((entry, at) => entry / scale[at % n]),
          n,
          new Float64Array(n).fill(Math.sqrt(delta)),
        );
        const right = new Float64Array(m + n);
        right.set(r);
        const scaled = expected.map((p, k) => p * scale[k]);
        const kappa = sensitivity(rows, n, right, scaled);
        fc.pre((m + n) * kappa * epsilon <= 1e-3);
        const error = norm(expected.map((p, k) => (run.step().x[k] - p) * scale[k]));
        expect(error).toBeLessThanOrEqual(30 * (m + n) * kappa * epsilon * norm(scaled));
        judged++;
      },
    ),
    runs,
  );
  expect(judged).toBeGreaterThan(runs.numRuns / 2);
});

test('of linear residuals the promised decrease is the actual one', () => {
  let judged = 0;
  fc.assert(
    fc.property(bent(false), fc.constantFrom(...scalings), (problem, scaling) => {
      const { m, n } = problem;
      const run = new LeastSquaresRun(
        problem,
        new Float64Array(n),
        levenbergMarquardt({ scaling, damping: 1 }),
      );
      const { value } = run.step();
      run.advance();
      if (run.iteration === 0) return; // nothing can be gained
      const { predictedDecrease, actualDecrease } = run.step().measures as Record<string, number>;
      // Both are made of the squares of residuals that are themselves sums of n + 1 terms.
      const [j, x] = [problem.jacobian(run.step().x), run.step().x];
      const size = norm(j) * norm(x) + Math.sqrt(2 * value);
      expect(Math.abs(predictedDecrease - actualDecrease)).toBeLessThanOrEqual(
        30 * (m + n) * epsilon * size ** 2,
      );
      judged++;
    }),
    runs,
  );
  expect(judged).toBeGreaterThan(runs.numRuns / 2);
});

test('Gauss–Newton solves linear residuals in one step, where the exact solution is', () => {
  fc.assert(
    fc.property(bent(false), (problem) => {
      const { m, n, start } = problem;
      const from = Float64Array.from(start);
      const expected = exactStepOrSkip(problem.jacobian(from), problem.residuals(from), n);
      const kappa = sensitivity(problem.jacobian(from), n, problem.residuals(from), expected);
      fc.pre(m * kappa * epsilon <= 1e-3);
      const run = new LeastSquaresRun(problem, start, gaussNewton(), { gradientTolerance: 0 });
      run.advance();
      const { x } = run.step();
      const error = norm(expected.map((p, k) => x[k] - (start[k] + p)));
      expect(error).toBeLessThanOrEqual(30 * m * kappa * epsilon * (norm(expected) + norm(start)));
    }),
    runs,
  );
});

test('undamped, Levenberg–Marquardt takes the step of Gauss–Newton', () => {
  fc.assert(
    fc.property(bent(false), (problem) => {
      const { m, n } = problem;
      const origin = new Float64Array(n);
      const expected = exactStepOrSkip(problem.jacobian(origin), problem.residuals(origin), n);
      const kappa = sensitivity(problem.jacobian(origin), n, problem.residuals(origin), expected);
      fc.pre(m * kappa * epsilon <= 1e-3);
      const one = { gradientTolerance: 0, maxIterations: 1 };
      const damped = leastSquares(problem, origin, levenbergMarquardt({ damping: 1e-300 }), one);
      const plain = leastSquares(problem, origin, gaussNewton(), one);
      expect(norm(damped.x.map((xk, k) => xk - plain.x[k]))).toBeLessThanOrEqual(
        60 * m * kappa * epsilon * norm(expected),
      );
    }),
    runs,
  );
});

test('damped, the Gauss–Newton step solves (JᵀJ + λI)p = −Jᵀr', () => {
  fc.assert(
    fc.property(bent(false), fc.constantFrom(2 ** -10, 1, 2 ** 6), (problem, damping) => {
      const { m, n } = problem;
      const origin = new Float64Array(n);
      const [r, j] = [problem.residuals(origin), problem.jacobian(origin)];
      const identity = Float64Array.from({ length: n * n }, (_, at) => +(at % (n + 1) === 0));
      const expected = exactStep(j, r, n, damping, identity);
      const right = new Float64Array(m + n);
      right.set(r);
      const kappa = sensitivity(
        stacked(j, n, identity.subarray(0, n).fill(Math.sqrt(damping))),
        n,
        right,
        expected,
      );
      fc.pre((m + n) * kappa * epsilon <= 1e-3);
      const run = new LeastSquaresRun(problem, origin, gaussNewton({ damping }), { gradientTolerance: 0 });
      run.advance();
      const error = norm(expected.map((p, k) => run.step().x[k] - p));
      expect(error).toBeLessThanOrEqual(30 * (m + n) * kappa * epsilon * norm(expected));
    }),
    runs,
  );
});

test('for one residual the step is the published −(∇L∇Lᵀ/2L)⁺∇L with L = r²', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }).chain((n) => fc.tuple(nonzeroVector(n), dyadic())),
      ([a, r]) => {
        fc.pre(Math.abs(r) > 2 ** -8);
        const n = a.length;
        const one = {
          residuals: ([...x]: Float64Array) => Float64Array.of(r + x.reduce((t, xk, k) => t + a[k] * xk, 0)),
        };
        const problem = { ...one, jacobian: () => Float64Array.from(a) };
        const run = new LeastSquaresRun(problem, new Float64Array(n), gaussNewton());
        run.advance();
        const loss = r * r;
        const gradient = a.map((ak) => 2 * r * ak);
        const form = Float64Array.from(
          { length: n * n },
          (_, at) => (gradient[Math.floor(at / n)] * gradient[at % n]) / (2 * loss),
        );
        const inverted = pseudoinverse(form, n, n);
        if (inverted.kind !== 'inverted') throw new Error('not finite');
        expect(inverted.rank).toBe(1);
        for (let k = 0; k < n; k++) {
          let published = 0;
          for (let l = 0; l < n; l++) published -= inverted.inverse[k * n + l] * gradient[l];
          const size = (2 * loss) / norm(gradient);
          // Of rank one, so κ = 1.
          expect(Math.abs(run.step().x[k] - published)).toBeLessThanOrEqual(60 * n * epsilon * size);
        }
      },
    ),
    runs,
  );
});

/** The exact step; a deficient J is none of the property's business. */
function exactStepOrSkip(j: Float64Array, r: Float64Array, n: number): number[] {
  const decomposed = svd(j, r.length, n);
  fc.pre(decomposed.kind === 'decomposed' && decomposed.values[n - 1] > 1e-6 * decomposed.values[0]);
  return exactStep(j, r, n);
}

/** All points of a run, with the damping of each step. */
function path(
  problem: Residuals,
  start: ArrayLike<number>,
  options: Parameters<typeof levenbergMarquardt>[0],
) {
  const points: { x: Float64Array; value: number; damping: number; rejections: number }[] = [];
  const result = leastSquares(problem, start, levenbergMarquardt(options), {
    maxIterations: 12,
    onStep: ({ x, value, measures }) =>
      points.push({
        x: x.slice(),
        value,
        damping: measures.damping as number,
        rejections: measures.rejections as number,
      }),
  });
  return { points, result };
}

test('r → 2ᵏr gives the same points, bit for bit', () => {
  fc.assert(
    fc.property(
      bent(true),
      fc.integer({ min: -30, max: 30 }),
      fc.constantFrom(...scalings),
      fc.boolean(),
      (problem, exponent, scaling, acceleration) => {
        const factor = 2 ** exponent;
        const scaled = {
          residuals: (x: Float64Array) => problem.residuals(x).map((r) => factor * r),
          jacobian: (x: Float64Array) => problem.jacobian(x).map((entry) => factor * entry),
        };
        const there = path(problem, problem.start, { scaling, acceleration });
        const here = path(scaled, problem.start, { scaling, acceleration });
        expect(here.points.map(({ x }) => x)).toEqual(there.points.map(({ x }) => x));
      },
    ),
    runs,
  );
});

test('in other units of x, powers of two, the points are the same but for the units; with δI they are not', () => {
  let differing = 0;
  const inUnits = (problem: Bent, exponents: number[], scaling: (typeof scalings)[number]) => {
    const unit = (k: number) => 2 ** exponents[k];
    const into = (s: Float64Array) => s.map((sk, k) => unit(k) * sk);
    const scaled = {
      residuals: (s: Float64Array) => problem.residuals(into(s)),
      jacobian: (s: Float64Array) =>
        problem.jacobian(into(s)).map((entry, at) => entry * unit(at % problem.n)),
    };
    const there = path(problem, problem.start, { scaling }).points.map(({ x }) => x);
    const start = problem.start.map((x, k) => x / unit(k));
    const here = path(scaled, start, { scaling }).points.map(({ x }) => into(x));
    return { here, there };
  };
  fc.assert(
    fc.property(
      bent(true),
      fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 4, maxLength: 4 }),
      fc.constantFrom('diagonal' as const, 'largest' as const),
      (problem, exponents, scaling) => {
        // A column that vanishes counts as 1 in any unit.
        fc.pre(columnsMatter(problem));
        const { here, there } = inUnits(problem, exponents, scaling);
        expect(here).toEqual(there);
        const plain = inUnits(problem, exponents, 'identity');
        if (norm(plain.here[1] ?? [0]) !== norm(plain.there[1] ?? [0])) differing++;
      },
    ),
    runs,
  );
  expect(differing).toBeGreaterThan(runs.numRuns / 2);
});

function columnsMatter({ jacobian, start, n }: Bent): boolean {
  const j = jacobian(Float64Array.from(start));
  return Array.from({ length: n }, (_, k) => j.some((entry, at) => at % n === k && entry !== 0)).every(
    Boolean,
  );
}

test('accepted steps lower the value, and a rejection raises the damping', () => {
  let rejected = 0;
  fc.assert(
    fc.property(bent(true), fc.constantFrom(...scalings), fc.boolean(), (problem, scaling, acceleration) => {
      const { points } = path(problem, problem.start, { scaling, acceleration, damping: 2 ** -20 });
      for (let k = 1; k < points.length; k++) {
        const [before, after] = [points[k - 1], points[k]];
        const r = problem.residuals(before.x);
        const j = problem.jacobian(before.x);
        let terms = 0;
        let squares = 0;
        r.forEach((ri, i) => {
          let size = Math.abs(ri);
          for (let l = 0; l < problem.n; l++) size += Math.abs(j[i * problem.n + l] * before.x[l]);
          terms += Math.abs(ri) * size;
          squares += size * size;
        });
        expect(after.value).toBeLessThanOrEqual(
          before.value + 16 * problem.n * epsilon * (terms + 8 * epsilon * squares),
        );
        if (after.rejections > 0) rejected++;
        // An accepted step lowers δ at most to a ninth, and k rejections raise it by 2·4·8⋯2ᵏ.
        // δ = 0 is tried where the value is at its rounding error.
        if (k > 1 && after.damping > 0) {
          const raised = 2 ** ((after.rejections * (after.rejections + 1)) / 2);
          expect(after.damping).toBeGreaterThanOrEqual((before.damping / 9) * raised * (1 - 8 * epsilon));
        }
      }
    }),
    runs,
  );
  expect(rejected).toBeGreaterThan(20);
});
