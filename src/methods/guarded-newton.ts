import { knownOptions } from '../algebra/argument.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import { atPrecision, type Outcome } from '../objective/outcome.js';
import { lengthAt } from '../objective/own-units.js';
import type { Iteration, Solver } from '../objective/solver.js';
import { solverMeasures } from '../objective/solver-measures.js';
import { Line } from '../search/line.js';

const shrink = 0.5;
const mostTrials = 60;
const sufficient = 1e-4;
/** Without useful curvature the first step is as long as x, at 0 as |f/f′|; later ones at most ten times the last. */
const growth = 10;
/** Steps of this multiple of the first that still descend mean that f is unbounded below. */
const farthest = 1e20;

/**
 * Newton's method in one variable that survives its failures: x⁺ = x − αf′/|f″|, with α halved until f falls.
 *
 * |f″| turns steps towards maxima round; where f″ vanishes, or the step is longer than ten times the last, the
 * step is cut to that length; sign changes of f′ are kept as a bracket, which no later step may leave. Near a
 * minimum with f″ > 0 it is Newton's method, quadratic convergence included.
 * Source: Press, Teukolsky, Vetterling and Flannery 2007, section 9.4 (bracketing); Armijo 1966 (descent).
 *
 * @throws RangeError on a function of more than one variable
 * @example minimize({ value: ([x]) => Math.sqrt(1 + x * x) }, [5], guardedNewton())
 */
export function guardedNewton(options: Record<string, never> = {}): Solver {
  knownOptions('guardedNewton', options, []);
  return {
    name: 'guardedNewton',
    options: {},
    measures: solverMeasures('curvature'),
    start: (evaluations, at) => new Guarded(evaluations, at),
  };
}

class Guarded implements Iteration {
  readonly measures = { curvature: Number.NaN };
  private readonly line: Line;
  private readonly direction = new Float64Array(1);
  private readonly curvature = new Float64Array(1);
  /** A minimum lies between: f′ < 0 at `low`, f′ > 0 at `high`. */
  private low = Number.NEGATIVE_INFINITY;
  private high = Number.POSITIVE_INFINITY;
  private lastLength: number;
  private readonly farthest: number;

  constructor(
    private readonly evaluations: Evaluations,
    private readonly at: Iterate,
  ) {
    if (evaluations.n !== 1) {
      throw new RangeError(
        `guardedNewton(problem): expected a function of one variable, got ${evaluations.n}`,
      );
    }
    this.line = new Line(evaluations);
    const first = lengthAt(at);
    this.lastLength = (first > 0 && Number.isFinite(first) ? first : 1) / growth;
    this.farthest = farthest * growth * this.lastLength;
  }

  advance(): Outcome | undefined {
    const { at, line, direction } = this;
    const [x] = at.x;
    const [slope] = at.gradient;
    if (slope < 0) this.low = Math.max(this.low, x);
    else this.high = Math.min(this.high, x);
    this.evaluations.hessian(at.x, this.curvature);
    this.measures.curvature = this.curvature[0];
    direction[0] = this.inside(x, this.length(slope) * -Math.sign(slope));
    line.begin(at, direction);
    const noise = 4 * Number.EPSILON * Math.abs(at.value);
    let alpha = 1;
    for (let trial = 0; trial < mostTrials; trial++, alpha *= shrink) {
      if (!line.tryStep(alpha)) continue;
      const falls = line.value <= at.value + sufficient * alpha * line.slope0;
      const flat = line.value <= at.value + noise && Math.abs(line.slope) < Math.abs(line.slope0);
      if (!falls && !flat) continue;
      this.lastLength = Math.abs(alpha * direction[0]);
      line.accept(at);
      if (this.lastLength > this.farthest)
        return { kind: 'diverged', message: 'f still falls far out: it seems unbounded below' };
      return undefined;
    }
    if (-line.slope0 <= 100 * noise) {
      return atPrecision;
    }
    return { kind: 'lineSearchFailed', message: 'no step along −f′ decreases f: is the derivative right?' };
  }

  /** |f′/f″|, cut to ten times the last length. */
  private length(slope: number): number {
    const newton = Math.abs(slope / this.curvature[0]);
    const longest = growth * this.lastLength;
    if (newton <= longest) return newton;
    return longest; // also where f″ is 0 or NaN
  }

  /** The step, or the way to the middle of the bracket where it would leave it. */
  private inside(x: number, step: number): number {
    const target = x + step;
    if (target > this.low && target < this.high) return step;
    const bound = step > 0 ? this.high : this.low;
    return Number.isFinite(bound) ? (bound - x) / 2 : step;
  }
}
