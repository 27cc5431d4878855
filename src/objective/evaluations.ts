import type { Box } from './bounds.js';
import { confirmed, numberFrom, numbersFrom, threw, unchanged, watched } from './called.js';
import { Differences } from './differences.js';
import type { Iterate } from './iterate.js';

/** A function to be minimized: plain synchronous code on Float64Arrays, which it must neither change nor keep. */
export interface Minimization {
  value(x: Float64Array): number;
  /** Central differences stand in where it is missing. */
  gradient?(x: Float64Array): Float64Array;
  /** Row-major n×n. Differences of the gradient stand in where it is missing. */
  hessian?(x: Float64Array): Float64Array;
  hessianVectorProduct?(x: Float64Array, v: Float64Array): Float64Array;
}

/** How often the user's functions were called; differences count as the calls they make. */
export interface EvaluationCounts {
  value: number;
  gradient: number;
  hessian: number;
  hessianVectorProduct: number;
}

/** What may be seen of a run from within, told as it happens. The arrays are lent: copy what is to be kept. */
export interface Observer {
  /** A point to which a step would lead is about to be judged. */
  trial?(x: Float64Array): void;
  /** H, row-major n×n, of the model gᵀp + ½pᵀHp at x: the function's own Hessian or what the method takes for it. */
  model?(x: Float64Array, hessian: Float64Array): void;
}

/** Powers of two by which the variables and the gradient of a run are divided; values by their product. */
export interface Units {
  readonly x: number;
  readonly gradient: number;
}

/**
 * A user's function as the solvers see it: counted, checked, and with derivatives completed by differences.
 *
 * Values that are not finite pass through: what they mean is the caller's decision.
 *
 * @throws ObjectiveError naming the function that threw, changed x, or answered with what is no number or the wrong length
 */
export class Evaluations {
  readonly counts: EvaluationCounts = { value: 0, gradient: 0, hessian: 0, hessianVectorProduct: 0 };
  observer: Observer | undefined;

  /** Differences of the value, where they stand in for the gradient. */
  private readonly slopes: Differences | undefined;
  /** Differences of the gradient, from when they are first asked for. */
  private bends: Differences | undefined;
  /** Where the value and the gradient were asked for last: from there differences are taken. */
  private lastValue: Known | undefined;
  private lastGradient: Known | undefined;
  /** x, and the direction of a product, before a call that is watched. */
  private before: Float64Array | undefined;
  private direction: Float64Array | undefined;
  /** Whether the function only passes on what was checked already, in other units. */
  private checked = false;
  /** The same function in a run's own units. */
  private scaled: Evaluations | undefined;

  constructor(
    private readonly problem: Minimization,
    readonly n: number,
    /** Where the function may be asked, if not everywhere. */
    readonly box?: Box,
  ) {
    if (problem.gradient !== undefined) return;
    this.slopes = new Differences((x, into) => into.fill(this.value(x)), n, 1, undefined, box);
    this.lastValue = new Known(n, 1);
  }

  /** Which derivatives are closed form, and which differences. */
  get derivatives(): { gradient: 'given' | 'differences'; hessian: 'given' | 'differences' } {
    return {
      gradient: this.problem.gradient === undefined ? 'differences' : 'given',
      hessian: this.problem.hessian === undefined ? 'differences' : 'given',
    };
  }

  /** The largest relative error of a derivative by differences, as estimated where its step was chosen; 0 without any. */
  get differenceError(): number {
    if (this.scaled !== undefined) return this.scaled.differenceError;
    return Math.max(this.slopes?.error ?? 0, this.bends?.error ?? 0);
  }

  value(x: Float64Array): number {
    const value = this.checked ? this.problem.value(x) : this.checkedValue(x);
    this.lastValue?.remember(x, [value]);
    return value;
  }

  private checkedValue(x: Float64Array): number {
    const before = this.watch(x, ++this.counts.value);
    let value: number;
    try {
      value = this.problem.value(x);
    } catch (cause) {
      throw threw('value(x)', cause, x);
    }
    return numberFrom('value(x)', value, x, before);
  }

  private watch(x: Float64Array, nth: number): Float64Array | undefined {
    this.before ??= new Float64Array(this.n);
    return watched(x, nth, this.before);
  }

  gradient(x: Float64Array, into: Float64Array): void {
    const { problem, slopes } = this;
    if (slopes !== undefined) {
      const middle = this.lastValue?.at(x)?.slice() ?? Float64Array.of(this.value(x));
      slopes.jacobian(x, middle, into);
    } else copied(this.checked ? problem.gradient!(x) : this.checkedAnswer('gradient', x, into.length), into);
    this.lastGradient?.remember(x, into);
  }

  hessian(x: Float64Array, into: Float64Array): void {
    const { n } = this;
    if (this.problem.hessian === undefined) {
      this.ofGradient().jacobian(x, this.gradientAt(x), into);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++)
          into[i * n + j] = into[j * n + i] = (into[i * n + j] + into[j * n + i]) / 2;
      }
    } else this.givenHessian(x, into);
    this.observer?.model?.(x, into);
  }

  private ofGradient(): Differences {
    const { n, slopes } = this;
    const slip = () => slopes?.absoluteError ?? 0;
    this.bends ??= new Differences((x, into) => this.gradient(x, into), n, n, slip, this.box);
    return this.bends;
  }

  private gradientAt(x: Float64Array): Float64Array {
    this.lastGradient ??= new Known(this.n, this.n);
    const known = this.lastGradient.at(x)?.slice();
    if (known !== undefined) return known;
    const gradient = new Float64Array(this.n);
    this.gradient(x, gradient);
    return gradient;
  }

  private givenHessian(x: Float64Array, into: Float64Array): void {
    copied(this.checked ? this.problem.hessian!(x) : this.checkedAnswer('hessian', x, into.length), into);
  }

  /** The same function in other units, counted, checked and observed here. Differences are taken in the new units. */
  inUnits(units: Units): Evaluations {
    const { n, problem } = this;
    const { x: length, gradient: steepness } = units;
    // Units are powers of two: to multiply by 1/u is to divide by u, and takes a fifth of the time.
    const [perLength, perSteepness] = [1 / length, 1 / steepness];
    const x = new Float64Array(n);
    const there = (scaled: Float64Array) => {
      for (let i = 0; i < n; i++) x[i] = scaled[i] * length;
      return x;
    };
    const gradient = new Float64Array(n);
    const hessian = problem.hessian && new Float64Array(n * n);
    const v = problem.hessianVectorProduct && new Float64Array(n);
    const scaled = new Evaluations(
      {
        value: (at) => this.value(there(at)) * perSteepness * perLength,
        ...(problem.gradient !== undefined && {
          gradient: (at: Float64Array) => {
            this.gradient(there(at), gradient);
            for (let i = 0; i < n; i++) gradient[i] *= perSteepness;
            return gradient;
          },
        }),
        ...(hessian !== undefined && {
          hessian: (at: Float64Array) => {
            this.givenHessian(there(at), hessian);
            for (let k = 0; k < hessian.length; k++) hessian[k] = hessian[k] * length * perSteepness;
            return hessian;
          },
        }),
        ...(v !== undefined && {
          hessianVectorProduct: (at: Float64Array, direction: Float64Array) => {
            for (let i = 0; i < n; i++) v[i] = direction[i] * length;
            this.hessianVectorProduct(there(at), v, gradient);
            for (let i = 0; i < n; i++) gradient[i] *= perSteepness;
            return gradient;
          },
        }),
      },
      n,
      this.box?.inUnits(length),
    );
    scaled.checked = true;
    this.scaled = scaled;
    if (this.slopes !== undefined) scaled.slopes?.inherit(this.slopes, length);
    const { observer } = this;
    if (observer !== undefined) {
      scaled.observer = {
        trial: (at) => observer.trial?.(at.map((xi) => xi * length)),
        ...(observer.model !== undefined && {
          model: (at, matrix) =>
            observer.model?.(
              at.map((xi) => xi * length),
              matrix.map((entry) => (entry * steepness) / length),
            ),
        }),
      };
    }
    return scaled;
  }

  /** Whether Hv costs no more than a few gradients, no matrix being formed. */
  get matrixFree(): boolean {
    return this.problem.hessianVectorProduct !== undefined || this.problem.hessian === undefined;
  }

  /** into ← ∇²f(x)v: the user's product, else a central difference of the gradient along v. */
  hessianVectorProduct(x: Float64Array, v: Float64Array, into: Float64Array): void {
    if (this.problem.hessianVectorProduct === undefined) {
      this.ofGradient().product(x, v, this.gradientAt(x), into);
      return;
    }
    if (this.checked) copied(this.problem.hessianVectorProduct(x, v), into);
    else copied(this.checkedAnswer('hessianVectorProduct', x, into.length, v), into);
  }

  /** The product, which is to leave v as it is too. */
  private productLeaving(x: Float64Array, v: Float64Array): Float64Array {
    this.direction ??= new Float64Array(this.n);
    const before = watched(v, this.counts.hessianVectorProduct, this.direction);
    const answer = this.problem.hessianVectorProduct!(x, v);
    if (before !== undefined) unchanged('hessianVectorProduct(x, v)', 'v', v, before);
    return answer;
  }

  /** Asks once more for the value at which a run ended. */
  confirm({ x, value }: Iterate): void {
    confirmed('value(x)', value, x, () => this.value(x));
  }

  private checkedAnswer(
    name: Exclude<keyof EvaluationCounts, 'value'>,
    x: Float64Array,
    length: number,
    v?: Float64Array,
  ): ArrayLike<number> {
    const { problem } = this;
    const before = this.watch(x, ++this.counts[name]);
    let answer: Float64Array;
    try {
      if (v !== undefined) answer = this.productLeaving(x, v);
      else answer = name === 'gradient' ? problem.gradient!(x) : problem.hessian!(x);
    } catch (cause) {
      throw threw(spoken[name], cause, x);
    }
    return numbersFrom(spoken[name], answer, x, before, length);
  }
}

/** So many numbers are copied sooner by hand. */
const few = 32;

function copied(from: ArrayLike<number>, into: Float64Array): void {
  if (into.length > few) into.set(from);
  else for (let i = 0; i < into.length; i++) into[i] = from[i];
}

/** How the user knows the functions. */
const spoken = {
  value: 'value(x)',
  gradient: 'gradient(x)',
  hessian: 'hessian(x)',
  hessianVectorProduct: 'hessianVectorProduct(x)',
} as const;

/** What a function answered at the last point it was asked for. */
class Known {
  private readonly x: Float64Array;
  private readonly answer: Float64Array;
  private any = false;

  constructor(n: number, m: number) {
    this.x = new Float64Array(n);
    this.answer = new Float64Array(m);
  }

  remember(x: Float64Array, answer: ArrayLike<number>): void {
    this.x.set(x);
    this.answer.set(answer);
    this.any = true;
  }

  at(x: Float64Array): Float64Array | undefined {
    return this.any && this.x.every((xi, i) => xi === x[i]) ? this.answer : undefined;
  }
}
