import { dot } from '../linalg/vector.js';
import type { Box } from '../objective/bounds.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';

/**
 * The function along a direction, φ(α) = f(x + αp), with the last point tried.
 *
 * It holds two buffers: the trial point and its gradient, which `accept` swaps with the iterate's, so that an
 * iteration allocates nothing. In a box φ(α) = f(P(x + αp)), P the nearest point inside.
 */
export class Line {
  /** φ(0) and φ′(0) = gᵀp. */
  value0 = 0;
  slope0 = 0;
  /** The last point tried: α, φ(α), φ′(α). */
  alpha = 0;
  value = 0;
  slope = 0;
  x: Float64Array;
  gradient: Float64Array;
  private hasGradient = false;
  private origin!: Float64Array;
  private direction!: Float64Array;

  constructor(private readonly evaluations: Evaluations) {
    this.x = new Float64Array(evaluations.n);
    this.gradient = new Float64Array(evaluations.n);
  }

  /** Where the line may lead, if not everywhere. */
  get box(): Box | undefined {
    return this.evaluations.box;
  }

  begin(at: Iterate, direction: Float64Array): void {
    this.origin = at.x;
    this.direction = direction;
    this.value0 = at.value;
    this.alpha = 0;
    this.value = at.value;
    this.slope0 = this.slope = dot(at.gradient, direction);
  }

  /** Evaluates φ and φ′ at α; false where either is not finite. */
  tryStep(alpha: number): boolean {
    return this.tryValue(alpha) && this.completeGradient();
  }

  /** Evaluates φ at α alone; false where it is not finite. */
  tryValue(alpha: number): boolean {
    this.moveTo(alpha);
    this.tell();
    return this.evaluate();
  }

  /** The same without telling of a trial: to learn of f, not to step. */
  probe(alpha: number): boolean {
    this.moveTo(alpha);
    return this.evaluate();
  }

  /** Tells whoever observes that the point the line stands at is tried. */
  tell(): void {
    this.evaluations.observer?.trial?.(this.x);
  }

  private moveTo(alpha: number): void {
    const { x, origin, direction } = this;
    for (let i = 0; i < x.length; i++) x[i] = origin[i] + alpha * direction[i];
    this.alpha = alpha;
    this.hasGradient = false;
    this.box?.land(x, origin, direction, alpha);
  }

  /** φ′(α): what stands at a bound that the line has passed no longer moves. */
  private slopeHere(): number {
    const { x, gradient, origin, direction, alpha } = this;
    const { box } = this.evaluations;
    if (box === undefined || box.reach(origin, direction) * (1 + 4 * Number.EPSILON) >= alpha)
      return dot(gradient, direction);
    let slope = 0;
    for (let i = 0; i < x.length; i++) {
      const passed = Math.abs(alpha * direction[i]) > (1 + 4 * Number.EPSILON) * Math.abs(x[i] - origin[i]);
      if (!passed || (x[i] > box.lower[i] && x[i] < box.upper[i])) slope += gradient[i] * direction[i];
    }
    return slope;
  }

  private evaluate(): boolean {
    this.value = this.evaluations.value(this.x);
    this.slope = Number.NaN;
    return Number.isFinite(this.value);
  }

  /** Adds the gradient at the last point tried; false where it is not finite. */
  completeGradient(): boolean {
    if (!this.hasGradient) {
      this.evaluations.gradient(this.x, this.gradient);
      this.slope = this.slopeHere();
      this.hasGradient = true;
    }
    return Number.isFinite(this.slope);
  }

  /** Moves the iterate to the last point tried; the line's buffers then hold the point it left. */
  accept(at: Iterate): void {
    const { x, gradient } = at;
    at.x = this.x;
    at.gradient = this.gradient;
    at.value = this.value;
    this.x = x;
    this.gradient = gradient;
    this.hasGradient = false;
  }
}
