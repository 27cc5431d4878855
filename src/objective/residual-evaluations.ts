import { dot } from '../linalg/vector.js';
import type { Box } from './bounds.js';
import { confirmed, numbersFrom, threw, watched } from './called.js';
import { Differences } from './differences.js';
import { noiseLevels } from './noise.js';
import type { Weighing } from './robust-loss.js';

/** A least-squares problem: minimize ½‖r(x)‖². The functions must neither change nor keep x. */
export interface Residuals {
  /** r(x), always of one length m. */
  residuals(x: Float64Array): Float64Array;
  /** ∂rᵢ/∂xⱼ, row-major m×n. Central differences stand in where it is missing. */
  jacobian?(x: Float64Array): Float64Array;
}

/** How often the user's functions were called; differences count as the calls they make. */
export interface ResidualCounts {
  residuals: number;
  jacobian: number;
}

/** Where a least-squares solver stands; the arrays are its own. */
export interface ResidualIterate {
  x: Float64Array;
  residuals: Float64Array;
  /** Row-major m×n. */
  jacobian: Float64Array;
  /** ½‖r‖². */
  value: number;
  /** Jᵀr. */
  gradient: Float64Array;
}

/**
 * A user's residuals as the solvers see them: counted, checked, with the Jacobian completed by differences.
 *
 * @throws ObjectiveError naming the function that threw, changed x, or answered with what is no number or the wrong length
 */
export class ResidualEvaluations {
  readonly counts: ResidualCounts = { residuals: 0, jacobian: 0 };
  readonly m: number;
  /** What the solver sees of the residuals, if not themselves. */
  weighing: Weighing | undefined;
  /** The last residuals as they were answered, for the Jacobian's weights. */
  private readonly answered: { readonly x: Float64Array; readonly residuals: Float64Array };
  /** What was asked for at the start, to learn m; the run asks for it too. */
  private first: { readonly x: Float64Array; readonly residuals: Float64Array } | undefined;
  private readonly differences: Differences;
  /** x before a call that is watched. */
  private readonly before: Float64Array;

  constructor(
    private readonly problem: Residuals,
    readonly n: number,
    start: Float64Array,
    /** Where the residuals may be asked for, if not everywhere. */
    readonly box?: Box,
  ) {
    this.before = new Float64Array(n);
    this.first = { x: start.slice(), residuals: Float64Array.from(this.call('residuals', start)) };
    this.m = this.first.residuals.length;
    this.answered = { x: start.slice(), residuals: this.first.residuals.slice() };
    this.differences = new Differences((x, into) => this.residuals(x, into), n, this.m, undefined, box);
  }

  /** The iterate at x. */
  iterate(x: Float64Array): ResidualIterate {
    const { m, n } = this;
    const residuals = new Float64Array(m);
    const jacobian = new Float64Array(m * n);
    const gradient = new Float64Array(n);
    this.residuals(x, residuals);
    this.jacobian(x, residuals, jacobian);
    residualGradient(jacobian, residuals, gradient);
    return { x, residuals, jacobian, value: ResidualEvaluations.value(residuals), gradient };
  }

  get derivatives(): 'given' | 'differences' {
    return this.problem.jacobian === undefined ? 'differences' : 'given';
  }

  /** The largest relative error of a column by differences, as estimated where its step was chosen; 0 without any. */
  get differenceError(): number {
    return this.differences.error;
  }

  residuals(x: Float64Array, into: Float64Array): void {
    const { first } = this;
    this.first = undefined;
    const known = first?.x.every((xi, i) => Object.is(xi, x[i])) ? first.residuals : undefined;
    const answer = known ?? this.call('residuals', x, this.m);
    into.set(answer);
    if (this.weighing === undefined) return;
    this.answered.x.set(x);
    this.answered.residuals.set(answer);
    this.weighing.residuals(into);
  }

  /** Asks once more for the residuals at which a run ended. */
  confirm({ x, value }: ResidualIterate): void {
    const again = new Float64Array(this.m);
    confirmed('residuals(x)', value, x, () => {
      this.residuals(x, again);
      return ResidualEvaluations.value(again);
    });
  }

  /** The residuals as they are, without weights. */
  plain(x: Float64Array): Float64Array {
    const { answered } = this;
    if (!answered.x.every((xi, i) => Object.is(xi, x[i]))) this.residuals(x, new Float64Array(this.m));
    return answered.residuals;
  }

  /** The Jacobian at x, where the residuals are known. */
  jacobian(x: Float64Array, residuals: Float64Array, into: Float64Array): void {
    if (this.problem.jacobian === undefined) {
      this.differences.jacobian(x, residuals, into);
      return;
    }
    into.set(this.call('jacobian', x, this.m * this.n));
    this.weighing?.jacobian(into, this.plain(x));
  }

  /**
   * What rounding does to each residual near an iterate, seen in their differences; measured anew each time. In a box
   * the residuals of the nearest point inside stand for those outside.
   */
  noise({ x, residuals }: ResidualIterate, step: Float64Array): Float64Array {
    const spacing = x.map((xi, j) => 2 * Number.EPSILON * xi || 2 ** -20 * step[j]);
    const inside = (at: Float64Array, into: Float64Array) => {
      const near = this.box === undefined ? at : at.slice();
      this.box?.clip(near);
      this.residuals(near, into);
    };
    return noiseLevels(inside, x, residuals, spacing);
  }

  /** ½‖r‖², NaN or ∞ included. */
  static value(residuals: Float64Array): number {
    return dot(residuals, residuals) / 2;
  }

  private call(name: 'residuals' | 'jacobian', x: Float64Array, length?: number): ArrayLike<number> {
    const before = watched(x, ++this.counts[name], this.before);
    let answer: Float64Array | undefined;
    try {
      answer = this.problem[name]?.(x);
    } catch (cause) {
      throw threw(`${name}(x)`, cause, x);
    }
    return numbersFrom(`${name}(x)`, answer, x, before, length);
  }
}

/** into ← Jᵀr for a row-major m×n Jacobian. */
export function residualGradient(jacobian: Float64Array, residuals: Float64Array, into: Float64Array): void {
  const n = into.length;
  into.fill(0);
  for (let i = 0, row = 0; i < residuals.length; i++, row += n) {
    const r = residuals[i];
    for (let j = 0; j < n; j++) into[j] += jacobian[row + j] * r;
  }
}

/**
 * What rounding may make of ½‖r‖²: Σ eᵢ(|rᵢ| + ½eᵢ) with eᵢ = 8ε(|rᵢ| + Σⱼ|Jᵢⱼxⱼ|), each residual being as uncertain
 * as relative changes of 8ε in itself and in x make it; more where the residuals were seen to be noisier.
 */
export function valueRounding({ x, residuals, jacobian }: ResidualIterate, noise?: Float64Array): number {
  let total = 0;
  for (let i = 0, k = 0; i < residuals.length; i++) {
    const r = Math.abs(residuals[i]);
    let size = r;
    for (let j = 0; j < x.length; j++, k++) size += Math.abs(jacobian[k] * x[j]);
    const error = Math.max(8 * Number.EPSILON * size, noise === undefined ? 0 : likely * noise[i]);
    total += error * (r + error / 2);
  }
  return total;
}

/** Noise counts as so many of its standard deviations. */
const likely = 4;
