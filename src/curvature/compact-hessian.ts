import { type LuWorkspace, lu, luSolve, luWorkspace } from '../linalg/lu.js';
import { dot } from '../linalg/vector.js';
import type { PathModel } from './path-model.js';

/**
 * The Hessian that the last m pairs (s, y) of L-BFGS imply, B = θI − WMWᵀ with W = [Y θS], row by row: what a path that
 * bends at bounds asks of it, and a subspace.
 *
 * M⁻¹ = [−D Lᵀ; L θSᵀS] with D the diagonal of SᵀY and L what of it lies below. The pairs are kept divided by √(sᵀy),
 * which changes B in nothing and makes D = I. 2mn numbers.
 * Source: Byrd, Nocedal and Schnabel 1994, theorem 2.3; Byrd, Lu, Nocedal and Zhu 1995, sections 3 to 5.
 */
export class CompactHessian implements PathModel {
  private theta = 1;
  /** The scaled pairs, the oldest first. */
  private readonly s: Float64Array[] = [];
  private readonly y: Float64Array[] = [];
  /** M⁻¹, 2k×2k for k pairs, and its factors. */
  private inverseM = new Float64Array(0);
  private factors: LuWorkspace = luWorkspace(0);
  /** Wᵀd and Wᵀz of the path's direction and of where it has come to. */
  private along = new Float64Array(0);
  private moved = new Float64Array(0);
  /** dᵀd, and how far along each of the components of d that are left the path has come. */
  private squares = 0;
  private far = 0;

  constructor(
    private readonly n: number,
    private readonly memory: number,
  ) {}

  push(s: Float64Array, y: Float64Array, curvature: number): void {
    const scale = 1 / Math.sqrt(curvature);
    const full = this.s.length === this.memory;
    // A full memory gives the arrays of its oldest pair.
    const [kept, change] = full ? [this.s.shift()!, this.y.shift()!] : [s.slice(), y.slice()];
    for (let i = 0; i < this.n; i++) {
      kept[i] = s[i] * scale;
      change[i] = y[i] * scale;
    }
    this.s.push(kept);
    this.y.push(change);
  }

  forget(): void {
    this.s.length = this.y.length = 0;
  }

  /** Brings M to the pairs held; false where it is singular. `theta` is the curvature of what they do not reach. */
  refresh(theta: number): boolean {
    const { s, y } = this;
    const k = s.length;
    this.theta = theta;
    if (this.along.length !== 2 * k) {
      this.inverseM = new Float64Array(4 * k * k);
      this.factors = luWorkspace(2 * k);
      this.along = new Float64Array(2 * k);
      this.moved = new Float64Array(2 * k);
    }
    const { inverseM } = this;
    inverseM.fill(0);
    for (let i = 0; i < k; i++) {
      inverseM[i * 2 * k + i] = -1;
      for (let j = 0; j <= i; j++) {
        const below = (k + i) * 2 * k;
        inverseM[below + k + j] = inverseM[(k + j) * 2 * k + k + i] = theta * dot(s[i], s[j]);
        if (j < i) inverseM[below + j] = inverseM[j * 2 * k + k + i] = dot(s[i], y[j]);
      }
    }
    return k === 0 || lu(inverseM, 2 * k, this.factors).kind === 'factored';
  }

  begin(d: Float64Array): void {
    const { s, y, along, theta } = this;
    const k = s.length;
    for (let j = 0; j < k; j++) {
      along[j] = dot(y[j], d);
      along[k + j] = theta * dot(s[j], d);
    }
    this.moved.fill(0);
    this.squares = dot(d, d);
    this.far = 0;
  }

  advance(step: number): void {
    const { along, moved } = this;
    for (let j = 0; j < along.length; j++) moved[j] += step * along[j];
    this.far += step;
  }

  drop(i: number, di: number, squares: number): void {
    const { s, y, along, theta } = this;
    const k = s.length;
    for (let j = 0; j < k; j++) {
      along[j] -= di * y[j][i];
      along[k + j] -= di * theta * s[j][i];
    }
    this.squares = squares;
  }

  curvature(): number {
    return this.theta * this.squares - this.throughM(this.along, this.along);
  }

  turn(): number {
    return this.theta * this.far * this.squares - this.throughM(this.along, this.moved);
  }

  product(z: Float64Array, into: Float64Array): void {
    const { s, y, theta } = this;
    const k = s.length;
    const sums = new Float64Array(2 * k);
    for (let j = 0; j < k; j++) {
      sums[j] = dot(y[j], z);
      sums[k + j] = theta * dot(s[j], z);
    }
    const weights = this.solved(sums);
    for (let i = 0; i < this.n; i++) {
      let sum = theta * z[i];
      for (let j = 0; j < k; j++) sum -= weights[j] * y[j][i] + weights[k + j] * theta * s[j][i];
      into[i] = sum;
    }
  }

  /**
   * By the Sherman–Morrison–Woodbury formula on the chosen rows: B⁻¹ = I/θ + WK⁻¹Wᵀ/θ² with K = M⁻¹ − WᵀW/θ.
   */
  subspace(free: Int32Array, right: Float64Array, into: Float64Array): boolean {
    const { s, y, theta, inverseM } = this;
    const k = s.length;
    const order = 2 * k;
    const rows = new Float64Array(order * free.length);
    for (let j = 0; j < k; j++) {
      for (let f = 0; f < free.length; f++) {
        rows[j * free.length + f] = y[j][free[f]];
        rows[(k + j) * free.length + f] = theta * s[j][free[f]];
      }
    }
    const row = (j: number) => rows.subarray(j * free.length, (j + 1) * free.length);
    const inner = Float64Array.from(inverseM);
    const sums = new Float64Array(order);
    for (let i = 0; i < order; i++) {
      for (let j = 0; j <= i; j++) {
        const product = dot(row(i), row(j)) / theta;
        inner[i * order + j] -= product;
        if (j < i) inner[j * order + i] -= product;
      }
      sums[i] = dot(row(i), right);
    }
    if (order > 0) {
      const factored = lu(inner, order);
      if (factored.kind !== 'factored') return false;
      luSolve(factored, sums, sums);
    }
    for (let f = 0; f < free.length; f++) {
      let sum = 0;
      for (let j = 0; j < order; j++) sum += sums[j] * rows[j * free.length + f];
      into[f] = right[f] / theta + sum / theta / theta;
    }
    return true;
  }

  private throughM(left: Float64Array, right: Float64Array): number {
    return left.length === 0 ? 0 : dot(left, this.solved(right));
  }

  /** Mv. */
  private solved(v: Float64Array): Float64Array {
    if (v.length === 0) return v;
    return luSolve({ kind: 'factored', n: v.length, ...this.factors }, v);
  }
}
