import { pseudoinverse } from '../linalg/pseudoinverse.js';
import { applyQ, type QrWorkspace, qr, qrSolve, qrWorkspace, upperFactor } from '../linalg/qr.js';
import { dot, matrixVector, norm } from '../linalg/vector.js';
import type { Outcome } from '../objective/outcome.js';
import {
  ResidualEvaluations,
  type ResidualIterate,
  residualGradient,
  valueRounding,
} from '../objective/residual-evaluations.js';
import type { Iteration } from '../objective/solver.js';
import { dampedTriangularSolve } from './damped-least-squares.js';
import { atPrecision, stepVanished, vanishes } from './ends.js';
import { lastLook } from './last-look.js';

const sufficient = 1e-4;
const mostHalvings = 60;

/**
 * Gauss and Newton's steps: p = −J⁺r, or −(JᵀJ + λI)⁻¹Jᵀr, both by orthogonal factors of J.
 *
 * J of full rank by QR; a deficient one by its pseudoinverse, which gives the shortest of the solutions. Where even
 * the full step promises less than the rounding error of ½‖r‖² the run goes on while ‖QQᵀr‖ falls, the part of the
 * residuals that a linear step can remove.
 */
export class GaussNewtonSteps implements Iteration {
  readonly measures = { stepLength: Number.NaN, rank: Number.NaN };
  private readonly p: Float64Array;
  private readonly workspace: QrWorkspace;
  private readonly trial: ResidualIterate;
  private removable = Number.NaN;
  /** ‖QQᵀr‖ where the last step was taken without a fall that shows. */
  private settledAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly evaluations: ResidualEvaluations,
    private readonly at: ResidualIterate,
    private readonly damping: number,
    private readonly stepLength: number | 'backtracking',
  ) {
    const { m, n } = evaluations;
    this.p = new Float64Array(n);
    this.workspace = qrWorkspace(m, n);
    this.trial = {
      x: new Float64Array(n),
      residuals: new Float64Array(m),
      jacobian: new Float64Array(m * n),
      value: Number.NaN,
      gradient: new Float64Array(n),
    };
  }

  advance(): Outcome | undefined {
    const { at, trial, p } = this;
    if (!this.solve(this.damping)) return notFinite;
    if (vanishes(p, at.x)) return this.damping > 0 || this.deficient ? this.end() : stepVanished;
    const rounding = valueRounding(at);
    const settled = this.removable ** 2 / 2 <= rounding;
    if (settled && !(this.removable < this.settledAt)) return this.deficient ? this.end() : atPrecision;
    this.settledAt = settled ? this.removable : Number.POSITIVE_INFINITY;
    const slope = dot(at.gradient, p);
    const fixed = this.stepLength !== 'backtracking';
    let alpha = this.stepLength === 'backtracking' ? 1 : this.stepLength;
    for (let halving = 0; halving < mostHalvings; halving++, alpha /= 2) {
      // So short a step that rounding decides.
      if (halving > 0 && (vanishes(p, at.x, alpha) || -alpha * slope <= rounding)) break;
      for (let j = 0; j < p.length; j++) trial.x[j] = at.x[j] + alpha * p[j];
      this.evaluations.residuals(trial.x, trial.residuals);
      trial.value = ResidualEvaluations.value(trial.residuals);
      const falls =
        (trial.value < at.value && trial.value <= at.value + sufficient * alpha * slope) ||
        (settled && Math.abs(trial.value - at.value) <= rounding);
      if (Number.isFinite(trial.value) && (falls || fixed)) {
        this.evaluations.jacobian(trial.x, trial.residuals, trial.jacobian);
        if (trial.jacobian.every(Number.isFinite)) {
          this.measures.stepLength = alpha;
          this.accept();
          return undefined;
        }
      }
      if (fixed) {
        return {
          kind: 'nonFinite',
          message: 'the residuals or their Jacobian are not finite where the step leads',
        };
      }
    }
    return settled && !this.deficient ? atPrecision : this.end();
  }

  /** A variable in a large unit looks like one that nothing depends on: the step leaves it as it is. */
  private get deficient(): boolean {
    return this.measures.rank < this.evaluations.n;
  }

  /** The end of the run, unless a step that no damping has shortened lowers the value after all. */
  private end(): Outcome | undefined {
    const { at, trial, p, measures } = this;
    if (!this.solve(0)) return notFinite;
    if (vanishes(p, at.x) && !this.deficient) return stepVanished;
    const seen = lastLook(this.evaluations, at, trial, p, this.removable ** 2 / 2);
    if (seen !== 'lowered') return seen === 'noise' ? atPrecision : noDecrease;
    measures.stepLength = Number.NaN;
    this.accept();
    return undefined;
  }

  private accept(): void {
    const { at, trial } = this;
    residualGradient(trial.jacobian, trial.residuals, trial.gradient);
    const left = { ...at };
    Object.assign(at, trial);
    Object.assign(trial, left);
  }

  private solve(damping: number): boolean {
    const { at, p, workspace } = this;
    const { m, n } = this.evaluations;
    const factored = qr(at.jacobian, m, n, { into: workspace });
    if (factored.kind !== 'factored') return false;
    const { rank } = factored;
    this.measures.rank = rank;
    const rotated = applyQ(factored, 'transposed', at.residuals);
    this.removable = norm(rotated.subarray(0, rank));
    if (damping > 0) {
      const r = new Float64Array(n * n);
      r.set(upperFactor(factored));
      const right = new Float64Array(n);
      right.set(rotated.subarray(0, Math.min(m, n)));
      const z = new Float64Array(n);
      const diagonal = new Float64Array(n).fill(Math.sqrt(damping));
      dampedTriangularSolve(r, diagonal, right, z, new Float64Array(n * n + 2 * n));
      for (let k = 0; k < n; k++) p[factored.columns[k]] = z[k];
    } else if (rank === n) qrSolve(factored, at.residuals, p);
    else {
      const inverted = pseudoinverse(at.jacobian, m, n);
      if (inverted.kind !== 'inverted') return false;
      matrixVector(inverted.inverse, at.residuals, p);
    }
    for (let i = 0; i < n; i++) p[i] = -p[i];
    return true;
  }
}

const notFinite: Outcome = { kind: 'nonFinite', message: 'the Jacobian is not finite here' };
const noDecrease: Outcome = {
  kind: 'lineSearchFailed',
  message: 'no step along −J⁺r decreases the sum of squares: use levenbergMarquardt',
};
