import { chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import type { Tree } from '../algebra/tree.js';
import { conjugateGradientSteps, type Ending, type Leaving } from './conjugate-gradient-steps.js';
import { type LinearOperator, tagged } from './linear-operator.js';
import { treeVectors } from './tree-vectors.js';

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
    | { readonly kind: Ending }
    /** From x the solve would have gone on along d, which has dᵀCd ≤ 0, or leads out of the region. */
    | {
        readonly kind: Leaving;
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
  const rules = chosen(where, conjugateGradientsOptions, options, handed);
  const { preconditioner, start, onIterate } = options;
  if (preconditioner !== undefined)
    tagged(`${where}, preconditioner`, preconditioner, 'positiveSemidefinite');
  const system = { ...rules, operator, b, start, preconditioner, onIterate };
  const { kind, direction, curvature, ...last } = conjugateGradientSteps(
    treeVectors(operator.algebra),
    system,
  );
  if (kind !== 'negativeCurvature' && kind !== 'boundary') return { kind, ...last };
  return { kind, ...last, direction: direction as Tree<T>, curvature };
}
