import { residualProblems } from '../../arbitraries/residual-problems.js';
import {
  inner,
  jacobi,
  leastSquaresSolution,
  plus,
  times,
  transposed,
} from '../../oracles/dense/matrices.js';
import { OptionFixed } from '../../subjects/foreign/misbehaviour.js';
import { norm } from '../../subjects/point.js';
import { solverTraits } from '../../subjects/second-order/solver-traits.js';
import type { LeastSquaresSubject } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { atMost, bounded, type Deviation, threshold } from '../tolerance.js';
import { direction } from './judged-step.js';

export const residualAgreement = law({
  id: 'A3',
  name: 'agreement of least squares',
  statement:
    'Each step of Gauss–Newton is αp, α > 0, with p = −J⁺r or −(JᵀJ + λI)⁻¹Jᵀr; each step of Levenberg–Marquardt has (JᵀJ + δD²)s = −Jᵀr with some δ ≥ 0, within 30nκ²ε, and ½‖r‖² falls.',
  tolerance: 'K',
  source: 'Björck 1996, section 9.2; Marquardt 1963, by what D the option `scaling` says',
  kind: 'leastSquares',
  sample: () => residualProblems(),
  measure(subject, problem) {
    if (solverTraits(subject).dampsFits && subject.fixed?.acceleration !== false) {
      throw new OptionFixed('acceleration', false, subject.fixed?.acceleration);
    }
    const { points } = subject.trace(problem, problem.start, 5, {});
    const found: Deviation[] = [];
    for (let k = 0; k + 1 < points.length; k++) {
      const said = residualStep(subject, problem, points, k);
      if (said === 'stop') break;
      found.push(...said);
    }
    return found;
  },
});

type ResidualProblem = Parameters<LeastSquaresSubject['trace']>[0];

function residualStep(
  subject: LeastSquaresSubject,
  { residuals, jacobian }: ResidualProblem,
  points: readonly Float64Array[],
  k: number,
): readonly Deviation[] | 'stop' {
  const { fixed = {}, epsilon } = subject;
  const [x, next] = [points[k], points[k + 1]];
  const s = plus(next, x, -1);
  const [r, j, n] = [residuals(x), jacobian(x), x.length];
  const g = times(transposed(j, r.length), r);
  const lost = (2 * epsilon * (norm(x) + norm(next))) / norm(s);
  const squares = Float64Array.from({ length: n * n }, (_, at) => {
    let total = 0;
    for (let i = 0; i < r.length; i++) total += j[i * n + Math.floor(at / n)] * j[i * n + (at % n)];
    return total;
  });
  const eigenvalues = [...jacobi(squares, n).values];
  const kappa = Math.max(...eigenvalues) / Math.min(...eigenvalues);
  const fromZero = norm(g) < 1e-7 * norm(j) * norm(r) || norm(r) === 0;
  if (!(lost < 1e-5) || !(kappa > 0 && kappa < 1e8) || fromZero) return 'stop';
  if (!solverTraits(subject).dampsFits) {
    const damping = (fixed.damping as number | undefined) ?? 0;
    const rows = damping > 0 ? identityRows(n, Math.sqrt(damping)) : [];
    const matrix = Float64Array.from([...j, ...rows]);
    const p = leastSquaresSolution(matrix, [...r.map((ri) => -ri), ...new Float64Array(rows.length / n)], n);
    const digits = (norm(j) * norm(p) + norm(r)) / (norm(j) * norm(p));
    return [direction(`step ${k + 1}`, s, p, threshold * n * kappa * digits * epsilon + 2 * lost)];
  }
  const scaling = (fixed.scaling ?? 'start') as string;
  const column = (at: Float64Array, c: number) => {
    const matrix = jacobian(at);
    let total = 0;
    for (let i = c; i < matrix.length; i += n) total += matrix[i] ** 2;
    return total;
  };
  const d = x.map((_, c) => {
    if (scaling === 'identity') return 1;
    if (scaling === 'diagonal') return column(x, c);
    if (scaling === 'largest') return Math.max(...points.slice(0, k + 1).map((at) => column(at, c)));
    return 1 / points[0][c] ** 2;
  });
  if (!d.every((di) => di > 0 && Number.isFinite(di))) return 'stop';
  const ds = s.map((si, i) => d[i] * si);
  const residual = plus(times(squares, s), g);
  const delta = Math.max(0, -inner(ds, residual) / inner(ds, ds));
  const size = norm(squares) * norm(s) + delta * norm(ds) + norm(j) * norm(r);
  const off = norm(plus(residual, ds, delta));
  const [f, after] = [r, residuals(next)].map((values) => inner(values, values) / 2);
  return [
    bounded(`‖(JᵀJ + δD²)s + Jᵀr‖ at step ${k + 1}`, off, (threshold * n * kappa * epsilon + lost) * size),
    atMost(`½‖r‖² after step ${k + 1}`, after, f, n, epsilon, f + after + (norm(j) * norm(next)) ** 2),
  ];
}

function identityRows(n: number, value: number): number[] {
  return Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? value : 0));
}
