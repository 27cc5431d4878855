import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  gaussNewton,
  leastSquares,
  levenbergMarquardt,
  type RobustLoss,
  regression,
  uncertainty,
} from '../../../src/index.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import { seed } from '../../seed.js';
import { referenceSets } from './reference-sets.js';

const digits = (got: ArrayLike<number>, expected: readonly number[]) =>
  Math.min(...expected.map((one, i) => -Math.log10(Math.abs(got[i] / one - 1) || 1e-16)));

describe('the standard deviations that NIST certifies', () => {
  const cases = referenceSets.flatMap((set) =>
    (['given', 'differences'] as const).map((derivatives) => ({ name: set.name, set, derivatives })),
  );
  test.each(cases)('$name, Jacobian by $derivatives', ({ set, derivatives }) => {
    const { residuals } = set.problem;
    for (const start of set.starts) {
      const fit = leastSquares(
        derivatives === 'given' ? set.problem : { residuals },
        start,
        levenbergMarquardt(),
      );
      const told = uncertainty(fit);
      if (told.kind !== 'determined') throw new Error(told.message);
      // The residuals of Lanczos1 are rounding of float64 itself; what J says of it has its digits all the same.
      const deviation =
        set.name === 'Lanczos1' ? Math.sqrt(set.sumOfSquares / told.degreesOfFreedom) : told.deviation;
      const errors = told.standardErrors.map((error) => (error / told.deviation) * deviation);
      expect(digits(errors, set.deviations)).toBeGreaterThanOrEqual(6);
    }
  });
});

const recorded = JSON.parse(readFileSync(new URL('../../data/robust.json', import.meta.url), 'utf8')) as {
  x: number[];
  y: number[];
  start: number[];
  sigma: number[];
  fits: { loss: string; scale: number; x: number[]; cost: number }[];
  relative: { x: number[]; deviations: number[] };
  absolute: { x: number[]; deviations: number[] };
};
const decay = regression(
  {
    value: (b, x) => b[0] * Math.exp(-b[1] * x) + b[2],
    gradient(b, x, into, at) {
      const e = Math.exp(-b[1] * x);
      into[at] = e;
      into[at + 1] = -b[0] * x * e;
      into[at + 2] = 1;
    },
  },
  recorded.x,
  recorded.y,
);
const names: Record<string, RobustLoss> = {
  soft_l1: 'softL1',
  huber: 'huber',
  cauchy: 'cauchy',
  arctan: 'arctan',
};
const solvers = [levenbergMarquardt(), gaussNewton()];

describe('weights and losses, beside SciPy', () => {
  test.each(recorded.fits)('$loss from $scale on', ({ loss, scale, x, cost }) => {
    for (const problem of [decay, { residuals: decay.residuals }]) {
      for (const solver of solvers) {
        const options = { loss: names[loss], lossScale: scale };
        const fit = leastSquares(problem, recorded.start, solver, options);
        expect(fit.outcome.kind).toBe('converged');
        expect(Math.abs(fit.value / cost - 1)).toBeLessThan(1e-12);
        // SciPy's x is where its gradient is about 10⁻⁸.
        fit.x.forEach((xi, i) => void expect(Math.abs(xi - x[i])).toBeLessThan(3e-7));
        expect([...fit.residuals]).toEqual([...decay.residuals(fit.x)]);
      }
    }
  });

  test.each(['relative', 'absolute'] as const)('%s standard errors under sigma', (kind) => {
    const fit = leastSquares(decay, recorded.start, levenbergMarquardt(), { sigma: recorded.sigma });
    const told = uncertainty(fit, { absolute: kind === 'absolute' });
    if (told.kind !== 'determined') throw new Error(told.message);
    // SciPy took differences.
    expect(digits(fit.x, recorded[kind].x)).toBeGreaterThan(6);
    expect(digits(told.standardErrors, recorded[kind].deviations)).toBeGreaterThan(5);
  });
});

test('sigma is division by hand, bit for bit', () => {
  fc.assert(
    fc.property(
      residualProblems(),
      fc.array(fc.constantFrom(0.5, 1, 3, 0.1), { minLength: 5, maxLength: 5 }),
      ({ residuals, jacobian, start, m, n }, sigmas) => {
        const sigma = sigmas.slice(0, m);
        const by = {
          residuals: (x: Float64Array) => residuals(x).map((r, i) => r / sigma[i]),
          jacobian: (x: Float64Array) =>
            jacobian(x).map((entry, k) => entry * (1 / sigma[Math.floor(k / n)])),
        };
        const options = { maxIterations: 5 };
        const ours = leastSquares({ residuals, jacobian }, start, levenbergMarquardt(), {
          ...options,
          sigma,
        });
        const hand = leastSquares(by, start, levenbergMarquardt(), options);
        expect(ours.x).toEqual(hand.x);
        expect(ours.value).toBe(hand.value);
      },
    ),
    { seed, numRuns: 100 },
  );
});

test('the gradient under a loss is that of ½Σ c²ρ((r/cσ)²)', () => {
  const rho: Record<RobustLoss, (z: number) => number> = {
    squares: (z) => z,
    softL1: (z) => 2 * (Math.sqrt(1 + z) - 1),
    huber: (z) => (z <= 1 ? z : 2 * Math.sqrt(z) - 1),
    cauchy: (z) => Math.log(1 + z),
    arctan: Math.atan,
  };
  const losses = Object.keys(rho) as RobustLoss[];
  fc.assert(
    fc.property(
      residualProblems(),
      fc.constantFrom(...losses),
      fc.constantFrom(0.25, 1, 8),
      (problem, loss, c) => {
        const { residuals, jacobian, start } = problem;
        const cost = (x: Float64Array) =>
          residuals(x).reduce((sum, r) => sum + (c * c * rho[loss]((r / 2 / c) ** 2)) / 2, 0);
        const x = Float64Array.from(start);
        const options = { loss, lossScale: c, sigma: 2, maxIterations: 0 };
        const { value, gradient } = leastSquares(
          { residuals, jacobian },
          start,
          levenbergMarquardt(),
          options,
        );
        const terms = 1 + residuals(x).reduce((sum, r) => sum + r * r, 0);
        expect(Math.abs(value - cost(x))).toBeLessThanOrEqual(1e-14 * terms);
        const slopes = x.map((_, i) => {
          const at = (h: number) => cost(x.map((xj, j) => (i === j ? xj + h : xj)));
          const quotient = (h: number) => (at(h) - at(-h)) / (2 * h);
          // Richardson's step leaves O(h⁴), but for huber's kink in ρ′.
          return loss === 'huber' ? quotient(2 ** -18) : (4 * quotient(2 ** -11) - quotient(2 ** -10)) / 3;
        });
        gradient.forEach((g, i) => {
          expect(Math.abs(g - slopes[i])).toBeLessThan(1e-5 * terms);
        });
      },
    ),
    { seed, numRuns: 300 },
  );
});

describe('a fit that is not determined says so', () => {
  test('parameters that make up for one another', () => {
    const twice = { value: (b: Float64Array, x: number) => (b[0] + b[1]) * x + b[2] };
    const fit = leastSquares(regression(twice, [0, 1, 2, 3], [1, 3, 5, 8]), [1, 1, 1], gaussNewton());
    const told = uncertainty(fit);
    expect(told).toMatchObject({ kind: 'undetermined', rank: 2 });
    expect((told as { message: string }).message).toMatch(/^the Jacobian has rank 2: .* x\[[01]\]/);
  });

  test('as many parameters as data', () => {
    const line = { value: (b: Float64Array, x: number) => b[0] + b[1] * x };
    const fit = leastSquares(regression(line, [0, 1], [1, 3]), [0, 0], gaussNewton());
    expect(uncertainty(fit)).toMatchObject({ kind: 'undetermined', rank: 2 });
    expect(uncertainty(fit, { absolute: true })).toMatchObject({ kind: 'determined', deviation: 1 });
  });

  test('fewer data than parameters', () => {
    const line = { value: (b: Float64Array, x: number) => b[0] + b[1] * x };
    const fit = leastSquares(regression(line, [2], [1]), [0, 0], gaussNewton());
    expect(uncertainty(fit)).toMatchObject({ kind: 'undetermined', rank: 1 });
  });
});

describe('misuse', () => {
  const run = (options: object) => () => leastSquares(decay, recorded.start, levenbergMarquardt(), options);
  test.each<[object, string]>([
    [{ sigma: 0 }, 'leastSquares(sigma): expected a number in (0, ∞), got 0'],
    [{ sigma: [1, 2] }, 'leastSquares(sigma): expected a number or a list of 12, got 2'],
    [{ sigma: null }, 'leastSquares(sigma): expected a number or a list of 12, got null'],
    [{ sigma: 'one' }, "leastSquares(sigma): expected a number or a list of 12, got 'one'"],
    [
      { sigma: recorded.sigma.map((s, i) => (i === 3 ? Number.NaN : s)) },
      'leastSquares(sigma[3]): expected a number in (0, ∞), got NaN',
    ],
    [{ loss: 'soft_l1' }, 'leastSquares(loss): expected'],
    [{ lossScale: 0 }, 'leastSquares(lossScale): expected a number in (0, ∞), got 0'],
  ])('%o', (options, message) => {
    expect(run(options)).toThrow(message);
  });
});
