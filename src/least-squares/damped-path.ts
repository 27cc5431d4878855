import type { PathModel } from '../curvature/path-model.js';
import { qr, upperFactor } from '../linalg/qr.js';
import { dot, matrixVector } from '../linalg/vector.js';

/**
 * The damped Hessian JᵀJ + δD² of least squares as a path and a subspace ask for it, by J itself: JᵀJ is not formed.
 *
 * J is row-major m×n; D is diagonal.
 */
export class DampedPath implements PathModel {
  private readonly d: Float64Array;
  private readonly far: Float64Array;
  /** Jd and Jz. */
  private readonly along: Float64Array;
  private readonly moved: Float64Array;
  private readonly rows: Float64Array;

  constructor(
    private readonly jacobian: Float64Array,
    private readonly n: number,
    private readonly delta: number,
    private readonly scale: Float64Array,
  ) {
    const m = jacobian.length / n;
    this.d = new Float64Array(n);
    this.far = new Float64Array(n);
    this.along = new Float64Array(m);
    this.moved = new Float64Array(m);
    this.rows = new Float64Array(m);
  }

  begin(d: Float64Array): void {
    this.d.set(d);
    this.far.fill(0);
    matrixVector(this.jacobian, d, this.along);
    this.moved.fill(0);
  }

  advance(step: number): void {
    for (let i = 0; i < this.moved.length; i++) this.moved[i] += step * this.along[i];
    for (let j = 0; j < this.n; j++) this.far[j] += step * this.d[j];
  }

  drop(j: number, dj: number): void {
    const { n, d, along, jacobian } = this;
    d[j] = 0;
    for (let i = 0; i < along.length; i++) along[i] -= dj * jacobian[i * n + j];
  }

  curvature(): number {
    return dot(this.along, this.along) + this.damped(this.d, this.d);
  }

  turn(): number {
    return dot(this.along, this.moved) + this.damped(this.d, this.far);
  }

  product(z: Float64Array, into: Float64Array): void {
    const { n, delta, jacobian, scale, rows } = this;
    matrixVector(jacobian, z, rows);
    for (let j = 0; j < n; j++) into[j] = delta * scale[j] * scale[j] * z[j];
    for (let i = 0, k = 0; i < rows.length; i++)
      for (let j = 0; j < n; j++, k++) into[j] += jacobian[k] * rows[i];
  }

  /** By R of the chosen columns over √δD: RᵀR·into = right, in two triangular solves. */
  subspace(free: Int32Array, right: Float64Array, into: Float64Array): boolean {
    const { n, delta, jacobian, scale, rows } = this;
    const k = free.length;
    const m = rows.length;
    const root = Math.sqrt(delta);
    const stacked = new Float64Array((m + k) * k);
    for (let i = 0; i < m; i++) for (let f = 0; f < k; f++) stacked[i * k + f] = jacobian[i * n + free[f]];
    for (let f = 0; f < k; f++) stacked[(m + f) * k + f] = root * scale[free[f]];
    const factored = qr(stacked, m + k, k, { pivoting: false });
    if (factored.kind !== 'factored' || factored.rank < k) return false;
    const r = upperFactor(factored);
    for (let f = 0; f < k; f++) {
      let sum = right[f];
      for (let l = 0; l < f; l++) sum -= r[l * k + f] * into[l];
      into[f] = sum / r[f * k + f];
    }
    for (let f = k - 1; f >= 0; f--) {
      let sum = into[f];
      for (let l = f + 1; l < k; l++) sum -= r[f * k + l] * into[l];
      into[f] = sum / r[f * k + f];
    }
    return true;
  }

  private damped(one: Float64Array, other: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < this.n; j++) sum += this.scale[j] * one[j] * this.scale[j] * other[j];
    return this.delta * sum;
  }
}
