import type { EvaluationCounts, MeasureDescription, Options, Outcome } from '../../src/index.js';
import type { Route } from '../../src/transforms/index.js';
import type { EveryStep } from './measures.js';

/**
 * What a run writes, the server sends and the page shows: one path for live and replay. Methods are named by
 * their position in `run.methods`. `seconds` counts from the start of the run. Kinds a reader does not know
 * are skipped, so new ones may be added; the meaning of an old field never changes.
 */
export type RunEvent =
  | RunStarted
  | StepTaken
  | ListMeasured
  | Evaluated
  | PointVisited
  | LandscapeSampled
  | SliceSampled
  | OperatorsMeasured
  | CheckpointWritten
  | Controlled
  | Adjusted
  | MethodEnded
  | RunEnded;

/** Of one method. */
export type MethodEvent = Extract<RunEvent, { method: number }>;

/** The first event of every log. */
export interface RunStarted {
  readonly kind: 'run';
  readonly run: string;
  readonly problem: string;
  /** The problem as typed, a module's path made absolute: what a resumed race makes it of again. */
  readonly asked?: string;
  readonly created: string;
  readonly seed: number;
  /** The most steps a method may take. */
  readonly steps: number;
  /** The most evaluations, and the most seconds of its own steps, that a method may take. */
  readonly maxEvaluations?: number;
  readonly maxSeconds?: number;
  /** A loss, smoothed, or a value whose first attainment is noted. */
  readonly target?: number;
  readonly batch?: number;
  /** Over about how many steps losses are averaged where they are shown; each reader's own where it is left out. */
  readonly smoothing?: number;
  readonly backend?: string;
  /** What computed there, `kernelsInUse()`: with fused multiply-add or without, the last bits differ. */
  readonly kernels?: string;
  /** For functions: a method has converged when no gradient entry is larger. */
  readonly gradientTolerance?: number;
  /** For functions: the least value known. */
  readonly minimum?: number;
  /** For functions: which derivatives are their own, and which central differences. */
  readonly derivatives?: Derivatives;
  /** The checkpoint of another run that its methods began at. */
  readonly from?: { readonly run: string; readonly method: string; readonly step: number };
  /** What its methods look at where they are evaluated, beside their own measures. */
  readonly looks?: readonly Look[];
  /** The paths of the model's parameters in their order, where lists are told by parameter. */
  readonly parameters?: readonly string[];
  /** Of what every step measures, what the steps of this run do not: NaN stands for it. */
  readonly leftOut?: readonly EveryStep[];
  readonly methods: readonly MethodDescription[];
}

/** What a race may look at: each parameter's update and noise, histograms, the Hessian's spectrum. */
export const lookNames = ['layers', 'histograms', 'spectrum'] as const;
export type Look = (typeof lookNames)[number];

export interface Derivatives {
  readonly gradient: 'given' | 'differences';
  readonly hessian: 'given' | 'differences';
}

export interface MethodDescription {
  /** The export's name; `label` tells two variants of one method apart. */
  readonly name: string;
  readonly label: string;
  /** Of its start and batches, in a race over several seeds; the run's where it is left out. */
  readonly seed?: number;
  /** What its runs under all seeds share, which its label tells apart. */
  readonly contestant?: string;
  /** As typed: what a resumed race makes the method of again. */
  readonly asked?: string;
  readonly options: Options;
  /** The pipeline, in order: the nodes of the graph. */
  readonly operators: readonly OperatorDescription[];
  /** Which parameter gets which block of the curvature and why, for methods with a block for each layer. */
  readonly routes?: readonly Route[];
  /** What its steps measure of their own, beside what every step measures; none where it is left out. */
  readonly measures?: readonly MeasureDescription[];
}

export interface OperatorDescription {
  readonly name: string;
  readonly options: Options;
  /** How many of those that follow are inside it: frames may be led round them. */
  readonly inner?: number;
  /** The names of what it measures, among the method's measures. */
  readonly measures?: readonly string[];
}

/** The only frequent event: stored in columns and summarised by min–max. NaN and ±∞ are kept as such. */
export interface StepTaken extends Readonly<Record<EveryStep, number>> {
  readonly kind: 'step';
  readonly method: number;
  readonly step: number;
  readonly seconds: number;
  /** Of the numbers that the method's description names, those that the step made. */
  readonly measures?: Readonly<Record<string, number>>;
}

/** A measure of a step that is a list: a spectrum, a histogram. */
export interface ListMeasured {
  readonly kind: 'list';
  readonly method: number;
  readonly step: number;
  readonly seconds: number;
  /** As in the method's description. */
  readonly name: string;
  readonly values: readonly number[];
}

export interface Evaluated {
  readonly kind: 'evaluation';
  readonly method: number;
  readonly step: number;
  readonly seconds: number;
  readonly loss: number;
  readonly accuracy?: number;
  readonly squaredError?: number;
}

/** The parameters of a problem with few variables. */
export interface PointVisited {
  readonly kind: 'point';
  readonly method: number;
  readonly step: number;
  readonly x: readonly number[];
  readonly value: number;
  /** How often the problem's functions have been called so far. */
  readonly evaluations?: EvaluationCounts;
  /** How the method came here from the point before, which is where model and region have their centre. */
  readonly radius?: number;
  readonly model?: StepModel;
  /** The points at which it tried the function on the way, in their order; the accepted one is this point. */
  readonly trials?: readonly Trial[];
}

/** m(p) = gᵀp + ½pᵀHp, by which a step p was chosen. */
export interface StepModel {
  readonly gradient: readonly number[];
  /** n×n, row-major: the function's own Hessian or what the method takes for it. */
  readonly hessian: readonly number[];
}

export interface Trial {
  readonly x: readonly number[];
  readonly accepted: boolean;
}

/**
 * A function of two variables on a grid, to draw its contours from, or in one row a function of one. A later one stands
 * in for an earlier.
 */
export interface LandscapeSampled {
  readonly kind: 'landscape';
  /** The window, on whose edges the outermost samples lie. */
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly columns: number;
  readonly rows: number;
  /** Row after row from y0 to y1, each from x0 to x1; not always finite. */
  readonly values: readonly number[];
  /** The minima known. */
  readonly minima: readonly { readonly x: readonly number[]; readonly value: number }[];
}

/** By which directions a slice of the loss is laid. */
export const sliceDirections = ['update', 'eigenvectors'] as const;
export type SliceDirections = (typeof sliceDirections)[number];

/** The loss of a model on a plane around a checkpoint, and the way of the method in it. */
export interface SliceSampled {
  readonly kind: 'slice';
  readonly method: number;
  /** Of the checkpoint. */
  readonly step: number;
  readonly seconds: number;
  /** The last update and what of −g is orthogonal to it, or the eigenvectors of the Hessian's leading eigenvalues. */
  readonly along: SliceDirections;
  /** As in a landscape, in multiples of the last update's length. */
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly columns: number;
  readonly rows: number;
  readonly values: readonly number[];
  /** Step by step, projected: that before the checkpoint, its own, and those that follow. */
  readonly path: readonly (readonly [number, number])[];
  /** Which of them is the checkpoint's own. */
  readonly here: number;
  /** ‖Δx‖ of the last update. */
  readonly size: number;
  /** Over how many of the run's first batches the loss is a mean. */
  readonly batches: number;
  readonly eigenvalues?: readonly [number, number];
}

/** Sums since the start of the run, one entry an operator of the pipeline. */
export interface OperatorsMeasured {
  readonly kind: 'operators';
  readonly method: number;
  readonly step: number;
  readonly seconds: number;
  readonly operators: readonly {
    readonly name: string;
    readonly frames: number;
    readonly milliseconds: number;
    /** Arrays and bytes held as state. */
    readonly arrays: number;
    readonly bytes: number;
    /** Steps since the oldest array of its state was made anew; absent where it holds none. */
    readonly age?: number;
  }[];
  /** What a function took by itself, where that is told apart from its methods' operators. */
  readonly source?: { readonly milliseconds: number };
  /** What the loop holds: the parameters. */
  readonly parameters?: { readonly arrays: number; readonly bytes: number };
}

export interface CheckpointWritten {
  readonly kind: 'checkpoint';
  readonly method: number;
  readonly step: number;
  readonly seconds: number;
  readonly file: string;
}

export interface Controlled {
  readonly kind: 'control';
  readonly action: 'pause' | 'resume' | 'step' | 'stop' | 'checkpoint';
  /** Where it came from; the page where it is left out. */
  readonly by?: 'page' | 'terminal';
  readonly seconds: number;
}

/** An option of a method was changed while it trained. */
export interface Adjusted {
  readonly kind: 'control';
  readonly action: 'adjust';
  readonly by?: 'page';
  readonly method: number;
  /** The first step that was taken with it. */
  readonly step: number;
  readonly seconds: number;
  readonly option: string;
  readonly value: number;
}

export interface MethodEnded {
  readonly kind: 'outcome';
  readonly method: number;
  /** Steps taken. */
  readonly step: number;
  readonly seconds: number;
  readonly outcome: Outcome;
}

/** The last event of a run that was not killed. */
export interface RunEnded {
  readonly kind: 'result';
  readonly seconds: number;
  readonly methods: readonly MethodResult[];
}

export interface MethodResult {
  readonly name: string;
  readonly label: string;
  /** In a race over several seeds, as in the method's description. */
  readonly seed?: number;
  readonly contestant?: string;
  readonly steps: number;
  readonly millisecondsPerStep: number;
  readonly outcome: Outcome;
  /** Steps until the run's target was met; null where it never was, absent where there is none. */
  readonly stepsToTarget?: number | null;
  /** The smoothed training loss at the end. */
  readonly trainLoss?: number;
  /** On data not trained on. */
  readonly loss?: number;
  readonly accuracy?: number;
  readonly squaredError?: number;
  /** Steps until accuracy 0.90, 0.95, 0.97 was first measured; null where it never was. */
  readonly stepsToAccuracy?: Readonly<Record<string, number | null>>;
  /** For test functions in place of loss and accuracy. */
  readonly x?: readonly number[];
  readonly value?: number;
  readonly path?: readonly (readonly number[])[];
  readonly evaluations?: EvaluationCounts;
  readonly derivatives?: Derivatives;
}
