import type { PathModel } from '../../../src/curvature/path-model.js';
import type { VectorOperator } from '../../../src/curvature/vector-operator.js';
import type { Bounds, Minimization, Outcome, Residuals } from '../../../src/index.js';
import type { SearchEnd } from '../../../src/search/line-search.js';
import type { Named } from '../named.js';

/** A point a method tried, and what it says of the trial. */
export interface Trial {
  readonly x: Float64Array;
  /** δ of a damped step. */
  readonly damping?: number;
  /** Δ of a trust region. */
  readonly radius?: number;
  /** ρ, the actual decrease over the predicted one. */
  readonly gainRatio?: number;
}

/** What a run says of a point. */
export interface Told {
  readonly value: number;
  readonly gradient: Float64Array;
  /** The largest |gᵢ|. */
  readonly gradientNorm: number;
  /** How often f was asked for so far. */
  readonly evaluations?: number;
}

/** Where a run went. */
export interface Trace {
  /** x₀, x₁, …: the iterates as the method reports them. */
  readonly points: readonly Float64Array[];
  /** What was tried from each of the points, in order. */
  readonly trials: readonly (readonly Trial[])[];
  /** How the run ended, where the method says so. */
  readonly outcome?: Outcome['kind'];
  /** What the run said of each point, where it says anything. */
  readonly told?: readonly Told[];
}

/** What the laws ask of a solver. A solver takes note of what it knows. */
export interface SolverChoices {
  /** The multiple of the direction that is taken, or the one that minimizes a quadratic; default 1. */
  step?: number | 'exact';
  /** A damping λ, or δ at the start relative to the curvature. */
  damping?: number;
  /** What δ multiplies. */
  scaling?: 'identity' | 'diagonal' | 'largest' | 'start';
  /** Δ at the start. */
  radius?: number;
  /** x₋₁ − x₀ of the secant method. */
  offset?: number;
  /** How many values of f may be asked for before the last iteration begins. */
  evaluations?: number;
}

/** A method that minimizes a function of n variables. */
export interface SolverSubject extends Named {
  readonly kind: 'solver';
  readonly method: string;
  /** 1 for a method of one variable. */
  readonly variables?: 1;
  /** Every option of one that cannot be made with others, a stranger's. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Runs at most so many iterations, whatever the gradient; fewer where the method gives up. */
  trace(problem: Minimization, start: ArrayLike<number>, steps: number, choices: SolverChoices): Trace;
}

/** A method that minimizes ½‖r(x)‖². */
export interface LeastSquaresSubject extends Named {
  readonly kind: 'leastSquares';
  readonly method: string;
  /** Every option of one that cannot be made with others, a stranger's. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  trace(problem: Required<Residuals>, start: ArrayLike<number>, steps: number, choices: SolverChoices): Trace;
}

/** A function that is also ½‖r(x)‖², for methods of both kinds. */
export type HalfSquares = Required<Pick<Minimization, 'gradient' | 'hessian'>> &
  Minimization &
  Required<Residuals>;

/** Where a run in a box went: everything it asked the function at, besides its iterates. */
export interface BoundedTrace extends Trace {
  readonly evaluated: readonly Float64Array[];
}

/** A method that minimizes within bounds. */
export interface BoundedSubject extends Named {
  readonly kind: 'bounded';
  readonly method: string;
  /** The method without bounds whose steps it takes while none is near. */
  readonly unbounded: string;
  /**
   * Runs at most so many iterations, to the last digit.
   *
   * @param derivatives which are given; differences stand in for the others
   */
  run(
    problem: HalfSquares,
    start: ArrayLike<number>,
    bounds: Bounds | undefined,
    steps: number,
    derivatives: 'given' | 'differences',
  ): BoundedTrace;
}

/** An estimate of a Hessian or its inverse that learns from pairs (s, y), beginning with the identity. */
export interface EstimateSubject extends Named {
  readonly kind: 'estimate';
  readonly method: string;
  /** What it estimates: the Hessian B with Bs = y, or its inverse H with Hy = s. */
  readonly form: 'B' | 'H';
  start(n: number, choices?: EstimateChoices): Estimate;
}

export interface EstimateChoices {
  /** The matrix to begin with, for those that can. */
  initial?: Float64Array;
  /** How many pairs are kept, for those that forget. */
  memory?: number;
  /** Whether the identity is scaled to γ = sᵀy/yᵀy of the newest pair. */
  scaled?: boolean;
}

/** An operator on plain vectors that learns. */
export interface Estimate extends VectorOperator {
  learn(s: Float64Array, y: Float64Array): void;
}

/** v ↦ Cv on arrays of its own. */
export function productOf(estimate: Estimate): (v: Float64Array) => Float64Array {
  return (v) => {
    const product = new Float64Array(v.length);
    estimate.multiply(v, product);
    return product;
  };
}

/** A way to minimize gᵀp + ½pᵀHp over ‖p‖ ≤ Δ. */
export interface SubproblemSubject extends Named {
  readonly kind: 'subproblem';
  /** How far ‖p‖ may exceed Δ, relatively. */
  readonly tolerance: number;
  solve(
    gradient: Float64Array,
    hessian: Float64Array,
    radius: number,
  ): { readonly step: Float64Array; readonly multiplier: number };
}

/** What a positive definite model is made of: B = JᵀJ + δD², or what BFGS makes of θI by pairs with y = (JᵀJ + δD²)s. */
export interface BoxModel {
  readonly n: number;
  /** m×n, row-major. */
  readonly jacobian: Float64Array;
  readonly delta: number;
  /** The diagonal of D. */
  readonly scale: Float64Array;
  /** The diagonal of E, added along paths by those that are told a matrix. */
  readonly added: Float64Array;
  readonly theta: number;
  /** The newest last. */
  readonly pairs: readonly (readonly [s: Float64Array, y: Float64Array])[];
  /** So many of the newest are kept. */
  readonly memory: number;
  /** JᵀJ + δD², row-major. */
  readonly squares: Float64Array;
}

/** Where a step in a box begins. */
export interface BoxPlace {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A positive definite model of second order and its step in a box. */
export interface BoxModelSubject extends Named {
  readonly kind: 'boxModel';
  readonly method: string;
  /** What it is told: the dense matrix JᵀJ + δD², J and δD² themselves, or the pairs. */
  readonly by: 'matrix' | 'jacobian' | 'pairs';
  path(model: BoxModel): PathModel;
  step(model: BoxModel, place: BoxPlace): Float64Array;
}

/** A last look before a run ends because no step seemed to change f. */
export interface LastLookSubject extends Named {
  readonly kind: 'lastLook';
  /** Whether it says where differences contradict the derivatives. */
  readonly tellsOfContradictions: boolean;
  /** What it finds from x: a point that is lower, with the gradient there, or none. */
  look(
    problem: HalfSquares,
    x: Float64Array,
    box?: Pick<BoxPlace, 'lower' | 'upper'>,
  ): {
    readonly end: 'lowered' | 'noise' | 'contradicted';
    readonly x: Float64Array;
    readonly gradient: Float64Array;
  };
}

/** φ(α) = f(x + αp) and φ′(α). */
export interface Phi {
  value(alpha: number): number;
  slope(alpha: number): number;
}

/** A line search and what it promises of a step it calls found. */
export interface LineSearchSubject extends Named {
  readonly kind: 'lineSearch';
  readonly promise: Promised;
  /** The step the search stands at, and how it says it ended. */
  search(
    phi: Phi,
    first: number,
    longest: number,
  ): { readonly found: boolean; readonly alpha: number; readonly end?: SearchEnd };
}

export interface Promised {
  /** c₁ of φ(α) ≤ φ(0) + c₁αφ′(0). */
  readonly decrease: number;
  /** c₂ of the curvature condition, where there is one. */
  readonly curvature?: number;
  /** Whether |φ′(α)| ≤ c₂|φ′(0)| is promised, or only φ′(α) ≥ c₂φ′(0). */
  readonly strong?: boolean;
  /** By what fraction of |φ(0)| φ may rise where slopes stand in for values: (2c₁ − 1)φ′(0) ≥ φ′(α). */
  readonly slack: number;
  /** Between what fractions of a step that is too high the next one lies, where values alone tell. */
  readonly shrinks?: readonly [least: number, most: number];
}

/** A rule that turns gain ratios into dampings. */
export interface DampingSubject extends Named {
  readonly kind: 'damping';
  start(damping: number): DampingRule;
}

export interface DampingRule {
  readonly value: number;
  accepted(gainRatio: number): void;
  rejected(): void;
}
