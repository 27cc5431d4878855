import { inRange, knownOptions, wholeNumber } from '../algebra/argument.js';
import { mapTree, releaseExcept, type Tree, treeDot, zerosLike } from '../algebra/tree.js';
import { type LinearOperator, tagged } from './linear-operator.js';

export interface ConjugateGradientsOptions<T> {
  /** Stops when ‖r‖ ≤ tolerance·‖b‖, default 1e-8. */
  tolerance?: number;
  /** Default 250. */
  maxIterations?: number;
  /** Where to begin, default 0. */
  start?: Tree<T>;
  /** M⁻¹, near C⁻¹ and positive definite. */
  preconditioner?: LinearOperator<T>;
  /** Sees every iterate; what it keeps it copies, and true ends the solve there. */
  onIterate?(x: Tree<T>, iteration: number, decrease: number): boolean | undefined;
}

export interface ConjugateGradientsResult<T> {
  /** 'negativeCurvature': `direction` has dᵀCd ≤ 0, and x is the last iterate before it. */
  readonly kind: 'converged' | 'negativeCurvature' | 'budget' | 'stopped' | 'nonFinite';
  readonly x: Tree<T>;
  readonly iterations: number;
  /** ‖b − Cx‖. */
  readonly residualNorm: number;
  readonly direction?: Tree<T>;
}

/**
 * Solves Cx = b, C symmetric, by conjugate gradients: each iterate minimizes φ(x) = ½xᵀCx − bᵀx over a Krylov space.
 *
 * Two numbers are read an iteration. Directions of curvature ≤ 0 end the solve and are told.
 * Source: Hestenes and Stiefel 1952; preconditioned as in Nocedal and Wright 2006, algorithm 5.3.
 *
 * @throws TypeError where the operator is not tagged symmetric, or the preconditioner not positive semidefinite
 * @example
 * const { x } = conjugateGradients(damped(curvature, 1e-3, gradient), gradient, { tolerance: 1e-4 });
 */
export function conjugateGradients<T>(
  operator: LinearOperator<T>,
  b: Tree<T>,
  options: ConjugateGradientsOptions<T> = {},
): ConjugateGradientsResult<T> {
  const where = 'conjugateGradients';
  tagged(where, operator, 'symmetric');
  knownOptions(where, options, ['tolerance', 'maxIterations', 'start', 'preconditioner', 'onIterate']);
  const { preconditioner, start, onIterate } = options;
  const tolerance = inRange(where, 'tolerance', options.tolerance ?? 1e-8, '[0, ∞)');
  const most = wholeNumber(where, 'maxIterations', options.maxIterations ?? 250, '[1, ∞)');
  if (preconditioner !== undefined)
    tagged(`${where}, preconditioner`, preconditioner, 'positiveSemidefinite');
  const { algebra } = operator;
  const number = (x: Tree<T>, y: Tree<T>) => algebra.number(treeDot(algebra, x, y));
  const along = (x: Tree<T>, a: number, y: Tree<T>) =>
    mapTree(algebra, (xi, yi) => algebra.combine(1, xi, a, yi), x, y);
  const given = [b, start ?? null];
  let [x, r] = algebra.scope((): [Tree<T>, Tree<T>] =>
    start === undefined ? [zerosLike(algebra, b), b] : [start, along(b, -1, operator.apply(start))],
  );
  const read = <R extends number>(body: () => R) => algebra.scope(body);
  const enough = tolerance * Math.sqrt(read(() => number(b, b)));
  let rr = read(() => number(r, r));
  let z = preconditioner === undefined ? r : algebra.scope(() => preconditioner.apply(r));
  let rz = preconditioner === undefined ? rr : read(() => number(r, z));
  let d = z;
  let decrease = 0;
  const end = (kind: ConjugateGradientsResult<T>['kind'], iterations: number, direction?: Tree<T>) => {
    releaseExcept(algebra, [r, z, d], [x, direction ?? null, ...given]);
    const residualNorm = Math.sqrt(rr);
    return { kind, x, iterations, residualNorm, ...(direction !== undefined && { direction }) };
  };
  if (Math.sqrt(rr) <= enough) return end('converged', 0);
  if (!Number.isFinite(rr)) return end('nonFinite', 0);
  for (let k = 1; k <= most; k++) {
    const before = [x, r, z, d];
    const passed = algebra.scope(() => {
      const cd = operator.apply(d);
      const curvature = number(d, cd);
      if (!(curvature > 0)) return { curvature };
      const alpha = rz / curvature;
      const [nextX, nextR] = [along(x, alpha, d), along(r, -alpha, cd)];
      const nextZ = preconditioner?.apply(nextR) ?? nextR;
      const nextRr = number(nextR, nextR);
      const nextRz = preconditioner === undefined ? nextRr : number(nextR, nextZ);
      return {
        curvature,
        alpha,
        x: nextX,
        r: nextR,
        z: nextZ,
        d: along(nextZ, nextRz / rz, d),
        rr: nextRr,
        rz: nextRz,
      };
    });
    if (passed.alpha === undefined) {
      return end(Number.isNaN(passed.curvature) ? 'nonFinite' : 'negativeCurvature', k - 1, d);
    }
    decrease += (passed.alpha * rz) / 2;
    ({ x, r, z, d, rr, rz } = passed);
    releaseExcept(algebra, before, [x, r, z, d, ...given]);
    if (!Number.isFinite(rr)) return end('nonFinite', k);
    if (onIterate?.(x, k, decrease) === true) return end('stopped', k);
    if (Math.sqrt(rr) <= enough) return end('converged', k);
  }
  return end('budget', most);
}
