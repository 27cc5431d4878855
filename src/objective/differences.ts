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
import { DifferenceValues } from './difference-values.js';
import { stencilWithin } from './differences-within.js';

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
  private readonly values: DifferenceValues;

  /** `slip` is the absolute error that F has besides its noise, where it is made of differences itself; with a box no
   * point outside it is asked for by {@link jacobian}. */
  constructor(
    private readonly evaluate: (x: Float64Array, into: Float64Array) => void,
    private readonly n: number,
    private readonly m: number,
    slip: () => number = () => 0,
    private readonly box?: Box,
  ) {
    this.steps = new Array(n).fill(undefined);
    this.values = new DifferenceValues(evaluate, n, m, slip);
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
    this.values.relativeNoise = other.values.relativeNoise;
    for (const [j, step] of other.steps.entries()) this.steps[j] = step && { ...step, h: step.h / unit };
  }

  /** The Jacobian, row-major m×n, at x, where F is `middle`: 2n values, and more where steps are chosen. */
  jacobian(x: Float64Array, middle: Float64Array, into: Float64Array): void {
    const { n, m } = this;
    const { derivative } = this.values;
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
      const { first, second, noise } = this.values.pair(line, h, middle);
      if (!(first > 0 && second <= 1e-3 * first && noise <= doubtful * first)) {
        this.alongLength = this.choose(line, h, middle, cubeRoot / length).h * length;
      }
      into.set(this.values.derivative);
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
      const look = this.values.pair(line, known.h, middle);
      usable = Number.isFinite(look.first + look.second);
      if (known.second === 0 ? isStill(look) : isWithin(changed, bendOf(look), known.second)) return;
    }
    const begin = line.atMost(known !== undefined && usable ? known.h : first);
    this.steps[j] = this.choose(line, begin, middle);
  }

  /** Beside a bound: by points on the side that has room. */
  private differentiateWithin(box: Box, x: Float64Array, j: number, h: number): void {
    const { derivative } = this.values;
    const [at, value] = [Float64Array.from(x), new Float64Array(this.m)];
    const stencil = stencilWithin(box, j, x[j], h);
    derivative.fill(0);
    for (const [k, point] of stencil?.points.entries() ?? []) {
      at[j] = point;
      this.evaluate(at, value);
      for (let i = 0; i < value.length; i++) derivative[i] += (stencil?.weights[k] ?? 0) * value[i];
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
      const look = this.values.look(line, h, middle);
      let factor: number;
      if (look === undefined || (atZero && look.second > norm(middle))) factor = stride ** -2;
      else if (isStill(look)) factor = stride ** (2 ** stillness++);
      else {
        factor = betterBy(look);
        if (best === undefined || relativeError(look) < relativeError(best)) {
          best = look;
          derivative.set(this.values.derivative);
        }
        if (relativeError(best) <= good) break;
      }
      if (best !== undefined && !noiseKnown && !line.isConfined && count >= looksBeforeNoise) {
        if (relativeError(best) > doubtful) {
          noiseKnown = true;
          this.values.measureNoise(line, best.h, middle);
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
      this.values.pair(line, begin, middle);
      return { h: begin, second: 0, error: best === undefined ? 0 : 1, slip: 0 };
    }
    this.values.derivative.set(derivative);
    const [error, slip] = [relativeError(best), errorOf(best) / best.h];
    // Chosen where little was to be seen it is no step for other places.
    const lasting = error <= Math.max(poor, 30 * Math.cbrt(this.values.relativeNoise) ** 2);
    return lasting
      ? { h: best.h, second: bendOf(best), error, slip }
      : { h: begin, second: Number.NaN, error, slip };
  }
}

/** The second difference, at least what noise makes of it. */
function bendOf({ second, noise }: Look): number {
  return Math.max(second, 10 * noise);
}

function isWithin(factor: number, value: number, reference: number): boolean {
  return value <= factor * reference && factor * value >= reference;
}
