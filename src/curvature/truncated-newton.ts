import { norm } from '../linalg/vector.js';
import { conjugateGradientSteps, type LastStep } from './conjugate-gradient-steps.js';
import { PlainVectors } from './plain-vectors.js';
import type { VectorOperator } from './vector-operator.js';

/** When to leave Newton's equations: before ‖p‖ ≥ `radius`, and at a direction with dᵀHd ≤ `leastCurvature`·dᵀd. */
export interface EarlyEnd {
  readonly radius?: number;
  readonly leastCurvature?: number;
}

/**
 * Newton's equations Hp = −g, solved by conjugate gradients until ‖r‖ ≤ min(forcing, √‖g‖)·‖g‖.
 *
 * Source: Dembo, Eisenstat and Steihaug 1982.
 */
export class TruncatedNewton {
  private readonly vectors: PlainVectors;
  private readonly descent: Float64Array;

  constructor(
    private readonly n: number,
    private readonly forcing: number,
  ) {
    this.vectors = new PlainVectors(n);
    this.descent = new Float64Array(n);
  }

  /** Writes p, and answers how the solve ended; its direction holds until the next. */
  solve(
    operator: VectorOperator,
    gradient: Float64Array,
    p: Float64Array,
    { radius = Number.POSITIVE_INFINITY, leastCurvature = 0 }: EarlyEnd,
  ): Pick<LastStep<Float64Array>, 'kind' | 'iterations' | 'direction' | 'curvature'> {
    const { n, vectors, descent: b } = this;
    for (let i = 0; i < n; i++) b[i] = -gradient[i];
    const tolerance = Math.min(this.forcing, Math.sqrt(norm(gradient)));
    const maxIterations = 2 * n + 10;
    const found = conjugateGradientSteps(vectors, {
      operator,
      b,
      tolerance,
      maxIterations,
      radius,
      leastCurvature,
    });
    p.set(found.x);
    vectors.release(found.x);
    if (found.direction !== undefined) vectors.release(found.direction);
    return found;
  }
}
