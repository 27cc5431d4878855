import { dampedTriangularSolve } from '../curvature/damped-least-squares.js';
import { pseudoinverse } from '../linalg/pseudoinverse.js';
import { applyQ, qr, qrSolve, upperFactor } from '../linalg/qr.js';
import { dot, matrixVector, norm } from '../linalg/vector.js';
import type { Outcome } from './outcome.js';
import { ResidualEvaluations, type ResidualIterate, residualGradient } from './residual-evaluations.js';
import type { Iteration } from './solver.js';

const sufficient = 1e-4;
const mostHalvings = 60;

/**
 * Gauss and Newton's steps: p = −J⁺r, or −(JᵀJ + λI)⁻¹Jᵀr, both by orthogonal factors of J.
 *
 * J of full rank by QR; a deficient one by its pseudoinverse, which gives the shortest of the solutions.
 */
export class GaussNewtonSteps implements Iteration {
  readonly measures = { stepLength: Number.NaN, rank: Number.NaN };
  private readonly p: Float64Array;

  constructor(
    private readonly evaluations: ResidualEvaluations,
    private readonly at: ResidualIterate,
    private readonly damping: number,
    private readonly stepLength: number | 'backtracking',
  ) {
    this.p = new Float64Array(evaluations.n);
  }

  advance(): Outcome | undefined {
    const { at, p, measures } = this;
    if (!this.solve()) return { kind: 'nonFinite', message: 'the Jacobian is not finite here' };
    if (norm(p) <= 4 * Number.EPSILON * norm(at.x))
      return { kind: 'converged', message: 'the step no longer changes x' };
    const slope = dot(at.gradient, p);
    let alpha = this.stepLength === 'backtracking' ? 1 : this.stepLength;
    for (let halving = 0; halving < mostHalvings; halving++, alpha /= 2) {
      const x = at.x.map((xi, i) => xi + alpha * p[i]);
      const residuals = new Float64Array(at.residuals.length);
      this.evaluations.residuals(x, residuals);
      const value = ResidualEvaluations.value(residuals);
      const falls = value <= at.value + sufficient * alpha * slope;
      if (Number.isFinite(value) && (falls || this.stepLength !== 'backtracking')) {
        measures.stepLength = alpha;
        at.x = x;
        at.residuals = residuals;
        at.value = value;
        this.evaluations.jacobian(at.x, at.jacobian);
        residualGradient(at.jacobian, at.residuals, at.gradient);
        return undefined;
      }
      if (this.stepLength !== 'backtracking') {
        return { kind: 'nonFinite', message: 'the sum of squares is not finite where the step leads' };
      }
      if (-alpha * slope <= 1e-9 * at.value && Math.abs(value - at.value) <= 1e-9 * at.value) {
        return {
          kind: 'converged',
          message: 'no step changes the sum of squares by more than its rounding error',
        };
      }
    }
    return {
      kind: 'lineSearchFailed',
      message: 'no step along −J⁺r decreases the sum of squares: use levenbergMarquardt',
    };
  }

  private solve(): boolean {
    const { at, p, damping } = this;
    const { m, n } = this.evaluations;
    const factored = qr(at.jacobian, m, n);
    if (factored.kind !== 'factored') return false;
    this.measures.rank = factored.rank;
    if (damping > 0) {
      const r = new Float64Array(n * n);
      r.set(upperFactor(factored));
      const right = new Float64Array(n);
      right.set(applyQ(factored, 'transposed', at.residuals).subarray(0, Math.min(m, n)));
      const z = new Float64Array(n);
      const diagonal = new Float64Array(n).fill(Math.sqrt(damping));
      dampedTriangularSolve(r, diagonal, right, z, new Float64Array(n * n + 2 * n));
      for (let k = 0; k < n; k++) p[factored.columns[k]] = z[k];
    } else if (factored.rank === n) qrSolve(factored, at.residuals, p);
    else {
      const inverted = pseudoinverse(at.jacobian, m, n);
      if (inverted.kind !== 'inverted') return false;
      matrixVector(inverted.inverse, at.residuals, p);
    }
    for (let i = 0; i < n; i++) p[i] = -p[i];
    return true;
  }
}
