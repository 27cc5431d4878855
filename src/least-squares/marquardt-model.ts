import { applyQ, type Qr, type QrWorkspace, qr, qrWorkspace } from '../linalg/qr.js';
import { largest, norm } from '../linalg/vector.js';
import { powerOfTwo } from '../objective/own-units.js';
import type { ResidualIterate } from '../objective/residual-evaluations.js';
import { dampedTriangularSolve } from './damped-least-squares.js';

/**
 * What δ multiplies: 'identity' (Levenberg), 'start' the squares 1/xⱼ² of the start, 'diagonal' the squared column norms
 * of J (Marquardt), 'largest' their maximum over the run (Moré, MINPACK). With all but the first, steps do not depend
 * on the unit of any variable.
 */
export type ResidualScale = 'identity' | 'start' | 'diagonal' | 'largest';

/**
 * The damped linear model ‖Jp + r‖² + δ‖Dp‖² at one iterate, with its minimizers for any δ.
 *
 * JD⁻¹ = QRPᵀ with pivoting once an iterate; each δ then costs Givens rotations of √δI into R. The normal
 * equations, whose condition is squared, are never formed.
 * Source: Moré 1978.
 */
export class MarquardtModel {
  /** D, the scale of each variable; a column that never left 0 counts as 1. */
  readonly scale: Float64Array;
  /** D rounded down to powers of two, by which to multiply is exact. */
  get units(): Float64Array {
    return this.scale.map(powerOfTwo);
  }

  /** ‖Dp‖ of the last step. */
  length = 0;
  /** ‖QQᵀr‖, the part of the residuals that a linear step can remove. */
  removable = 0;
  /** The largest squared column norm of JD⁻¹, or 1, which it is where D is made of the column norms. */
  curvature = 1;
  /** What the variables whose D the start tells do to the residuals by their size; and those that are still without. */
  private reach = 0;
  private unmeasured: number[];
  private readonly workspace: QrWorkspace;
  private factored: Qr | undefined;
  /** R of the pivoted JD⁻¹, n×n; column k is column columns[k] of J. */
  private readonly r: Float64Array;
  private readonly right: Float64Array;
  private readonly bent: Float64Array;
  private readonly rotated: Float64Array;
  private readonly diagonal: Float64Array;
  private readonly z: Float64Array;
  private readonly lengths: Float64Array;
  private readonly work: Float64Array;

  constructor(
    private readonly m: number,
    private readonly n: number,
    private readonly scaling: ResidualScale,
  ) {
    this.unmeasured = Array.from({ length: n }, (_, j) => j);
    this.workspace = qrWorkspace(m, n);
    this.scale = new Float64Array(n);
    this.r = new Float64Array(n * n);
    this.right = new Float64Array(n);
    this.bent = new Float64Array(n);
    this.rotated = new Float64Array(m);
    this.diagonal = new Float64Array(n);
    this.z = new Float64Array(n);
    this.lengths = new Float64Array(n);
    this.work = new Float64Array(n * n + 2 * n);
  }

  /** Brings D, R and −Qᵀr to an iterate; false, with all left as it was, where the Jacobian is not finite. */
  refresh(at: ResidualIterate): boolean {
    const { m, n, scale, r, right, rotated, workspace } = this;
    if (!this.rescale(at)) return false;
    const { factors } = workspace;
    for (let i = 0, k = 0; i < m; i++)
      for (let j = 0; j < n; j++, k++) factors[k] = at.jacobian[k] / scale[j];
    const factored = qr(factors, m, n, { into: workspace });
    if (factored.kind !== 'factored')
      throw new Error('MarquardtModel: finite columns gave no finite factors');
    this.factored = factored;
    applyQ(factored, 'transposed', at.residuals, 1, rotated);
    r.fill(0);
    right.fill(0);
    const rows = Math.min(m, n);
    for (let k = 0; k < n; k++) {
      let square = 0;
      for (let i = 0; i <= Math.min(k, rows - 1); i++) {
        r[i * n + k] = factors[i * n + k];
        square += r[i * n + k] ** 2;
      }
      // A column that depends on those before it has nothing of its own to remove.
      if (k < rows && Math.abs(r[k * n + k]) > Math.max(m, n) * Number.EPSILON * Math.sqrt(square))
        right[k] = -rotated[k];
    }
    this.removable = norm(right);
    return true;
  }

  /** Writes the p that minimizes ‖Jp + r‖² + δ‖Dp‖²; answers the decrease ½‖Jp‖² + δ‖Dp‖², which cannot cancel. */
  step(delta: number, p: Float64Array): number {
    const { n, r, z } = this;
    this.solve(delta, this.right, p);
    let model = 0;
    let damped = 0;
    for (let i = 0; i < n; i++) {
      let product = 0;
      for (let j = i; j < n; j++) product += r[i * n + j] * z[j];
      model += product * product;
      damped += z[i] * z[i];
    }
    this.length = Math.sqrt(damped);
    return model / 2 + delta * damped;
  }

  /**
   * Writes the acceleration a after `step(delta, p)`, which minimizes ‖Ja + k‖² + δ‖Da‖² for the residuals'
   * second derivative along p, k = (2/h)((r(x + hp) − r(x))/h − Jp).
   *
   * `change` is r(x + hp) − r(x). Answers ‖Da‖/‖Dp‖, how far the path bends.
   * Source: Transtrum and Sethna 2012, arXiv:1201.5885, equations 15 and 20.
   */
  acceleration(delta: number, change: Float64Array, h: number, a: Float64Array): number {
    const { n, r, z, bent, rotated } = this;
    if (this.factored === undefined) return Number.NaN;
    applyQ(this.factored, 'transposed', change, 1, rotated);
    bent.fill(0);
    const rows = Math.min(this.m, n);
    for (let i = 0; i < rows; i++) {
      let product = 0;
      for (let j = i; j < n; j++) product += r[i * n + j] * z[j];
      bent[i] = (2 / h) * (product - rotated[i] / h);
    }
    this.solve(delta, bent, a);
    return norm(z) / this.length;
  }

  /** z ← the damped solution for a right-hand side, x ← D⁻¹Pz. */
  private solve(delta: number, right: Float64Array, x: Float64Array): void {
    const { r, diagonal, z, scale, work } = this;
    const { columns } = this.workspace;
    diagonal.fill(Math.sqrt(delta));
    dampedTriangularSolve(r, diagonal, right, z, work);
    for (let k = 0; k < z.length; k++) x[columns[k]] = z[k] / scale[columns[k]];
  }

  private rescale(at: ResidualIterate): boolean {
    const { jacobian } = at;
    const { n, scale, scaling, lengths } = this;
    lengths.fill(0);
    for (let i = 0, k = 0; i < this.m; i++) for (let j = 0; j < n; j++, k++) lengths[j] += jacobian[k] ** 2;
    const most = lengths.reduce((longest, square) => Math.max(longest, square), 0);
    if (!(most < Number.POSITIVE_INFINITY)) return false;
    for (let j = 0; j < n; j++) lengths[j] = Math.sqrt(lengths[j]);
    if (scaling === 'start') this.measure(at);
    else {
      for (let j = 0; j < n; j++) {
        const kept = scaling === 'largest' ? scale[j] : 0;
        scale[j] = scaling === 'identity' ? 1 : Math.max(lengths[j], kept) || 1;
      }
    }
    if (scaling === 'identity') this.curvature = most || 1;
    return true;
  }

  /**
   * D of the start, chosen once: 1/|xⱼ|. Of a variable at 0, or so near that a change by as much shows in no digit of
   * the residuals, its column tells the unit as soon as it is not 0: D makes that as long as the longest of the others,
   * or as the residuals.
   */
  private measure({ x, residuals }: ResidualIterate): void {
    const { scale, lengths } = this;
    const effects = lengths.map((length, j) => length * Math.abs(x[j]));
    const begins = this.reach === 0;
    if (begins) {
      const [reach, size] = [largest(effects), norm(residuals)];
      this.reach = (reach > Number.EPSILON * size ? reach : size) || 1;
    }
    this.unmeasured = this.unmeasured.filter((j) => {
      const isNought = effects[j] <= Number.EPSILON * this.reach;
      const told = isNought ? lengths[j] / this.reach : 1 / Math.abs(x[j]);
      scale[j] = told || 1;
      return told === 0;
    });
    if (begins) this.curvature = largest(lengths.map((length, j) => length / scale[j])) ** 2 || 1;
  }
}
