/** What a residual costs: its square, or less the larger it is. */
export type RobustLoss = 'squares' | 'softL1' | 'huber' | 'cauchy' | 'arctan';

/** ρ(z)/z and ρ′(z) of z = (r/scale)², both 1 at z = 0. */
interface Shape {
  share(z: number): number;
  derivative(z: number): number;
}

/**
 * ρ(z) is 2(√(1 + z) − 1) for softL1; z up to 1 and 2√z − 1 beyond for huber; ln(1 + z) for cauchy; arctan z for arctan.
 *
 * Source: Huber 1964; Triggs et al. 2000; the table is SciPy's.
 */
const shapes: Readonly<Record<RobustLoss, Shape>> = {
  squares: { share: () => 1, derivative: () => 1 },
  softL1: {
    share: (z) => 2 / (Math.sqrt(1 + z) + 1),
    derivative: (z) => 1 / Math.sqrt(1 + z),
  },
  huber: {
    share: (z) => (z <= 1 ? 1 : (2 * Math.sqrt(z) - 1) / z),
    derivative: (z) => (z <= 1 ? 1 : 1 / Math.sqrt(z)),
  },
  cauchy: {
    share: (z) => (z === 0 ? 1 : Math.log1p(z) / z),
    derivative: (z) => 1 / (1 + z),
  },
  arctan: {
    share: (z) => (z === 0 ? 1 : Math.atan(z) / z),
    derivative: (z) => 1 / (1 + z * z),
  },
};

export const robustLosses = Object.keys(shapes) as readonly RobustLoss[];

/**
 * Residuals as a solver sees them that minimizes ½Σ c²ρ((rᵢ/cσᵢ)²): rᵢ/σᵢ·√(ρ(z)/z), whose squares make that sum.
 *
 * Their derivative by rᵢ is ρ′(z)/√(ρ(z)/z)/σᵢ, so that Jᵀr is the sum's own gradient, and JᵀJ is never indefinite.
 */
export class Weighing {
  private readonly shape: Shape;

  /**
   * @param sigma σ, the standard deviation of each residual, or one for all
   * @param scale c, the size from which on a residual over its σ counts as an outlier
   */
  constructor(
    private readonly sigma: number | Float64Array,
    loss: RobustLoss,
    private readonly scale: number,
  ) {
    this.shape = shapes[loss];
  }

  residuals(r: Float64Array): void {
    const { sigma, shape, scale } = this;
    for (let i = 0; i < r.length; i++) {
      const weighted = r[i] / (typeof sigma === 'number' ? sigma : sigma[i]);
      r[i] = weighted * Math.sqrt(shape.share((weighted / scale) ** 2));
    }
  }

  /** Weighs ∂rᵢ/∂xⱼ, row-major; `r` holds the residuals as they are there. */
  jacobian(jacobian: Float64Array, r: Float64Array): void {
    const { sigma, shape, scale } = this;
    const n = jacobian.length / r.length;
    for (let i = 0, k = 0; i < r.length; i++) {
      const deviation = typeof sigma === 'number' ? sigma : sigma[i];
      const z = (r[i] / deviation / scale) ** 2;
      const slope = shape.derivative(z) / Math.sqrt(shape.share(z)) / deviation;
      for (let j = 0; j < n; j++, k++) jacobian[k] *= slope;
    }
  }
}
