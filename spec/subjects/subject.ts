import type { Factory } from '../../src/algebra/option.js';
import type { SavedArray } from '../../src/index.js';
import type { CurvatureSubject } from './curvature.js';
import type { DenseModel } from './dense-model.js';
import type { DerivativesSubject } from './derivatives.js';
import type { FitSubject } from './fits.js';
import type { LayeredSubject, ModelSteps } from './layered.js';
import type { LinearSolverSubject, OperatorSubject } from './linear.js';
import type { Named } from './named.js';
import type { NetworkSeen } from './network.js';
import type { RootSubject } from './roots.js';
import type {
  BoundedSubject,
  BoxModelSubject,
  DampingSubject,
  EstimateSubject,
  LastLookSubject,
  LeastSquaresSubject,
  LineSearchSubject,
  SolverSubject,
  SubproblemSubject,
} from './second-order/subject.js';
import type { SpectrumSubject } from './spectra.js';

export type { Equations, LinearSolverSubject, OperatorSubject } from './linear.js';
export type * from './second-order/subject.js';

/** Parameters, gradients and updates as the laws see them: a list of arrays on the host. */
export type Point = readonly Pick<SavedArray, 'shape' | 'data'>[];

/** What an optimizer is told at one step. It may change nothing of it. */
export interface Moment {
  readonly parameters: Point;
  readonly gradient: Point;
  readonly loss: number;
  /** Counts from 0. */
  readonly step: number;
  /** ∂²f over the flattened parameters, row-major, for those that ask for curvature. */
  readonly hessian?: Float64Array;
  /** The model whose loss this is, for those that ask; where there is none, a linear one stands in. */
  readonly model?: DenseModel;
  /** What else of a network's batch may be asked, where there is one. */
  readonly network?: NetworkSeen;
}

export interface OptimizerStep {
  readonly update: Point;
  readonly state: unknown;
  readonly measures?: readonly number[];
  /** The parameters after the step, of those that answer points and not updates. */
  readonly point?: Point;
  /** What stands afterwards in the arrays that it was shown, where these were copies. */
  readonly left?: Pick<Moment, 'parameters' | 'gradient'>;
}

/** One optimizer with its options chosen. The loop adds its updates to the parameters. */
export interface Optimizer {
  init(parameters: Point): unknown;
  /** `measures` are the numbers that a step reports beside its update. */
  step(state: unknown, moment: Moment): OptimizerStep;
  /** The state as plain data, a copy. */
  save(state: unknown): unknown;
  restore(saved: unknown): unknown;
}

/** An optimizer or a transform, ours or another's, known by what its options mean. */
export interface OptimizerSubject extends Named {
  readonly kind: 'optimizer';
  /** Which method's options `create` understands: 'adam', 'momentum', … */
  readonly method: string;
  /** Every option of one that cannot be made with others, a stranger's; laws take these and draw none. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Whether its steps answer points, so that an update is known to within the rounding of x. */
  readonly answersPoints?: true;
  /** @throws OptionFixed where one is asked for that is not `fixed` */
  create(options: object): Optimizer;
}

/** A number that changes with the count of updates made. */
export interface ScheduleSubject extends Named {
  readonly kind: 'schedule';
  /** Which schedule's options `create` understands; a stranger's without a claim has none. */
  readonly method: string;
  /** Every option of one that cannot be made with others. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** @throws OptionFixed where one is asked for that is not `fixed` */
  create(options: object): (count: number) => number;
}

/** A running mean of points. */
export interface AverageSubject extends Named {
  readonly kind: 'average';
  /** Maps the parameters x₀, x₁, … of a run to the averages after x₁, x₂, …: one fewer. */
  create(options: { beta: number; warmup: number }): (points: readonly Point[]) => readonly Point[];
}

/** A mean loss over rows of a data set, and its gradient. */
export interface ProblemSubject extends Named {
  readonly kind: 'problem';
  /** Entries of the parameter vector for rows of `features` inputs and one target. */
  dimension(features: number): number;
  evaluate(
    parameters: Float64Array,
    rows: readonly (readonly number[])[],
  ): { readonly value: number; readonly gradient: Float64Array };
  /** v ↦ Hv, H the Hessian of the mean loss by the parameters, where the problem knows it. */
  products?(
    parameters: Float64Array,
    rows: readonly (readonly number[])[],
  ): (v: Float64Array) => Float64Array;
}

/** A smooth function of n real variables with its gradient. */
export interface FunctionSubject extends Named {
  readonly kind: 'function';
  readonly start: ArrayLike<number>;
  value(x: Float64Array): number;
  gradient(x: Float64Array): Float64Array;
  /** v ↦ ∇²f(x)v, where it is known otherwise than by differences. */
  products?(x: Float64Array): (v: Float64Array) => Float64Array;
}

/** One part of a composition, by name and arguments: how a person would write it. */
export interface Part {
  readonly name: 'momentum' | 'scaleByMoments' | 'clipByNorm' | 'learningRate';
  readonly argument: number;
}

/** A way to compose transforms; brackets are lists in a list. */
export interface CompositionSubject extends Named {
  readonly kind: 'composition';
  compose(parts: readonly Bracket[]): Optimizer;
}

export type Bracket = Part | readonly Bracket[];

/** What is made by name from described options. */
export interface FactorySubject extends Named {
  readonly kind: 'factory';
  readonly factory: Factory<unknown>;
  /** What was made as plain values, so that two can be compared. */
  shown(made: unknown): unknown;
}

export type Subject =
  | OptimizerSubject
  | ScheduleSubject
  | AverageSubject
  | ProblemSubject
  | FunctionSubject
  | CompositionSubject
  | FactorySubject
  | SolverSubject
  | LeastSquaresSubject
  | BoundedSubject
  | BoxModelSubject
  | LastLookSubject
  | EstimateSubject
  | SubproblemSubject
  | LineSearchSubject
  | DampingSubject
  | CurvatureSubject
  | RootSubject
  | SpectrumSubject
  | DerivativesSubject
  | FitSubject
  | LayeredSubject
  | ModelSteps
  | OperatorSubject
  | LinearSolverSubject;
