import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { mapTree, releaseExcept, type Tree, treeDot, zerosLike } from '../algebra/tree.js';
import { type LinearOperator, tagged } from './linear-operator.js';

export interface ConjugateGradientsOptions<T> {
  /** Stops when ‖r‖ ≤ tolerance·‖b‖. */
  tolerance?: number;
  /** The most products to take. */
  maxIterations?: number;
  /** Where to begin; at 0 where it is left out. */
  start?: Tree<T>;
  /** Δ: the solve ends before the first iterate with ‖x‖ ≥ Δ. */
  radius?: number;
  /** κ: a direction with dᵀCd ≤ κ·dᵀd counts as one of negative curvature. */
  leastCurvature?: number;
  /** M⁻¹, near C⁻¹ and positive definite. */
  preconditioner?: LinearOperator<T>;
  /** Sees every iterate; what it keeps it copies, and true ends the solve there. */
  onIterate?(x: Tree<T>, iteration: number, decrease: number): boolean | undefined;
}

/** How a solve ended, with its last iterate x. */
export type ConjugateGradientsResult<T> = LastIterate<T> &
  (
    | { readonly kind: 'converged' | 'budget' | 'stopped' | 'nonFinite' }
    /** From x the solve would have gone on along d, which has dᵀCd ≤ 0, or leads out of the region. */
    | {
        readonly kind: 'negativeCurvature' | 'boundary';
        readonly direction: Tree<T>;
        /** dᵀCd. */
        readonly curvature: number;
      }
  );

interface LastIterate<T> {
  readonly x: Tree<T>;
  readonly iterations: number;
  /** ‖b − Cx‖. */
  readonly residualNorm: number;
}

type Ending = ConjugateGradientsResult<unknown>['kind'];
type Leaving = 'negativeCurvature' | 'boundary';

const handed = ['start', 'preconditioner', 'onIterate'] as const;

export const conjugateGradientsOptions: OptionsOf<
  Omit<ConjugateGradientsOptions<never>, (typeof handed)[number]>
> = {
  tolerance: number(1e-8, '[0, ∞)', 'stops when ‖r‖ ≤ tolerance·‖b‖'),
  maxIterations: whole(250, '[1, ∞)', 'the most products to take'),
  radius: number(
    Number.POSITIVE_INFINITY,
    '(0, ∞]',
    'Δ: the solve ends before the first iterate with ‖x‖ ≥ Δ',
  ),
  leastCurvature: number(0, '[0, ∞)', 'κ: a direction with dᵀCd ≤ κ·dᵀd counts as one of negative curvature'),
};

/**
 * Solves Cx = b, C symmetric, by conjugate gradients: each iterate minimizes φ(x) = ½xᵀCx − bᵀx over a Krylov space.
 *
 * Two numbers are read an iteration. A direction of curvature ≤ 0 ends the solve and is told, and so is one that leaves
 * the region.
 * Source: Hestenes and Stiefel 1952; truncated: Steihaug 1983; preconditioned: Nocedal and Wright 2006, algorithm 5.3.
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
  const { tolerance, maxIterations, radius, leastCurvature } = chosen(
    where,
    conjugateGradientsOptions,
    options,
    handed,
  );
  const { preconditioner, start, onIterate } = options;
  if (preconditioner !== undefined)
    tagged(`${where}, preconditioner`, preconditioner, 'positiveSemidefinite');
  const { algebra } = operator;
  const given = [b, start ?? null];
  let x: Tree<T>;
  let r: Tree<T>; // b − Cx
  let z: Tree<T>; // M⁻¹r
  let d: Tree<T>;
  let [rr, rz, enough] = [Number.NaN, Number.NaN, Number.NaN];
  [x, r, z] = algebra.scope(() => {
    const x0 = start ?? zerosLike(algebra, b);
    const r0 = start === undefined ? b : along(algebra, b, -1, operator.apply(start));
    const z0 = preconditioner?.apply(r0) ?? r0;
    rr = inner(algebra, r0, r0);
    enough = tolerance * Math.sqrt(start === undefined ? rr : inner(algebra, b, b));
    rz = preconditioner === undefined ? rr : inner(algebra, r0, z0);
    return [x0, r0, z0];
  });
  d = z;
  let decrease = 0;
  let curvature = Number.NaN; // dᵀCd
  /** Moves on to the next iterate, or tells why not. */
  const advance = (): 'nonFinite' | Leaving | undefined => {
    const before = [x, r, z, d];
    let refused: ReturnType<typeof advance>;
    [x, r, z, d] = algebra.scope(() => {
      const cd = operator.apply(d);
      curvature = inner(algebra, d, cd);
      const alpha = rz / curvature;
      if (Number.isNaN(curvature)) refused = 'nonFinite';
      else if (curvature <= (leastCurvature === 0 ? 0 : leastCurvature * inner(algebra, d, d)))
        refused = 'negativeCurvature';
      else if (radius < Number.POSITIVE_INFINITY && lengthAfter(algebra, x, d, alpha) >= radius)
        refused = 'boundary';
      if (refused !== undefined) return before;
      decrease += (alpha * rz) / 2;
      const nextX = along(algebra, x, alpha, d);
      const nextR = along(algebra, r, -alpha, cd);
      const nextZ = preconditioner?.apply(nextR) ?? nextR;
      const previous = rz;
      rr = inner(algebra, nextR, nextR);
      rz = preconditioner === undefined ? rr : inner(algebra, nextR, nextZ);
      const enters = Math.sqrt(rr) > enough; // else no further direction is needed
      return [nextX, nextR, nextZ, enters ? along(algebra, nextZ, rz / previous, d) : d];
    });
    if (refused === undefined) releaseExcept(algebra, before, [x, r, z, d, ...given]);
    return refused;
  };
  const end = (kind: Exclude<Ending, Leaving>, iterations: number): ConjugateGradientsResult<T> => {
    releaseExcept(algebra, [r, z, d], [x, ...given]);
    return { kind, x, iterations, residualNorm: Math.sqrt(rr) };
  };
  if (Math.sqrt(rr) <= enough) return end('converged', 0);
  if (!Number.isFinite(rr) || Number.isNaN(enough)) return end('nonFinite', 0);
  for (let k = 1; k <= maxIterations; k++) {
    const refused = advance();
    if (refused === 'nonFinite') return end(refused, k - 1);
    if (refused !== undefined) {
      releaseExcept(algebra, [r, z], [x, d, ...given]);
      return { kind: refused, x, iterations: k - 1, residualNorm: Math.sqrt(rr), direction: d, curvature };
    }
    if (!Number.isFinite(rr)) return end('nonFinite', k);
    if (onIterate?.(x, k, decrease) === true) return end('stopped', k);
    if (Math.sqrt(rr) <= enough) return end('converged', k);
  }
  return end('budget', maxIterations);
}

/** uᵀv, read. */
function inner<T>(algebra: Algebra<T>, u: Tree<T>, v: Tree<T>): number {
  return algebra.number(treeDot(algebra, u, v));
}

/** u + av. */
function along<T>(algebra: Algebra<T>, u: Tree<T>, a: number, v: Tree<T>): Tree<T> {
  return mapTree(algebra, (ui, vi) => algebra.combine(1, ui, a, vi), u, v);
}

/** ‖x + αd‖. */
function lengthAfter<T>(algebra: Algebra<T>, x: Tree<T>, d: Tree<T>, alpha: number): number {
  const [xx, xd, dd] = [inner(algebra, x, x), inner(algebra, x, d), inner(algebra, d, d)];
  return Math.sqrt(xx + 2 * alpha * xd + alpha * alpha * dd);
}
