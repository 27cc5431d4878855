import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineSample, lines, phiOf } from '../../arbitraries/lines.js';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { models } from '../../arbitraries/models.js';
import { cosineOf, pairSequences } from '../../arbitraries/pairs.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import { check } from '../../check.js';
import type { Law } from '../../laws/law.js';
import { diagonalIsAll } from '../../laws/second-order/newton.js';
import { rescaledIsBfgs } from '../../laws/second-order/quasi-newton.js';
import { inner, jacobi, matrixOf, plus, times } from '../../oracles/dense/matrices.js';
import { twoLoopOracle } from '../../oracles/second-order/two-loop.js';
import { seed } from '../../seed.js';
import { ourEstimates } from '../../subjects/second-order/our-parts.js';
import { ourLeastSquares, ourSolvers } from '../../subjects/second-order/our-solvers.js';
import type { Subject } from '../../subjects/subject.js';
import { expectFull, smallest } from './generators.js';

describe('arbitraries of second order make what they are for', () => {
  it('pairs in every range of cos(s, y)', () => {
    const some =
      (low: number, high: number) => (sequence: { pairs: readonly { s: Float64Array; y: Float64Array }[] }) =>
        sequence.pairs.some((pair) => cosineOf(pair) > low && cosineOf(pair) <= high);
    expectFull(pairSequences({ cosines: [1, 0.9, 0.3, 0.01, 1e-4, -0.5] }), {
      parallel: some(1 - 1e-12, 1 + 1e-12),
      '0.3 … 1': some(0.29, 0.95),
      '0.001 … 0.1': some(1e-3, 0.1),
      'about 1e-4': some(0.9e-4, 1.1e-4),
      negative: some(-1.1, -0.1),
      'one dimension': ({ n }) => n === 1,
      'four dimensions': ({ n }) => n === 4,
      'one pair': ({ pairs }) => pairs.length === 1,
      'four pairs': ({ pairs }) => pairs.length === 4,
    });
  });

  it('least-squares problems, square and tall, linear and bent, well and badly conditioned', () => {
    expectFull(residualProblems({ reach: 10 }), {
      square: ({ m, n }) => m === n,
      tall: ({ m, n }) => m === n + 2,
      linear: ({ linear }) => linear,
      bent: ({ linear }) => !linear,
      'κ < 4': ({ singularValues: s }) => Math.max(...s) / Math.min(...s) < 4,
      'κ > 10⁵': ({ singularValues: s }) => Math.max(...s) / Math.min(...s) > 1e5,
    });
  });

  it('least-squares problems whose Jacobians are their derivatives', () => {
    fc.assert(
      fc.property(residualProblems(), ({ residuals, jacobian, start, n }) => {
        const x = Float64Array.from(start);
        const j = jacobian(x);
        for (let k = 0; k < n; k++) {
          const h = Float64Array.from({ length: n }, (_, i) => (i === k ? 2 ** -10 : 0));
          // The residuals are quadratic, so that central differences are exact but for rounding.
          const slope = plus(residuals(plus(x, h)), residuals(plus(x, h, -1)), -1).map((d) => d * 2 ** 9);
          times(
            j,
            h.map((e) => e * 2 ** 10),
          ).forEach((entry, i) => {
            expect(Math.abs(entry - slope[i])).toBeLessThan(1e-9);
          });
        }
      }),
      { seed, numRuns: 50 },
    );
  });

  it('models: definite and not, the hard case, steps inside the region and on its boundary', () => {
    expectFull(models(), {
      definite: ({ eigenvalues }) => eigenvalues.every((lambda) => lambda > 0),
      indefinite: ({ eigenvalues }) => eigenvalues.some((lambda) => lambda < 0),
      'hard case': ({ orthogonal, eigenvalues, gradient, radius, n, eigenvectors }) => {
        const lowest = Math.min(...eigenvalues);
        if (!orthogonal || lowest >= 0) return false;
        // ‖(H − λ₁I)⁺g‖ < Δ
        const squares = eigenvalues.map((lambda, k) => {
          const along = gradient.reduce((total, g, i) => total + g * eigenvectors[i * n + k], 0);
          return lambda === lowest ? 0 : (along / (lambda - lowest)) ** 2;
        });
        return Math.sqrt(squares.reduce((a, b) => a + b, 0)) < radius;
      },
      'small region': ({ radius }) => radius < 0.25,
      'large region': ({ radius }) => radius > 16,
    });
  });

  it('functions along a line, of all kinds, with short and long first and longest steps', () => {
    const kind = (name: LineSample['kind']) => (sample: LineSample) => sample.kind === name;
    expectFull(lines(), {
      parabola: kind('parabola'),
      quartic: kind('quartic'),
      barrier: kind('barrier'),
      edge: kind('edge'),
      wave: kind('wave'),
      line: kind('line'),
      'first trial outside the domain': (sample) => !Number.isFinite(phiOf(sample).value(sample.first)),
      'first trial too short': ({ first, minimizer }) => first < minimizer / 10,
      'longest step too short': ({ longest, minimizer }) => longest < minimizer,
    });
    fc.assert(
      fc.property(lines(), (sample) => {
        const { value, slope } = phiOf(sample);
        expect(slope(0)).toBeLessThan(0);
        if (sample.kind === 'line') return;
        expect(value(sample.minimizer)).toBeLessThan(value(0));
        expect(Math.abs(slope(sample.minimizer))).toBeLessThan(1e-12 * Math.abs(slope(0)));
        // φ′ is φ’s derivative.
        const at = sample.minimizer / 2;
        const h = at * 2 ** -17;
        const difference = (value(at + h) - value(at - h)) / (2 * h);
        expect(Math.abs(difference - slope(at))).toBeLessThan(
          1e-6 * (sample.steepness + Math.abs(sample.level) / sample.minimizer),
        );
      }),
      { seed, numRuns: 100 },
    );
  });

  it('bent quadratics, convex and not', () => {
    expectFull(bentQuadratics(), {
      convex: ({ problem, start, n }) => lowest(problem.hessian!(Float64Array.from(start)), n) > 0,
      'not convex': ({ problem, start, n }) => lowest(problem.hessian!(Float64Array.from(start)), n) < 0,
    });
  });

  it('shrink to what a person can read', () => {
    expect(smallest(pairSequences())).toEqual({
      n: 1,
      pairs: [{ s: Float64Array.of(1), y: Float64Array.of(1) }],
    });
    expect(smallest(models())).toMatchObject({ n: 1, matrix: Float64Array.of(1), radius: 1 });
    expect(smallest(residualProblems())).toMatchObject({ m: 1, n: 1, singularValues: [1], start: [1] });
    expect(smallest(lines())).toMatchObject({
      kind: 'parabola',
      level: 0,
      steepness: 1,
      minimizer: 1,
      first: 1,
    });
  });
});

describe('laws of second order have boundaries', () => {
  const named = (subjects: readonly Subject[], method: string) =>
    subjects.find((subject) => 'method' in subject && subject.method === method)!;

  it.each([
    ['24: Levenberg’s δI depends on units', unitless(named(ourSolvers, 'levenbergMarquardtNewton')), '24'],
    ['24b: so it does for residuals', unitless(named(ourLeastSquares, 'levenbergMarquardt')), '24b'],
    ['36: Broyden’s update knows one basis', named(ourEstimates, 'broydenJacobian'), '36'],
    ['30: SR1 is its own dual, not BFGS’s', named(ourEstimates, 'inverseRankOne'), '30'],
    ['20: Newton’s step ascends at a saddle', named(ourSolvers, 'newton'), '20'],
    ['17: steepest descent knows one basis', named(ourSolvers, 'steepestDescent'), '17'],
  ] as const)('law %s', (_, subject, id) => {
    const [law] = check(subject, { seed, runs: 200, laws: [id] }).laws;
    expect(law.verdict).toBe('broken');
    expect(law.explanation).toMatch(`law ${id}: `);
  });

  it.each<[string, Law, Subject]>([
    [
      '35: with γ rescaled it is not BFGS from the identity',
      rescaledIsBfgs,
      named(ourEstimates, 'limitedMemory'),
    ],
    ['35: nor is the naive form', rescaledIsBfgs, twoLoopOracle],
    [
      '37: diagonal Newton is not Newton where H is not diagonal',
      diagonalIsAll,
      named(ourSolvers, 'diagonalNewton'),
    ],
  ])('law %s', (_, law, subject) => {
    const { failed, errorInstance } = fc.check(law.property(subject), { seed, numRuns: 200 });
    expect(failed).toBe(true);
    expect(String(errorInstance)).toMatch(`law ${law.id}: `);
  });
});

describe('the dense oracles are right by themselves', () => {
  it('Jacobi’s eigenvectors and the products of a matrix', () => {
    const a = Float64Array.of(2, -1, 0, -1, 2, -1, 0, -1, 2);
    const { values, vectors } = jacobi(a, 3);
    const expected = [2 - Math.SQRT2, 2, 2 + Math.SQRT2];
    [...values]
      .sort((x, y) => x - y)
      .forEach((value, k) => {
        expect(Math.abs(value - expected[k])).toBeLessThan(1e-14);
      });
    expect(Math.abs(inner(vectors.slice(0, 3), vectors.slice(3, 6)))).toBeLessThan(1e-15);
    expect(matrixOf(3, (v) => times(a, v))).toEqual(a);
  });
});

/** The same method with Levenberg's scaling, whatever is asked of it. */
function unitless<S extends Subject>(subject: S): S {
  const of = subject as Extract<Subject, { kind: 'solver' | 'leastSquares' }>;
  type Trace = (problem: never, start: ArrayLike<number>, steps: number, choices: object) => unknown;
  const trace = of.trace as Trace;
  return {
    ...subject,
    trace: (problem: never, start: ArrayLike<number>, steps: number, choices: object) =>
      trace(problem, start, steps, { ...choices, scaling: 'identity' }),
  };
}

function lowest(matrix: Float64Array, n: number): number {
  return Math.min(...jacobi(matrix, n).values);
}
