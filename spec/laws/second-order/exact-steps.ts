import fc from 'fast-check';
import { condition } from '../../arbitraries/matrices.js';
import { definiteQuadratics, quadraticOf } from '../../arbitraries/minimizations.js';
import { inner, plus, times } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';
import { law } from '../law.js';
import { backward, bounded, type Deviation } from '../tolerance.js';

export const exactSteps = law({
  id: '3',
  name: 'steepest descent with exact steps',
  statement:
    'On a quadratic (f⁺ − f*)/(f − f*) ≤ ((κ − 1)/(κ + 1))² and g⁺ ⊥ g; from the minimum it stays there.',
  tolerance: 'I',
  source: 'Kantorovich 1948; Nocedal and Wright 2006, theorem 3.3',
  kind: 'solver',
  sample: () => fc.tuple(definiteQuadratics(3), fc.integer({ min: 0, max: 9 })),
  measure(subject, [sample, at]) {
    const { n, matrix, g, minimizer, eigenvalues } = sample;
    // One start in ten is the minimum of ½xᵀHx, where the gradient vanishes exactly.
    const stationary = at === 0;
    const slope = stationary ? new Float64Array(n) : g;
    const { points } = subject.trace(quadraticOf(matrix, slope), new Float64Array(n), 3, { step: 'exact' });
    const found = points.map((x, k) => finite(x, k));
    if (stationary) return [...found, bounded('steps from the minimum', norm(points[points.length - 1]), 0)];
    const { epsilon } = subject;
    const kappa = condition({ ...sample, eigenvalues });
    const excess = (x: Float64Array) => {
      const e = plus(x, minimizer, -1);
      return inner(e, times(matrix, e)) / 2;
    };
    const rate = ((kappa - 1) / (kappa + 1)) ** 2;
    const gradientAt = (x: Float64Array) => plus(times(matrix, x), slope);
    for (let k = 1; k < points.length; k++) {
      const [x, next] = [points[k - 1], points[k]];
      const size = norm(matrix) * (norm(x) + norm(next) + norm(minimizer));
      // Where the gradient is rounding error the step length is a quotient of noise.
      if (norm(gradientAt(x)) <= 1e3 * n * epsilon * size) break;
      const bound = rate * excess(x);
      const rounding = 30 * n * epsilon * size * norm(plus(x, minimizer, -1));
      found.push(
        bounded('f⁺ − f* beyond its bound', Math.max(0, excess(next) - bound), rounding),
        backward(
          'g⁺ᵀg',
          Math.abs(inner(gradientAt(next), gradientAt(x))),
          norm(gradientAt(x)) * size,
          n,
          epsilon,
        ),
      );
    }
    return found;
  },
});

export const orthogonalGradient = law({
  id: '3b',
  name: 'exact steps end where the line is level',
  statement: 'With exact steps on a quadratic g⁺ is orthogonal to the step.',
  tolerance: 'R',
  source: 'φ′(α) = 0',
  kind: 'solver',
  sample: () => definiteQuadratics(2),
  measure(subject, { n, matrix, g }) {
    const { points } = subject.trace(quadraticOf(matrix, g), new Float64Array(n), 2, { step: 'exact' });
    return points.slice(1).map((x, k) => {
      const s = plus(x, points[k], -1);
      const after = plus(times(matrix, x), g);
      // α is a quotient of slopes that carry the rounding of the gradients at both ends.
      const size = norm(matrix) * (norm(x) + norm(s)) + norm(g);
      return backward('g⁺ᵀs', Math.abs(inner(after, s)), 4 * size * norm(s), n, subject.epsilon);
    });
  },
});

export const conjugacy = law({
  id: '34',
  name: 'exact steps make conjugate gradients',
  statement:
    'On a quadratic with exact steps the iterates from H₀ = I are those of conjugate gradients, and the last, at most the n-th, is the minimizer: within 10³κε·(‖g₀‖/‖g_k‖)² for the smallest gradient on the way, whose digits are lost and which enters squared. Runs on which a gradient falls below a sixteenth of the first are not judged.',
  tolerance: 'K',
  source: 'Nazareth 1979; Nocedal and Wright 2006, theorem 6.4',
  kind: 'solver',
  sample: () => definiteQuadratics(2),
  measure(subject, sample) {
    const { n, matrix, g, minimizer } = sample;
    const kappa = condition(sample);
    // With fewer than n distinct eigenvalues fewer steps are made: those after them would follow rounding errors.
    const { points: expected, lost } = conjugateGradients(matrix, g, n);
    const steps = expected.length;
    const { points } = subject.trace(quadraticOf(matrix, g), new Float64Array(n), steps, { step: 'exact' });
    fc.pre(lost <= 16);
    const allowed = 1e3 * kappa * lost ** 2 * subject.epsilon * norm(minimizer);
    const found = points
      .slice(1)
      .map((x, k) =>
        bounded(`x_${k + 1} beside conjugate gradients`, norm(plus(x, expected[k], -1)), allowed),
      );
    const last = points[points.length - 1];
    return [...found, bounded('last point − x*', norm(plus(last, minimizer, -1)), allowed)];
  },
});

function finite(x: Float64Array, k: number): Deviation {
  return bounded(`entries of x_${k} that are not finite`, x.filter((xi) => !Number.isFinite(xi)).length, 0);
}

/**
 * Conjugate gradients from 0 as Hestenes and Stiefel wrote them (1952), until the gradient is rounding error, and
 * ‖g₀‖ over the smallest gradient from which a step is made.
 */
function conjugateGradients(
  matrix: Float64Array,
  g: Float64Array,
  n: number,
): { points: Float64Array[]; lost: number } {
  let x: Float64Array = new Float64Array(n);
  let r: Float64Array = g.map((gi) => -gi);
  let p = r;
  const points: Float64Array[] = [];
  let lost = 1;
  for (let k = 0; k < n; k++) {
    const ap = times(matrix, p);
    const rr = inner(r, r);
    const shrunk = norm(g) / Math.sqrt(rr);
    if (!(shrunk < 2 ** 30)) break;
    lost = Math.max(lost, shrunk);
    const alpha = rr / inner(p, ap);
    x = plus(x, p, alpha);
    r = plus(r, ap, -alpha);
    p = plus(r, p, inner(r, r) / rr);
    points.push(x);
  }
  return { points, lost };
}

export const exactStepLaws = [exactSteps, orthogonalGradient, conjugacy];
