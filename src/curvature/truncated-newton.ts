import { dot, norm } from '../linalg/vector.js';
import { conjugateGradientSteps, type LastStep } from './conjugate-gradient-steps.js';
import { PlainVectors } from './plain-vectors.js';
import type { VectorOperator } from './vector-operator.js';

/** When to leave Newton's equations: before ‖p‖ ≥ `radius`, and at a direction with dᵀHd ≤ `leastCurvature`·dᵀd. */
export interface EarlyEnd {
  readonly radius?: number;
  readonly leastCurvature?: number;
}

/** How the equations were solved. */
export interface TruncatedEnd extends Pick<LastStep<Float64Array>, 'kind' | 'direction' | 'curvature'> {
  readonly measures: TruncatedMeasures;
}

/** What is worth watching of a solve. */
export type TruncatedMeasures = {
  readonly iterations: number;
  /** ‖r‖/‖g‖. */
  readonly residual: number;
  /** dᵀHd/dᵀd of the direction of negative curvature that ended it; NaN where none was met. */
  readonly negativeCurvature: number;
};

/** In powers of the units of x and f. */
export const truncatedDimensions = { negativeCurvature: { x: -2, value: 1 } };

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
  ): TruncatedEnd {
    const { n, vectors, descent: b } = this;
    for (let i = 0; i < n; i++) b[i] = -gradient[i];
    const length = norm(gradient);
    const tolerance = Math.min(this.forcing, Math.sqrt(length));
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
    const { kind, direction, curvature, iterations, residualNorm } = found;
    const negative = kind === 'negativeCurvature' && direction !== undefined;
    const measures = {
      iterations,
      residual: residualNorm / length,
      negativeCurvature: negative ? curvature / dot(direction, direction) : Number.NaN,
    };
    if (direction !== undefined) vectors.release(direction);
    return { kind, direction, curvature, measures };
  }
}
