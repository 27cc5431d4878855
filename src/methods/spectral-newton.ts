import type { Options } from '../algebra/options.js';
import { symmetricEigen } from '../linalg/symmetric-eigen.js';
import type { Direction } from '../search/descend.js';
import { hessianDirection, hessianNotFinite, hessianSingular } from './hessian-direction.js';

/**
 * The direction p = −Σ f(λᵢ)(vᵢᵀg)vᵢ over the eigenpairs of the Hessian: what a method makes of each eigenvalue.
 *
 * `factor(λ, largest)` is called with the largest |λ|. O(n³) an iteration.
 */
export function spectralDirection(
  name: string,
  options: Options,
  factor: (eigenvalue: number, largest: number) => number,
): Direction {
  return hessianDirection(name, options, (n) => {
    const workspace = { values: new Float64Array(n), vectors: new Float64Array(n * n) };
    return (hessian, gradient, p) => {
      const eigen = symmetricEigen(hessian, n, workspace);
      if (eigen.kind !== 'decomposed') return hessianNotFinite;
      const { values, vectors } = eigen;
      const largest = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
      if (largest === 0) return hessianSingular;
      p.fill(0);
      for (let k = 0; k < n; k++) {
        let along = 0;
        for (let i = 0; i < n; i++) along += vectors[i * n + k] * gradient[i];
        along *= -factor(values[k], largest);
        for (let i = 0; i < n; i++) p[i] += along * vectors[i * n + k];
      }
      return undefined;
    };
  });
}
