import type { Iterate } from '../objective/iterate.js';
import type { Outcome, UnivariateFailure } from '../objective/outcome.js';
import { lengthAt } from '../objective/own-units.js';

/** A step longer than the one before it this many times running, the slope not falling, is called overshoot. */
const longerSteps = 3;
/** Two points closer than this fraction of the step between them are one. */
const samePoint = 1e-9;
const smallestCurvature = 1e-12;

/** Watches the iterates of a method for f′ = 0 in one variable, and names the way it fails. */
export class UnivariateWatch {
  private before = Number.NaN; // the point before the last one
  private lastStep = Number.POSITIVE_INFINITY;
  private longer = 0;

  /** Judges the curvature f″(x), or its secant estimate, that the next step would divide by. */
  curvature(curvature: number, at: Iterate): Outcome | undefined {
    const [[x], [slope]] = [at.x, at.gradient];
    // The step −f′/f″ must not leave the numbers near x behind.
    const length = lengthAt(at);
    const reach = Math.max(
      length < Number.POSITIVE_INFINITY ? length : Math.abs(x),
      Number.isFinite(this.lastStep) ? this.lastStep : 0,
    );
    if (
      Math.abs(curvature) * reach <= smallestCurvature * Math.abs(slope) &&
      !(reach === 0 && curvature !== 0)
    ) {
      return failed('vanishingCurvature', 'singular', x, 'f″ is too small to divide by');
    }
    if (curvature < 0)
      return failed('negativeCurvature', 'diverged', x, 'f″ < 0, so the step leads to a maximum');
    return undefined;
  }

  /** Judges a step from x to `next`, with the slopes there. */
  step(x: number, next: number, slope: number, nextSlope: number): Outcome | undefined {
    const length = Math.abs(next - x);
    const returned = Math.abs(next - this.before) <= samePoint * length;
    this.longer =
      length > this.lastStep && Math.abs(nextSlope) >= Math.abs(slope) * (1 - 1e-3) ? this.longer + 1 : 0;
    this.before = x;
    this.lastStep = length;
    if (returned && length > 0) return failed('oscillation', 'diverged', next, 'the iterates go to and fro');
    if (this.longer >= longerSteps)
      return failed('overshoot', 'diverged', next, 'each step is longer than the last');
    return undefined;
  }
}

const advice: Readonly<Record<UnivariateFailure, string>> = {
  oscillation: 'shorten the step or use the guarded form',
  overshoot: 'start nearer, shorten the step or use the guarded form',
  negativeCurvature: 'start where f is convex, or use the guarded form',
  vanishingCurvature: 'start elsewhere, or use the guarded form',
};

function failed(failure: UnivariateFailure, kind: 'singular' | 'diverged', x: number, what: string): Outcome {
  return { kind, failure, message: `${what} at x = ${x.toPrecision(6)}: ${advice[failure]}` };
}
