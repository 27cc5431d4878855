import { coupledNewtonRoot } from '../../src/curvature/coupled-newton.js';
import { inverseRootOf } from '../../src/curvature/inverse-root.js';
import { type Algebra, inverseRoot } from '../../src/index.js';
import type { Named } from './named.js';

/** A way to take A^(−1/p) of a symmetric positive definite matrix. */
export interface RootSubject extends Named {
  readonly kind: 'root';
  /** @param matrix n×n, row-major */
  invert(matrix: Float64Array, n: number, p: number): Float64Array;
}

const claims = ['53', '84'];

/** Both ways in one arithmetic, without a ridge: eigenvalues on the host, products on the device. */
export function ourRoots<T>(algebra: Algebra<T>): readonly RootSubject[] {
  const rootsBy = (name: string, invert: (a: T, p: number) => T | undefined): RootSubject => ({
    kind: 'root',
    name: `${name} (${algebra.name})`,
    epsilon: algebra.epsilon,
    claims,
    invert(matrix, n, p) {
      const root = invert(algebra.array(matrix, [n, n]), p);
      return root === undefined ? new Float64Array(n * n).fill(Number.NaN) : algebra.values(root);
    },
    scope: (body) => algebra.scope(body),
  });
  const rule = { ridge: 0, tolerance: 0 } as const;
  return [
    rootsBy('coupledNewton', (a, p) => {
      const found = coupledNewtonRoot(algebra, a, p);
      return found.kind === 'inverted' ? found.root : undefined;
    }),
    rootsBy('inverseRoot', (a, p) => {
      const found = inverseRootOf(algebra, a, p, 1, { ...rule, by: 'eigen' }, null);
      return found.kind === 'inverted' ? found.root : undefined;
    }),
  ];
}

/** `inverseRoot` of the host itself. */
export const hostRoot: RootSubject = {
  kind: 'root',
  name: 'inverseRoot',
  epsilon: 2 ** -52,
  claims,
  invert(matrix, n, p) {
    const found = inverseRoot(matrix, n, p);
    return found.kind === 'inverted' ? found.root : new Float64Array(n * n).fill(Number.NaN);
  },
  scope: (body) => body(),
};
