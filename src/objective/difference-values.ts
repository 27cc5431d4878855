import { norm } from '../linalg/vector.js';
import type { DifferenceLine } from './difference-line.js';
import type { Look } from './difference-look.js';
import { noiseLevels } from './noise.js';
import { isSinglePrecision, singleNoise } from './single-precision.js';

/**
 * Values of F: ℝⁿ → ℝᵐ beside x on a line, and what their differences show: the derivative
 * (F(x + h) − F(x − h))/2h, and the sizes of the first, second and third difference beside the noise of F.
 */
export class DifferenceValues {
  /** The derivative by the last pair of values. */
  readonly derivative: Float64Array;
  /** The noise of F relative to its size, as far as it was measured. */
  relativeNoise = Number.EPSILON / 2;
  private readonly at: Float64Array;
  private readonly below: Float64Array;
  private readonly above: Float64Array;
  private readonly farBelow: Float64Array;
  private readonly farAbove: Float64Array;
  private readonly work: Float64Array;

  /** `slip` is the absolute error that F has besides its noise, where it is made of differences itself. */
  constructor(
    private readonly evaluate: (x: Float64Array, into: Float64Array) => void,
    n: number,
    m: number,
    private readonly slip: () => number,
  ) {
    this.derivative = new Float64Array(m);
    this.at = new Float64Array(n);
    this.below = new Float64Array(m);
    this.above = new Float64Array(m);
    this.farBelow = new Float64Array(m);
    this.farAbove = new Float64Array(m);
    this.work = new Float64Array(m);
  }

  /** Noise shows between neighbouring x, where no function of a length worth the name does anything. */
  measureNoise(line: DifferenceLine, h: number, middle: Float64Array): void {
    const size = norm(middle);
    if (size === 0) return;
    const spacing = line.vector(line.atLeast(line.isAtZero ? h * 2 ** -30 : 0) || h * 2 ** -30);
    const levels = noiseLevels(this.evaluate, line.x, middle, spacing);
    // What does not change along the line says nothing of the noise of what does.
    const seen = levels.map((level, i) => (level > (Number.EPSILON / 2) * Math.abs(middle[i]) ? 1 : 0));
    const noise =
      norm(levels.map((level, i) => seen[i] * level)) / norm(middle.map((value, i) => seen[i] * value));
    if (!(noise < Number.POSITIVE_INFINITY)) return;
    this.relativeNoise = Math.max(this.relativeNoise, noise);
  }

  /** Evaluates F at ±h and writes the derivative. */
  pair(line: DifferenceLine, h: number, middle: Float64Array): Look {
    const { above, below, derivative, relativeNoise, work } = this;
    const far = this.evaluateAt(line, h, above);
    const near = this.evaluateAt(line, -h, below);
    for (let i = 0; i < work.length; i++) {
      work[i] = above[i] - below[i];
      derivative[i] = work[i] / (2 * h + far - near);
    }
    const rounding = isSinglePrecision(above, below, middle) ? singleNoise : 0;
    this.moveBack(above, far);
    this.moveBack(below, near);
    const first = norm(work);
    // Only of components that change.
    const changing = (i: number) => above[i] !== middle[i] || below[i] !== middle[i];
    for (let i = 0; i < work.length; i++) work[i] = changing(i) ? middle[i] : 0;
    const size = norm(work);
    for (let i = 0; i < work.length; i++) {
      work[i] = changing(i) ? Math.max(Math.abs(above[i]), Math.abs(below[i])) : 0;
    }
    const noise = Math.max(relativeNoise, rounding) * norm(work) + this.slip();
    for (let i = 0; i < work.length; i++) work[i] = above[i] - 2 * middle[i] + below[i];
    const second = norm(work);
    const shift = (far + near) / 2;
    // The middle of the two points is not x.
    if (shift !== 0) for (let i = 0; i < work.length; i++) derivative[i] -= (work[i] / h / h) * shift;
    return { h, size, first, second, higher: 0, noise };
  }

  /** The same with ±2h; nothing where a value is not finite. */
  look(line: DifferenceLine, h: number, middle: Float64Array): Look | undefined {
    const { above, below, farAbove, farBelow, work } = this;
    const pair = this.pair(line, h, middle);
    if (!Number.isFinite(pair.first + pair.second)) return undefined;
    this.moveBack(farAbove, this.evaluateAt(line, 2 * h, farAbove));
    this.moveBack(farBelow, this.evaluateAt(line, -2 * h, farBelow));
    for (let i = 0; i < work.length; i++) work[i] = farAbove[i] - farBelow[i] - 2 * (above[i] - below[i]);
    const third = norm(work);
    for (let i = 0; i < work.length; i++) {
      work[i] = farAbove[i] + farBelow[i] - 4 * (above[i] + below[i]) + 6 * middle[i];
    }
    const higher = Math.max(third, norm(work));
    return Number.isFinite(higher) ? { ...pair, higher } : undefined;
  }

  /** Evaluates F at x + s as near as numbers lie; answers how far beyond that is. */
  private evaluateAt(line: DifferenceLine, s: number, into: Float64Array): number {
    const excess = line.point(s, this.at);
    this.evaluate(this.at, into);
    return excess;
  }

  /** To first order the values that would be without the excess. */
  private moveBack(values: Float64Array, excess: number): void {
    if (excess !== 0) for (let i = 0; i < values.length; i++) values[i] -= excess * this.derivative[i];
  }
}
