import type { Options } from '../algebra/options.js';
import { largest, norm } from '../linalg/vector.js';
import { derivativeAdvice } from '../objective/derivative-advice.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import type { MeasureDescription, Readings } from '../objective/measure.js';
import type { Outcome } from '../objective/outcome.js';
import { inOwnUnits, lengthAt, powerOfTwo } from '../objective/own-units.js';
import type { Dimension, Iteration, Solver } from '../objective/solver.js';
import { solverMeasures } from '../objective/solver-measures.js';
import { descendsStill } from './last-look.js';
import { Line } from './line.js';
import type { LineSearch, SearchEnd } from './line-search.js';
import { endOfDigits } from './slope-check.js';

/** Where to go: what a line search method is made of besides its search. */
export interface Direction {
  readonly name: string;
  readonly options: Options;
  /** Whether p is as long as x, whatever the units: the run is then measured in those of its start. */
  readonly homogeneous?: boolean;
  /** The first step is at most this multiple of max |xᵢ|. */
  readonly firstLength?: number;
  /** Whether x + p lies inside `evaluations.box` where there is one. */
  readonly bounded?: true;
  /** What it measures beside the search, and in which units. */
  readonly measures?: readonly MeasureDescription[];
  readonly dimensions?: Readonly<Record<string, Dimension>>;
  start(n: number, evaluations: Evaluations): DirectionRule;
}

export interface DirectionRule {
  /** Writes the direction p at the iterate, or answers why there is none. */
  propose(at: Iterate, into: Float64Array): Outcome | undefined;
  /** Of the direction proposed last. */
  measures?: Readings;
  /** Takes in the step s = x⁺ − x and the change of gradient y = g⁺ − g. */
  learn?(s: Float64Array, y: Float64Array, at: Iterate): void;
  /** Forgets what was learnt; false where there was nothing to forget. */
  forget?(): boolean;
  /** The step to try first; by default 1, and at the start and after forgetting one about as long as x. */
  firstStep?(line: Line): number;
}

/**
 * The first step of a method that has learnt nothing is at most this multiple of max |xᵢ|, or of what stands for it at 0: near 1, and of
 * such the one under which the zoo asks least of methods that learn a length from it.
 */
const firstLength = 1.21;
/** The same for those that learn little from one step, and do not come back from one that led far off. */
export const carefulFirstLength = 0.1;

/** A step is not let grow beyond this multiple of max |xᵢ| and of |f|/‖g‖: past it f counts as unbounded. */
const farthest = 1e10;

/**
 * A solver that goes along a direction as far as a line search says: x⁺ = x + αp.
 *
 * Where the search fails, what was learnt is forgotten once before the run ends: also where nothing more seems to
 * be gained, as a direction made of spoilt pairs promises nothing either.
 */
export function descend(direction: Direction, search: LineSearch): Solver {
  return {
    name: direction.name,
    options: { ...direction.options, search: { name: search.name, ...search.options } },
    measures: [...solverMeasures('stepLength', 'slope'), ...(direction.measures ?? [])],
    ...(direction.bounded && { bounded: true }),
    start(evaluations, at) {
      const begin = (own: Evaluations, from: Iterate) => new Descent(own, from, direction, search);
      return direction.homogeneous ? inOwnUnits(evaluations, at, begin) : begin(evaluations, at);
    },
  };
}

class Descent implements Iteration {
  readonly measures: { stepLength: number; slope: number } = { stepLength: 0, slope: 0 };
  readonly dimensions: Readonly<Record<string, Dimension>>;
  private readonly line: Line;
  private readonly p: Float64Array;
  private readonly s: Float64Array;
  private readonly y: Float64Array;
  private readonly rule: DirectionRule;
  /** Nothing has been learnt yet, so that the direction says nothing about the step's length. */
  private fresh = true;

  constructor(
    private readonly evaluations: Evaluations,
    private readonly at: Iterate,
    private readonly direction: Direction,
    private readonly lineSearch: LineSearch,
  ) {
    this.rule = direction.start(evaluations.n, evaluations);
    this.dimensions = { ...direction.dimensions, slope: { value: 1 } };
    this.line = new Line(evaluations);
    this.p = new Float64Array(evaluations.n);
    this.s = new Float64Array(evaluations.n);
    this.y = new Float64Array(evaluations.n);
  }

  advance(): Outcome | undefined {
    const { evaluations, at, line, p, rule } = this;
    let exhausted = false;
    for (;;) {
      const refused = rule.propose(at, p);
      if (this.rule.measures !== undefined) Object.assign(this.measures, this.rule.measures);
      if (refused !== undefined) return refused;
      line.begin(at, p);
      const reach = this.reach();
      const end = this.lineSearch.search(line, this.firstStep(), Math.min(reach, this.longestStep()));
      this.measures.stepLength = line.alpha;
      this.measures.slope = line.slope0;
      // A step to the bound that still descends has gone as far as it may.
      if (end === 'found' || (end === 'unbounded' && line.alpha >= reach)) {
        this.move();
        return undefined;
      }
      const fell = line.value < at.value && line.completeGradient();
      if (fell) this.move();
      if (end === 'unbounded') return unbounded(line);
      exhausted ||= end === 'precision' || atPrecision(line);
      const forgot = rule.forget?.() ?? false;
      this.fresh = true;
      if (fell && forgot) return undefined;
      if (!forgot) {
        const { slope0 } = line;
        if (!exhausted && (end === 'nonFinite' || !(slope0 < 0)))
          return failure(end, line, evaluations.derivatives.gradient);
        if (!descendsStill(line, at)) return endOfDigits(evaluations, at, p, slope0);
        this.move();
        return undefined;
      }
    }
  }

  private move(): void {
    const { at, line, s, y } = this;
    line.accept(at);
    if (this.rule.learn !== undefined) {
      for (let i = 0; i < s.length; i++) {
        s[i] = at.x[i] - line.x[i]; // the step as rounded, which is the one that y belongs to
        y[i] = at.gradient[i] - line.gradient[i];
      }
      this.rule.learn(s, y, at);
    }
    this.fresh = false;
  }

  private firstStep(): number {
    if (this.rule.firstStep !== undefined && !this.fresh) return this.rule.firstStep(this.line);
    if (!this.fresh || this.rule.learn === undefined) return 1;
    return firstStepAlong(this.at, this.p, this.direction.firstLength);
  }

  /** How far the line goes before it meets a bound: the direction itself leads to none, but by rounding. */
  private reach(): number {
    const reach = this.evaluations.box?.reach(this.at.x, this.p) ?? Number.POSITIVE_INFINITY;
    return Math.max(1, reach);
  }

  private longestStep(): number {
    const { x, value, gradient } = this.at;
    const length = Math.max(largest(x), Math.abs(value) / largest(gradient));
    return (farthest * (length > 0 && length < Number.POSITIVE_INFINITY ? length : 1)) / largest(this.p);
  }
}

/** The first step along a direction of which nothing but the descent is known. */
export function firstStepAlong(at: Iterate, p: Float64Array, length?: number): number {
  return Math.min(1, firstStepLength(at, length) / norm(p));
}

/** How long a step is where nothing is known of f but its slope. */
export function firstStepLength(at: Iterate, length = firstLength): number {
  const [far, known] = [largest(at.x), lengthAt(at)];
  return length * (far === known ? far : powerOfTwo(known));
}

function unbounded(line: Line): Outcome {
  return {
    kind: 'diverged',
    message: `the function still falls after a step of length ${line.alpha.toExponential(1)} times the direction: it seems unbounded below`,
  };
}

/** Whether the decrease the direction promises, −gᵀp, is below what rounding leaves of the value's digits. */
function atPrecision({ value0, slope0 }: Line): boolean {
  return slope0 < 0 && -slope0 <= 100 * Number.EPSILON * Math.abs(value0);
}

function failure(end: SearchEnd, line: Line, made: 'given' | 'differences'): Outcome {
  if (end === 'nonFinite') {
    return {
      kind: 'nonFinite',
      message: 'every step tried along the direction gave a value that is not finite',
    };
  }
  const message =
    line.slope0 < 0
      ? `no step tried along the direction decreases the value: ${derivativeAdvice('gradient', made)}`
      : 'the direction ascends: use a damped or absolute-eigenvalue variant, or a trust region';
  return { kind: 'lineSearchFailed', message };
}
