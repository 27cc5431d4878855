import { norm } from '../linalg/vector.js';
import type { Box } from './bounds.js';
import { DifferenceLine, powerOfTwo } from './difference-line.js';
import {
  balanced,
  betterBy,
  errorOf,
  good,
  isStill,
  type Look,
  relativeError,
  stride,
} from './difference-look.js';
import { stencilWithin } from './differences-within.js';
import { noiseLevels } from './noise.js';
import { isSinglePrecision, singleNoise } from './single-precision.js';

const cubeRoot = 2 * Math.cbrt(2 ** -52);
/** Where so many looks leave an error above this fraction of the derivative, the noise is measured. */
const [looksBeforeNoise, doubtful] = [3, 1e-7];
/** A step that leaves a larger error than this, and than the noise explains, is not remembered. */
const poor = 1e-4;
/** A derivative with a larger estimated error is none. */
const worthless = 0.5;
const mostLooks = 16;
/** What does not show within this multiple of the first step does not show. */
const farthest = 2 ** 150;
/** A step is chosen anew where the second difference has changed by this factor since, … */
const changed = 30;
/** … or where x has grown so that it is no step any more. */
const shortest = 8 * Number.EPSILON;

/** What is remembered of a variable. */
interface Step {
  readonly h: number;
  /** The second difference where the step was chosen, at least what noise makes of it; 0 where nothing changed, NaN where nothing fits. */
  readonly second: number;
  /** The estimated error of the derivative there, relative and absolute. */
  readonly error: number;
  readonly slip: number;
}

/**
 * Central differences of a function of n variables with m components, their steps chosen by what the function shows.
 *
 * A step begins at ε^⅓|xⱼ|. The differences of five values tell truncation from noise (ε/2 of the values; measured
 * where that does not explain what is seen), and h moves to where both are equal, h ∝ (noise/third difference)^⅓,
 * until the error is below 10⁻⁹ of the derivative or no step is better: two values more for a variable whose first
 * step is good. The step is remembered while the second difference, which costs nothing, stays within a factor of 30 of what it
 * was.
 * Source: Gill, Murray, Saunders and Wright 1983 (steps by what differences show, remembered); Shi, Xie, Xuan and
 * Nocedal 2022 (third difference against noise); Moré and Wild 2011 (noise).
 */
export class Differences {
  private readonly steps: (Step | undefined)[];
  /** The length of steps along vectors. */
  private alongLength: number | undefined;
  /** The noise of F relative to its size, as far as it was measured. */
  private relativeNoise = Number.EPSILON / 2;
  private readonly at: Float64Array;
  private readonly below: Float64Array;
  private readonly above: Float64Array;
  private readonly farBelow: Float64Array;
  private readonly farAbove: Float64Array;
  private readonly work: Float64Array;
  /** The derivative by the last pair of values. */
  private readonly derivative: Float64Array;

  /** `slip` is the absolute error that F has besides its noise, where it is made of differences itself; with a box no
   * point outside it is asked for by {@link jacobian}. */
  constructor(
    private readonly evaluate: (x: Float64Array, into: Float64Array) => void,
    private readonly n: number,
    private readonly m: number,
    private readonly slip: () => number = () => 0,
    private readonly box?: Box,
  ) {
    this.steps = new Array(n).fill(undefined);
    this.at = new Float64Array(n);
    this.below = new Float64Array(m);
    this.above = new Float64Array(m);
    this.farBelow = new Float64Array(m);
    this.farAbove = new Float64Array(m);
    this.work = new Float64Array(m);
    this.derivative = new Float64Array(m);
  }

  /** The largest relative error of a derivative, as estimated where its step was chosen. */
  get error(): number {
    return this.steps.reduce((most, step) => Math.max(most, step?.error ?? 0), 0);
  }

  /** The norm of the absolute errors of the derivatives. */
  get absoluteError(): number {
    return Math.sqrt(this.steps.reduce((sum, step) => sum + (step?.slip ?? 0) ** 2, 0));
  }

  /** Takes over the steps chosen for the same function of x in another unit. */
  inherit(other: Differences, unit: number): void {
    this.relativeNoise = other.relativeNoise;
    for (const [j, step] of other.steps.entries()) this.steps[j] = step && { ...step, h: step.h / unit };
  }

  /** The Jacobian, row-major m×n, at x, where F is `middle`: 2n values, and more where steps are chosen. */
  jacobian(x: Float64Array, middle: Float64Array, into: Float64Array): void {
    const { n, m, derivative } = this;
    for (let j = 0; j < n; j++) {
      this.differentiate(x, j, middle);
      for (let i = 0; i < m; i++) into[i * n + j] = derivative[i];
    }
  }

  /** The Jacobian's product with v: two values, and more where the step does not fit. */
  product(x: Float64Array, v: Float64Array, middle: Float64Array, into: Float64Array): void {
    const length = powerOfTwo(norm(v));
    if (length > 0) {
      const line = new DifferenceLine(x, v);
      const h = (this.alongLength ?? powerOfTwo(cubeRoot * (norm(x) || 1))) / length;
      const { first, second, noise } = this.pair(line, h, middle);
      if (!(first > 0 && second <= 1e-3 * first && noise <= doubtful * first)) {
        this.alongLength = this.choose(line, h, middle, cubeRoot / length).h * length;
      }
      into.set(this.derivative);
    } else into.fill(0);
  }

  /** Writes ∂F/∂xⱼ. */
  private differentiate(x: Float64Array, j: number, middle: Float64Array): void {
    const size = Math.abs(x[j]);
    const known = this.steps[j];
    const { box } = this;
    const room =
      box === undefined ? Number.POSITIVE_INFINITY : Math.min(x[j] - box.lower[j], box.upper[j] - x[j]);
    const line = new DifferenceLine(x, j, room / 2);
    const first = powerOfTwo(cubeRoot * (size || 1));
    if (box !== undefined && (known?.h ?? first) > room / 2) {
      this.differentiateWithin(box, x, j, Math.max(known?.h ?? first, 2 * room));
      return;
    }
    let usable = known !== undefined && known.h >= shortest * size;
    if (known !== undefined && usable) {
      const look = this.pair(line, known.h, middle);
      usable = Number.isFinite(look.first + look.second);
      if (known.second === 0 ? isStill(look) : isWithin(changed, bendOf(look), known.second)) return;
    }
    const begin = line.atMost(known !== undefined && usable ? known.h : first);
    this.steps[j] = this.choose(line, begin, middle);
  }

  /** Beside a bound: by points on the side that has room. */
  private differentiateWithin(box: Box, x: Float64Array, j: number, h: number): void {
    const { at, above, derivative } = this;
    const stencil = stencilWithin(box, j, x[j], h);
    derivative.fill(0);
    at.set(x);
    for (const [k, point] of stencil?.points.entries() ?? []) {
      at[j] = point;
      this.evaluate(at, above);
      for (let i = 0; i < above.length; i++) derivative[i] += (stencil?.weights[k] ?? 0) * above[i];
    }
  }

  /**
   * Looks at steps until one is good or none is better, and writes the derivative by the best. Where nothing shows near
   * an x that is next to 0, steps begin anew as they do from 0.
   */
  private choose(
    line: DifferenceLine,
    begin: number,
    middle: Float64Array,
    fromZero = powerOfTwo(cubeRoot),
  ): Step {
    const derivative = new Float64Array(this.m);
    let best: Look | undefined;
    // No step up to `low` is too long, none from `high` on too short.
    let [low, high] = [0, Number.POSITIVE_INFINITY];
    let h = begin;
    let noiseKnown = false;
    let stillness = 0;
    // At 0 nothing tells the unit of x: where F changes by more than itself the step is far too long.
    const changes = middle.some((value) => value !== 0);
    let atZero = line.isAtZero && changes;
    for (let count = 1; count <= mostLooks; count++) {
      const look = this.look(line, h, middle);
      let factor: number;
      if (look === undefined || (atZero && look.second > norm(middle))) factor = stride ** -2;
      else if (isStill(look)) factor = stride ** (2 ** stillness++);
      else {
        factor = betterBy(look);
        if (best === undefined || relativeError(look) < relativeError(best)) {
          best = look;
          derivative.set(this.derivative);
        }
        if (relativeError(best) <= good) break;
      }
      if (best !== undefined && !noiseKnown && !line.isConfined && count >= looksBeforeNoise) {
        if (relativeError(best) > doubtful) {
          noiseKnown = true;
          this.measureNoise(line, best.h, middle);
          // All looks so far took noise for the function, or the function for noise.
          [low, high, h, best] = [0, Number.POSITIVE_INFINITY, best.h, undefined];
          continue;
        }
      }
      if (factor > 1 / balanced && factor < balanced) break;
      if (factor < 1) high = Math.min(high, h);
      else low = Math.max(low, h);
      if (high <= 2 * balanced * low) break;
      let next = h * factor;
      const farOff = factor === stride ** -2 && low > 0;
      if (next <= low || next >= high || farOff) next = Math.sqrt(low) * Math.sqrt(high);
      next = line.atMost(line.atLeast(powerOfTwo(next)));
      if (next === h || !(next > 0 && next <= farthest * begin)) {
        if (best !== undefined || atZero || !(farthest * begin < fromZero)) break;
        atZero = changes;
        [low, high] = [0, Number.POSITIVE_INFINITY];
        begin = next = line.atMost(fromZero);
        stillness = 0;
      }
      h = next;
    }
    if (best === undefined || relativeError(best) > worthless) {
      this.pair(line, begin, middle);
      return { h: begin, second: 0, error: best === undefined ? 0 : 1, slip: 0 };
    }
    this.derivative.set(derivative);
    const [error, slip] = [relativeError(best), errorOf(best) / best.h];
    // Chosen where little was to be seen it is no step for other places.
    const lasting = error <= Math.max(poor, 30 * Math.cbrt(this.relativeNoise) ** 2);
    return lasting
      ? { h: best.h, second: bendOf(best), error, slip }
      : { h: begin, second: Number.NaN, error, slip };
  }

  /** Noise shows between neighbouring x, where no function of a length worth the name does anything. */
  private measureNoise(line: DifferenceLine, h: number, middle: Float64Array): void {
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
  private pair(line: DifferenceLine, h: number, middle: Float64Array): Look {
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
  private look(line: DifferenceLine, h: number, middle: Float64Array): Look | undefined {
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

/** The second difference, at least what noise makes of it. */
function bendOf({ second, noise }: Look): number {
  return Math.max(second, 10 * noise);
}

function isWithin(factor: number, value: number, reference: number): boolean {
  return value <= factor * reference && factor * value >= reference;
}
