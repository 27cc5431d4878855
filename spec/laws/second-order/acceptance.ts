import fc from 'fast-check';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import { inner } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';
import type { Trace } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { atMost, bitwise, type Deviation } from '../tolerance.js';
import { columnNorms } from './damped-least-squares.js';

const scaling = fc.constantFrom<'identity' | 'diagonal'>('identity', 'diagonal');

export const rollback = law({
  id: '22',
  name: 'Levenberg–Marquardt accepts and rejects',
  statement:
    'Accepted ⇒ ‖r‖² falls. Rejected ⇒ the next trial is from the same parameters, shorter in the scale of the damping, with a higher δ.',
  tolerance: 'I',
  source: 'Marquardt 1963; Moré 1978',
  kind: 'leastSquares',
  sample: () =>
    fc.tuple(residualProblems({ linear: false }), fc.constantFrom(1e-3, 1, 2 ** -10, 16), scaling),
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
      if (Number.isNaN(trial.damping)) return; // a step without damping, tried before the run ends
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

export const acceptanceLaws = [rollback, functionRollback];
