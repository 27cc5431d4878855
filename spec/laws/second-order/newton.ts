import fc from 'fast-check';
import { withMap } from '../../arbitraries/linear-maps.js';
import { hessians, quadraticOf } from '../../arbitraries/minimizations.js';
import { plus, product, times, transposed } from '../../oracles/dense/matrices.js';
import { largest, norm } from '../../subjects/point.js';
import type { SolverChoices, SolverSubject } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { backward, comparable, type Deviation, forward } from '../tolerance.js';

export const oneStep = law({
  id: '16b',
  name: 'Newton solvers solve a quadratic in one step',
  statement: 'For H ≻ 0, undamped and unconfined, ‖Hp + g‖ ≤ 30(‖H‖‖p‖ + ‖g‖)nε.',
  tolerance: 'R',
  source: 'Nocedal and Wright 2006, equation 2.15',
  kind: 'solver',
  sample: () => hessians('+', 5),
  measure(subject, { n, matrix, eigenvalues, g }) {
    const p = firstStep(subject, matrix, g, { damping: 0, radius: 2 ** 20 });
    const norms = largest(eigenvalues) * norm(p) + norm(g);
    return [backward('Hp + g', norm(plus(times(matrix, p), g)), norms, n, subject.epsilon)];
  },
});

export const affineInvariance = law({
  id: '17',
  name: 'affine invariance of Newton’s method',
  statement: 'The iterates for f(Tz) are those for f(x) with x = Tz.',
  tolerance: 'K',
  source: 'Deuflhard 2004, section 1.1',
  kind: 'solver',
  sample: () => fc.tuple(withMap(hessians('any', 2)), fc.constantFrom(1, 0.5)),
  measure(subject, [[{ matrix, eigenvalues, n, g }, t], step]) {
    const changed = product(product(transposed(t.matrix, n), matrix, n), t.matrix, n);
    const there = firstStep(subject, matrix, g, { step, damping: 0 });
    const here = times(
      t.matrix,
      firstStep(subject, changed, times(transposed(t.matrix, n), g), { step, damping: 0 }),
    );
    const kappa = t.condition ** 2 * (largest(eigenvalues) / Math.min(...eigenvalues.map(Math.abs)));
    fc.pre(comparable(n, kappa, subject.epsilon));
    return [forward('T·p_z − p_x', norm(plus(here, there, -1)), norm(there), n, kappa, subject.epsilon)];
  },
});

export const diagonal = law({
  id: '37',
  name: 'diagonal Newton',
  statement: 'Hᵢᵢpᵢ = −gᵢ for any H with Hᵢᵢ ≠ 0; so the step is Newton’s where H is diagonal.',
  tolerance: 'R',
  source: 'Becker and LeCun 1988',
  kind: 'solver',
  sample: () => hessians('+', 3),
  measure(subject, { n, matrix, g }) {
    const p = firstStep(subject, matrix, g, {});
    const found = Array.from(g, (gi, i) =>
      backward(
        `Hᵢᵢpᵢ + gᵢ, i = ${i}`,
        Math.abs(matrix[i * n + i] * p[i] + gi),
        Math.abs(gi),
        1,
        subject.epsilon,
      ),
    );
    const alone = matrix.map((entry, at) => (at % (n + 1) === 0 ? entry : 0));
    return [...found, newtonResidual(subject, alone, g)];
  },
});

/** 37, NEG: the diagonal is not the Hessian. */
export const diagonalIsAll = law({
  id: '37',
  name: 'diagonal Newton is Newton for any Hessian',
  statement: 'Hp = −g for any H: seen to be false.',
  tolerance: 'R',
  source: 'off-diagonal entries are left out',
  kind: 'solver',
  sample: () => hessians('+', 3),
  measure: (subject, { matrix, g }) => [newtonResidual(subject, matrix, g)],
});

export const newtonLaws = [oneStep, affineInvariance, diagonal];

function newtonResidual(subject: SolverSubject, matrix: Float64Array, g: Float64Array): Deviation {
  const p = firstStep(subject, matrix, g, {});
  const norms = norm(matrix) * norm(p) + norm(g);
  return backward('Hp + g', norm(plus(times(matrix, p), g)), norms, g.length, subject.epsilon);
}

/** The step from 0 on gᵀx + ½xᵀHx; NaN where the method makes none. */
export function firstStep(
  subject: SolverSubject,
  matrix: Float64Array,
  g: Float64Array,
  choices: SolverChoices,
): Float64Array {
  const { points } = subject.trace(quadraticOf(matrix, g), new Float64Array(g.length), 1, choices);
  return points[1] ?? g.map(() => Number.NaN);
}
