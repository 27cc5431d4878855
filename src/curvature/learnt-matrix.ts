import { matrixVector } from '../linalg/vector.js';
import { type SecantOperator, type VectorOperator, vectorOperator } from './vector-operator.js';

/** Changes M [n, n] in place by a pair; false where the pair was left out. `begin` makes M a multiple of the identity. */
export type LearningRule = (
  matrix: Float64Array,
  s: Float64Array,
  y: Float64Array,
  first: boolean,
  begin: (multiple: number) => void,
) => boolean;

/** A dense estimate of curvature that begins as the identity and learns by an update in place. */
export function learntMatrix(
  n: number,
  name: string,
  tags: Partial<Pick<VectorOperator, 'symmetric' | 'positiveSemidefinite'>>,
  rule: LearningRule,
): SecantOperator & { dense(): Float64Array } {
  const matrix = new Float64Array(n * n);
  let first = true;
  const begin = (multiple: number) => {
    matrix.fill(0);
    for (let i = 0; i < n; i++) matrix[i * (n + 1)] = multiple;
  };
  begin(1);
  return Object.assign(
    vectorOperator(name, (v, into) => matrixVector(matrix, v, into), tags),
    {
      dense: () => matrix,
      learn(s: Float64Array, y: Float64Array) {
        if (rule(matrix, s, y, first, begin)) first = false;
      },
      forget() {
        if (first) return false;
        begin(1);
        first = true;
        return true;
      },
    },
  );
}
