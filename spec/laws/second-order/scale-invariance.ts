import fc from 'fast-check';
import type { Minimization } from '../../../src/index.js';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import { plus } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';
import type { Trace } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { bitwise, comparable, type Deviation, forward } from '../tolerance.js';
import { columnNorms, conditionOf, sensitivity, stationary } from './damped-least-squares.js';

const small = fc.constantFrom(1e-3, 1, 2 ** -10, 16);

const scaling = fc.constantFrom<'identity' | 'diagonal'>('identity', 'diagonal');

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
    const start = Float64Array.from(problem.start);
    const [first] = subject.trace(problem, start, 1, choices).trials;
    const begin = start.map((xi, i) => xi / units[i]);
    const [second] = subject.trace(scaled, begin, 1, choices).trials;
    if (first === undefined || second === undefined) return [stationary(problem, start, subject.epsilon)];
    const [there, here] = [first[0].x, second[0].x];
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

export const scaleInvarianceLaws = [unitInvariance, residualUnits, residualScale];
