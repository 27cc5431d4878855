import { dot } from '../linalg/vector.js';

/** The pairs that L-BFGS keeps in place of a matrix. */
export interface LimitedMemory {
  readonly count: number;
  /** Copies a pair in, whose curvature yᵀs ≠ 0 is the caller's to check; `gradient` is multiplied next. */
  push(s: Float64Array, y: Float64Array, curvature: number, gradient: Float64Array): void;
  forget(): void;
  /** γ = sᵀy/yᵀy of the newest pair: the size of the inverse Hessian along the last step; 1 without pairs. */
  scaling(): number;
  /** into ← Hv, with H₀ = gamma·I. */
  multiply(v: Float64Array, gamma: number, into: Float64Array): void;
}

/**
 * The last m pairs (s, y) of steps and gradient changes, and the product of the inverse Hessian they imply with
 * a vector: the two-loop recursion, for H₀ = γI.
 *
 * A ring: the newest pair replaces the oldest once m are held. 2mn numbers, and nothing is allocated later.
 * Source: Nocedal 1980; Nocedal and Wright 2006, algorithm 7.4.
 */
export class SecantPairs implements LimitedMemory {
  private readonly s: Float64Array[];
  private readonly y: Float64Array[];
  private readonly rho: Float64Array;
  private readonly alpha: Float64Array;
  private newest = -1;
  private held = 0;

  constructor(
    n: number,
    readonly memory: number,
  ) {
    this.s = Array.from({ length: memory }, () => new Float64Array(n));
    this.y = Array.from({ length: memory }, () => new Float64Array(n));
    this.rho = new Float64Array(memory);
    this.alpha = new Float64Array(memory);
  }

  get count(): number {
    return this.held;
  }

  push(s: Float64Array, y: Float64Array, curvature = dot(s, y)): void {
    this.newest = (this.newest + 1) % this.memory;
    this.held = Math.min(this.held + 1, this.memory);
    this.s[this.newest].set(s);
    this.y[this.newest].set(y);
    this.rho[this.newest] = 1 / curvature;
  }

  forget(): void {
    this.held = 0;
  }

  scaling(): number {
    if (this.held === 0) return 1;
    const y = this.y[this.newest];
    return 1 / (this.rho[this.newest] * dot(y, y));
  }

  multiply(v: Float64Array, gamma: number, q: Float64Array): void {
    q.set(v);
    const { s, y, rho, alpha, memory, held, newest } = this;
    const n = q.length;
    for (let k = 0; k < held; k++) {
      const i = (newest - k + memory) % memory; // newest first
      const a = rho[i] * dot(s[i], q);
      alpha[i] = a;
      const yi = y[i];
      for (let j = 0; j < n; j++) q[j] -= a * yi[j];
    }
    for (let j = 0; j < n; j++) q[j] *= gamma;
    for (let k = held - 1; k >= 0; k--) {
      const i = (newest - k + memory) % memory; // oldest first
      const b = alpha[i] - rho[i] * dot(y[i], q);
      const si = s[i];
      for (let j = 0; j < n; j++) q[j] += b * si[j];
    }
  }
}
