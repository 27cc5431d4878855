import type { VectorOperator } from '../curvature/vector-operator.js';
import { dot } from '../linalg/vector.js';
import type { MeasureDescription, Readings } from '../objective/measure.js';
import type { Dimension } from '../objective/solver.js';

/** m(p) = gᵀp + ½pᵀHp, the model of f(x + p) − f(x) that trust regions minimize. */
export interface QuadraticModel {
  readonly gradient: Float64Array;
  /** H, symmetric; it has a dense form. */
  readonly hessian: VectorOperator & { dense(): Float64Array };
}

/** m(p), which is negative for a step worth taking. `work` [n] is overwritten. */
export function modelValue(
  { gradient, hessian }: QuadraticModel,
  p: Float64Array,
  work: Float64Array,
): number {
  hessian.multiply(p, work);
  return dot(gradient, p) + dot(p, work) / 2;
}

/** A way to minimize the model within a radius. */
export interface Subproblem {
  readonly name: string;
  /** What its solves measure, and in which units. */
  readonly measures?: readonly MeasureDescription[];
  readonly dimensions?: Readonly<Record<string, Dimension>>;
  start(n: number): SubproblemRule;
}

export interface SubproblemRule {
  /** Writes p with ‖p‖ ≤ Δ(1 + tolerance); the model falls at least as far as at Cauchy's point. */
  solve(model: QuadraticModel, radius: number, into: Float64Array): SubproblemEnd;
}

export interface SubproblemEnd {
  /** λ of (H + λI)p = −g, where the subproblem is solved exactly; else NaN. */
  readonly multiplier: number;
  readonly onBoundary: boolean;
  /** Whether a direction with pᵀHp ≤ 0 was met. */
  readonly negativeCurvature: boolean;
  readonly measures?: Readings;
}

/** The τ ≥ 0 at which ‖p + τd‖ = Δ, by the root that does not cancel. */
export function toBoundary(p: Float64Array, d: Float64Array, radius: number): number {
  const a = dot(d, d);
  const b = dot(p, d);
  const c = dot(p, p) - radius * radius;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return b > 0 ? -c / (b + root) : (root - b) / a;
}
