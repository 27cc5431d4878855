import { choleskySolve } from '../linalg/cholesky.js';
import { modifiedCholesky } from '../linalg/modified-cholesky.js';
import { dot, matrixVector } from '../linalg/vector.js';
import type { PathModel } from './path-model.js';

/**
 * A dense symmetric Hessian H as a path and a subspace ask for it: B = H + E along the path, positive definite, and the
 * chosen rows and columns of H, made so by themselves, in the subspace; where they are, its step is Newton's.
 */
export class DensePath implements PathModel {
  private readonly d: Float64Array;
  /** Bd, and Bz. */
  private readonly along: Float64Array;
  private readonly moved: Float64Array;

  /** @param hessian H, n×n, row-major; `added` is the diagonal of E. Both are read when asked. */
  constructor(
    private readonly n: number,
    private readonly hessian: Float64Array,
    private readonly added: Float64Array,
  ) {
    this.d = new Float64Array(n);
    this.along = new Float64Array(n);
    this.moved = new Float64Array(n);
  }

  begin(d: Float64Array): void {
    this.d.set(d);
    matrixVector(this.hessian, d, this.along);
    for (let i = 0; i < this.n; i++) this.along[i] += this.added[i] * d[i];
    this.moved.fill(0);
  }

  advance(step: number): void {
    for (let i = 0; i < this.n; i++) this.moved[i] += step * this.along[i];
  }

  drop(i: number, di: number): void {
    const { n, d, along, hessian } = this;
    d[i] = 0;
    for (let j = 0; j < n; j++) along[j] -= di * hessian[j * n + i];
  }

  curvature(): number {
    return dot(this.d, this.along);
  }

  turn(): number {
    return dot(this.d, this.moved);
  }

  product(z: Float64Array, into: Float64Array): void {
    matrixVector(this.hessian, z, into);
  }

  subspace(free: Int32Array, right: Float64Array, into: Float64Array): boolean {
    const { n, hessian } = this;
    const k = free.length;
    const inner = new Float64Array(k * k);
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) inner[i * k + j] = hessian[free[i] * n + free[j]];
    const factored = modifiedCholesky(inner, k);
    if (factored.kind !== 'factored') return false;
    choleskySolve({ kind: 'factored', n: k, factor: factored.factor }, right, into);
    return true;
  }
}
