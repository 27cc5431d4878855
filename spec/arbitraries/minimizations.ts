import fc from 'fast-check';
import type { Minimization } from '../../src/index.js';
import { inner, plus, times } from '../oracles/dense/matrices.js';
import { dyadicVector, nonzeroVector } from './dyadic.js';
import { type Spectral, spectral } from './matrices.js';

/** gᵀx + ½xᵀHx. */
export function quadraticOf(matrix: Float64Array, g: Float64Array): Minimization {
  return {
    value: (x) => inner(g, x) + inner(x, times(matrix, x)) / 2,
    gradient: (x) => plus(times(matrix, x), g),
    hessian: () => matrix,
  };
}

/** f = gᵀx + ½xᵀHx + ⅛Σxᵢ⁴ with H of any signs: bounded below, with diagonal entries that keep away from 0. */
export function bentQuadratics(): fc.Arbitrary<{ problem: Minimization; start: number[]; n: number }> {
  return spectral({ reach: 2, signs: 'any', sizes: { min: 1, max: 3 } }).chain(({ n, matrix }) =>
    fc.tuple(nonzeroVector(n), nonzeroVector(n)).map(([g, start]) => {
      const plain = quadraticOf(matrix, Float64Array.from(g));
      const problem: Minimization = {
        value: (x) => plain.value(x) + x.reduce((total, xi) => total + xi ** 4 / 8, 0),
        gradient: (x) => plain.gradient!(x).map((gi, i) => gi + x[i] ** 3 / 2),
        hessian: (x) =>
          matrix.map((entry, at) => (at % (n + 1) === 0 ? entry + 1.5 * x[at % n] ** 2 : entry)),
        // A person who reads a counterexample wants the numbers.
        toString: () => `gᵀx + ½xᵀHx + ⅛Σxᵢ⁴, g = [${g}], H = [${matrix.join(', ')}]`,
      } as Minimization;
      return { problem, start, n };
    }),
  );
}

/** A definite quadratic gᵀx + ½xᵀHx with its minimizer away from 0, where runs start. */
export function definiteQuadratics(
  reach: number,
): fc.Arbitrary<Spectral & { minimizer: number[]; g: Float64Array }> {
  return spectral({ reach }).chain((matrix) =>
    dyadicVector(matrix.n).map((chosen) => {
      const minimizer = chosen.map((x, i) => x || i + 1);
      const g = times(matrix.matrix, minimizer).map((entry) => -entry);
      return { ...matrix, minimizer, g };
    }),
  );
}

/** A symmetric matrix and a gradient with no entry 0. */
export function hessians(signs: '+' | 'any', reach: number): fc.Arbitrary<Spectral & { g: Float64Array }> {
  return spectral({ reach, signs }).chain((matrix) =>
    dyadicVector(matrix.n).map((g) => ({ ...matrix, g: Float64Array.from(g, (gi, i) => gi || i + 1) })),
  );
}
