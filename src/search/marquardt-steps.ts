import { dampedTriangularSolve } from '../curvature/damped-least-squares.js';
import { applyQ, type QrWorkspace, qr, qrWorkspace } from '../linalg/qr.js';
import { norm } from '../linalg/vector.js';
import { GainRatioDamping } from './damping.js';
import type { Outcome } from './outcome.js';
import { ResidualEvaluations, type ResidualIterate, residualGradient } from './residual-evaluations.js';
import type { Iteration } from './solver.js';

/**
 * What δ multiplies: 'identity' (Levenberg), 'diagonal' the squared column norms of J, which makes steps
 * independent of units (Marquardt), 'largest' their maximum over the run (Moré, MINPACK).
 */
export type ResidualScale = 'identity' | 'diagonal' | 'largest';

const mostRejections = 100;
/** A trial is accepted when its gain ratio exceeds this. */
const acceptance = 1e-4;
/** Where the value changes by less than this fraction, the gradient decides: it has more digits left. */
const flatness = 1e-9;
/** Steps shorter than this fraction of x end the run: x no longer changes. */
const shortest = 4 * Number.EPSILON;

/**
 * Levenberg and Marquardt's steps: p minimizes ‖Jp + r‖² + δ‖Dp‖², accepted where ½‖r‖² falls, else discarded
 * and δ raised until it does.
 *
 * J = QR with pivoting once an iterate; each trial then costs Givens rotations of √δD into R. The normal
 * equations, whose condition is squared, are never formed.
 * Source: Moré 1978; Nielsen 1999 (the rule for δ).
 */
export class MarquardtSteps implements Iteration {
  readonly measures = {
    damping: 0,
    gainRatio: Number.NaN,
    predictedDecrease: Number.NaN,
    actualDecrease: Number.NaN,
    rejections: 0,
  };
  private readonly damping: GainRatioDamping;
  private readonly workspace: QrWorkspace;
  /** D, the scale of each variable. */
  private readonly scale: Float64Array;
  /** R of the pivoted Jacobian, n×n; column k is column columns[k] of J. */
  private readonly r: Float64Array;
  private readonly right: Float64Array;
  private readonly rotated: Float64Array;
  private readonly diagonal: Float64Array;
  private readonly z: Float64Array;
  private readonly p: Float64Array;
  private readonly work: Float64Array;
  /** Where the last trial stands; swapped with the iterate when it is accepted. */
  private readonly trial: ResidualIterate;

  constructor(
    private readonly evaluations: ResidualEvaluations,
    private readonly at: ResidualIterate,
    initial: number,
    private readonly scaling: ResidualScale,
  ) {
    const { m, n } = evaluations;
    this.workspace = qrWorkspace(m, n);
    this.scale = new Float64Array(n).fill(scaling === 'identity' ? 1 : 0);
    this.r = new Float64Array(n * n);
    this.right = new Float64Array(n);
    this.rotated = new Float64Array(m);
    this.diagonal = new Float64Array(n);
    this.z = new Float64Array(n);
    this.p = new Float64Array(n);
    this.work = new Float64Array(n * n + 2 * n);
    this.trial = {
      x: new Float64Array(n),
      residuals: new Float64Array(m),
      jacobian: new Float64Array(m * n),
      value: Number.NaN,
      gradient: new Float64Array(n),
    };
    const largestSquare = this.rescale();
    this.damping = new GainRatioDamping(initial * (scaling === 'identity' ? largestSquare : 1));
  }

  advance(): Outcome | undefined {
    const { at, trial, damping, measures, p } = this;
    if (!this.factor()) return { kind: 'nonFinite', message: 'the Jacobian is not finite here' };
    for (let rejections = 0; rejections < mostRejections; rejections++) {
      const predicted = this.solve();
      measures.damping = damping.value;
      measures.rejections = rejections;
      for (let j = 0; j < p.length; j++) trial.x[j] = at.x[j] + p[j];
      if (norm(p) <= shortest * norm(at.x)) return stepVanished;
      this.evaluations.residuals(trial.x, trial.residuals);
      trial.value = ResidualEvaluations.value(trial.residuals);
      const actual = at.value - trial.value;
      // Residuals are differences of larger numbers, so the last digits of their squares say nothing.
      const noise = flatness * at.value;
      const ratio = Number.isFinite(trial.value) ? actual / predicted : Number.NEGATIVE_INFINITY;
      const flat = ratio <= acceptance && predicted <= noise && Math.abs(actual) <= noise;
      measures.gainRatio = ratio;
      measures.predictedDecrease = predicted;
      measures.actualDecrease = actual;
      if (ratio > acceptance || flat) {
        this.evaluations.jacobian(trial.x, trial.jacobian);
        residualGradient(trial.jacobian, trial.residuals, trial.gradient);
        if (flat && !(this.steepness(trial.gradient) < this.steepness(at.gradient) / 2)) return atPrecision;
        this.accept();
        damping.accepted(flat ? 1 : ratio);
        return undefined;
      }
      damping.rejected();
      if (!Number.isFinite(damping.value)) break;
    }
    return {
      kind: 'lineSearchFailed',
      message: 'no damped step decreases the sum of squares: is the Jacobian right? gradientCheck tells',
    };
  }

  /** J = QRPᵀ and −Qᵀr, once an iterate; false where J is not finite. */
  private factor(): boolean {
    const { at, r, right, rotated, workspace } = this;
    const { m, n } = this.evaluations;
    const factored = qr(at.jacobian, m, n, { into: workspace });
    if (factored.kind !== 'factored') return false;
    r.fill(0);
    const rows = Math.min(m, n);
    for (let i = 0; i < rows; i++) for (let j = i; j < n; j++) r[i * n + j] = factored.factors[i * n + j];
    applyQ(factored, 'transposed', at.residuals, 1, rotated);
    right.fill(0);
    for (let i = 0; i < rows; i++) right[i] = -rotated[i];
    return true;
  }

  /** Writes p; answers the predicted decrease ½‖Jp‖² + δ‖Dp‖², which cannot cancel. */
  private solve(): number {
    const { r, right, diagonal, scale, z, p, work } = this;
    const { columns } = this.workspace;
    const n = p.length;
    const root = Math.sqrt(this.damping.value);
    for (let k = 0; k < n; k++) diagonal[k] = root * scale[columns[k]];
    dampedTriangularSolve(r, diagonal, right, z, work);
    let model = 0;
    let damped = 0;
    for (let i = 0; i < n; i++) {
      let product = 0;
      for (let j = i; j < n; j++) product += r[i * n + j] * z[j];
      model += product * product;
      damped += (diagonal[i] * z[i]) ** 2;
      p[columns[i]] = z[i];
    }
    return model / 2 + damped;
  }

  /** ‖D⁻¹g‖, in the units of the residuals. */
  private steepness(gradient: Float64Array): number {
    let total = 0;
    for (let j = 0; j < gradient.length; j++) total += (gradient[j] / this.scale[j]) ** 2;
    return Math.sqrt(total);
  }

  private accept(): void {
    const { at, trial } = this;
    const left = { ...at };
    Object.assign(at, trial);
    Object.assign(trial, left);
    this.rescale();
  }

  /** Brings D to the Jacobian, a vanishing column counting as 1; answers the largest squared column norm. */
  private rescale(): number {
    const { scale, scaling } = this;
    const { jacobian } = this.at;
    const n = scale.length;
    let most = 0;
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let i = j; i < jacobian.length; i += n) square += jacobian[i] * jacobian[i];
      most = Math.max(most, square);
      if (scaling === 'identity') continue;
      const length = square === 0 ? 1 : Math.sqrt(square);
      scale[j] = scaling === 'largest' && square > 0 ? Math.max(scale[j], length) : length;
    }
    return most || 1;
  }
}

const stepVanished: Outcome = { kind: 'converged', message: 'the step no longer changes x' };
const atPrecision: Outcome = {
  kind: 'converged',
  message: 'no step changes the sum of squares by more than its rounding error',
};
