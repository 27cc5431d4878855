import fc from 'fast-check';
import { condition, type Spectral, spectral } from '../arbitraries/matrices.js';
import { identity, plus, product, transposed } from '../oracles/dense/matrices.js';
import { norm } from '../subjects/point.js';
import type { RootSubject } from '../subjects/roots.js';
import { law } from './law.js';
import { backward, comparable, type Deviation } from './tolerance.js';

const roots = fc.constantFrom(1, 2, 4, 3, 6, 8);

export const inverseRootLaw = law({
  id: '53',
  name: 'inverse roots',
  statement: 'X = A^(−1/p) without a ridge: ‖XᵖA − I‖ ≤ 30‖Xᵖ‖‖A‖nε.',
  tolerance: 'R',
  source: 'the definition; Guo and Higham 2006, section 5, for the residual',
  kind: 'root',
  sample: () => fc.record({ matrix: spectral({ reach: 3 }), p: roots }),
  measure: (subject, { matrix, p }) => [residual(subject, matrix, p).deviation],
});

export const discriminating = law({
  id: '84',
  name: 'roots discriminate',
  statement:
    'On matrices that are not multiples of I, XᵖA = I, and X is symmetric and commutes with A: no rule that is right for multiples of I alone passes.',
  tolerance: 'R',
  source: 'X is a polynomial in A; identities cannot tell c^(−1/4) from A^(−1/4)',
  kind: 'root',
  sample: () =>
    fc
      .record({ matrix: spectral({ reach: 3, sizes: { min: 2, max: 5 } }), p: roots })
      .filter(({ matrix }) => condition(matrix) > 1),
  measure(subject, { matrix, p }) {
    const { n, matrix: a } = matrix;
    const { x, deviation } = residual(subject, matrix, p);
    const commutator = plus(product(x, a, n), product(a, x, n), -1);
    const norms = norm(x) * norm(a);
    return [
      deviation,
      backward('XA − AX', norm(commutator), norms, n, subject.epsilon),
      backward('X − Xᵀ', norm(plus(x, transposed(x, n), -1)), norm(x), n, subject.epsilon),
    ];
  },
});

export const rootLaws = [inverseRootLaw, discriminating];

function residual(
  subject: RootSubject,
  matrix: Spectral,
  p: number,
): { x: Float64Array; deviation: Deviation } {
  const { n, matrix: a } = matrix;
  fc.pre(comparable(n, condition(matrix), subject.epsilon));
  const x = subject.invert(a, n, p);
  let power = identity(n);
  for (let k = 0; k < p; k++) power = product(power, x, n);
  const rest = plus(product(power, a, n), identity(n), -1);
  const norms = norm(power) * norm(a);
  return { x, deviation: backward(`X^${p}·A − I`, norm(rest), norms, n, subject.epsilon) };
}
