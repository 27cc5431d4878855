import fc from 'fast-check';
import { dyadic, dyadicVector, nonzeroVector } from '../arbitraries/dyadic.js';
import { condition, spectral } from '../arbitraries/matrices.js';
import { inner, matrixOf, plus, times } from '../oracles/dense/matrices.js';
import type { OperatorSubject } from '../subjects/linear.js';
import { norm } from '../subjects/point.js';
import { law } from './law.js';
import { atMost, backward, bitwise, bounded, type Deviation, threshold } from './tolerance.js';

const vectors = ({ n }: OperatorSubject) => dyadicVector(n).map((v) => Float64Array.from(v));

/** ‖C‖, at least as large as what it does to any of these. */
const sizeOf = ({ apply }: OperatorSubject, n: number) => norm(matrixOf(n, (v) => apply(v)));

export const linear = law({
  id: 'C1',
  name: 'operators are linear',
  statement:
    'C(u + av) = Cu + aCv, the answers are as long as the vectors, and a vector is afterwards as it was.',
  tolerance: 'R',
  source: 'the definition; exact but for rounding',
  kind: 'operator',
  sample: (subject) => fc.tuple(vectors(subject), vectors(subject), dyadic()),
  measure(subject, [u, v, a]) {
    const { n, epsilon } = subject;
    const apply = (vector: Float64Array) => subject.apply(vector.slice());
    const shown = u.slice();
    const [cu, cv] = [subject.apply(shown), apply(v)];
    const together = apply(plus(u, v, a));
    if (together.length !== n) return [bitwise('length of Cv', together.length, n)];
    const norms = sizeOf(subject, n) * (norm(u) + Math.abs(a) * norm(v)) + norm(cu) + Math.abs(a) * norm(cv);
    const off = norm(plus(plus(together, cu, -1), cv, -a));
    return [backward('C(u + av) − Cu − aCv', off, norms, n, epsilon), bitwise('v after Cv', shown, u)];
  },
});

export const tags = law({
  id: 'C2',
  name: 'tags of operators are kept',
  statement: 'uᵀCv = vᵀCu of one tagged symmetric, and vᵀCv ≥ 0 of one tagged positive semidefinite.',
  tolerance: 'R',
  source: 'the definitions',
  kind: 'operator',
  sample: (subject) => fc.tuple(vectors(subject), vectors(subject)),
  measure(subject, [u, v]) {
    const { n, epsilon, symmetric, positiveSemidefinite } = subject;
    const [cu, cv] = [u, v].map((one) => subject.apply(one.slice()));
    const size = sizeOf(subject, n);
    const found: Deviation[] = [];
    if (symmetric) {
      const off = Math.abs(inner(u, cv) - inner(v, cu));
      found.push(backward('uᵀCv − vᵀCu', off, size * norm(u) * norm(v), n, epsilon));
    }
    if (positiveSemidefinite) {
      found.push(atMost('−vᵀCv', -inner(v, cv), 0, n * n, epsilon, size * inner(v, v)));
    }
    return found;
  },
});

export const abilities = law({
  id: 'C3',
  name: 'abilities of operators agree',
  statement:
    'dense() and diagonal() are those of the products, and what solve finds has ‖Cx − b‖ ≤ 30nκε(‖C‖‖x‖ + ‖b‖).',
  tolerance: 'K',
  source: 'one matrix, asked in several ways; κ = ‖C‖·‖x‖/‖b‖, as Woodbury’s identity needs it',
  kind: 'operator',
  sample: ({ n }) => nonzeroVector(n).map((b) => Float64Array.from(b)),
  measure(subject, b) {
    const { n, epsilon } = subject;
    const matrix = matrixOf(n, (v) => subject.apply(v));
    const size = norm(matrix);
    const found: Deviation[] = [];
    const near = (what: string, got: ArrayLike<number>, expected: Float64Array) =>
      [...expected].forEach((entry, i) => {
        const told = bounded(`${what}, entry ${i}`, Math.abs(got[i] - entry), threshold * n * epsilon * size);
        found.push(told.ratio <= 1 ? told : { ...told, expected: String(entry), got: String(got[i]) });
      });
    const dense = subject.dense?.();
    if (dense !== undefined) near('dense()', dense, matrix);
    const diagonal = subject.diagonal?.();
    if (diagonal !== undefined) {
      near(
        'diagonal()',
        diagonal,
        Float64Array.from({ length: n }, (_, i) => matrix[i * (n + 1)]),
      );
    }
    const x = subject.solve?.(b.slice());
    if (x !== undefined) {
      const kappa = Math.max(1, (size * norm(x)) / norm(b));
      const norms = (size * norm(x) + norm(b)) * kappa;
      found.push(backward('Cx − b of solve', norm(plus(times(matrix, x), b, -1)), norms, n, epsilon));
    }
    return found;
  },
});

export const solves = law({
  id: 'C4',
  name: 'linear solvers solve',
  statement:
    'For C symmetric and positive definite with κ ≤ 2⁸, ‖Cx − b‖ ≤ rtol·‖b‖ + 30nε(‖C‖‖x‖ + ‖b‖); b and C are afterwards as they were.',
  tolerance: 'R',
  source: 'Higham 2002, theorem 10.3; Hestenes and Stiefel 1952, whose residual follows its recursion to κε',
  kind: 'linearSolver',
  sample: () =>
    spectral({ reach: 4, sizes: { min: 1, max: 5 } }).chain((drawn) =>
      nonzeroVector(drawn.n).map((b) => ({ ...drawn, b: Float64Array.from(b) })),
    ),
  measure(subject, sample) {
    const { n, matrix, b, eigenvalues } = sample;
    const [given, right] = [matrix.slice(), b.slice()];
    const x = subject.solve({ n, matrix: given, multiply: (v) => times(matrix, v) }, right);
    if (x.length !== n) return [bitwise('length of x', x.length, n)];
    const norms =
      (Math.max(...eigenvalues) * norm(x) + norm(b)) * (subject.tolerance > 0 ? condition(sample) : 1);
    const allowed = subject.tolerance * norm(b) + threshold * n * subject.epsilon * norms;
    return [
      bounded('‖Cx − b‖', norm(plus(times(matrix, x), b, -1)), allowed),
      bitwise('b afterwards', right, b),
      bitwise('C afterwards', given, matrix),
    ];
  },
});

export const operatorLaws = [linear, tags, abilities, solves];
