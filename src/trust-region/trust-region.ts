import type { Options } from '../algebra/options.js';
import type { SecantOperator } from '../curvature/vector-operator.js';
import { dot, largest, norm } from '../linalg/vector.js';
import { derivativeAdvice } from '../objective/derivative-advice.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { HessianOperator } from '../objective/hessian-operator.js';
import type { Iterate } from '../objective/iterate.js';
import type { Outcome } from '../objective/outcome.js';
import { inOwnUnits } from '../objective/own-units.js';
import type { Dimension, Iteration, Solver } from '../objective/solver.js';
import { solverMeasures } from '../objective/solver-measures.js';
import { descendsStill } from '../search/last-look.js';
import { Line } from '../search/line.js';
import { endOfDigits } from '../search/slope-check.js';
import { modelValue, type QuadraticModel, type Subproblem, type SubproblemRule } from './quadratic-model.js';

/** The model's Hessian: the function's own, which follows the iterate, or what steps teach, rejected ones too. */
export type ModelHessian = QuadraticModel['hessian'] &
  Partial<Pick<HessianOperator, 'moveTo'> & Pick<SecantOperator, 'learn'>>;

export interface TrustRegionOptions {
  /** 'cauchy': ‖g‖³/|gᵀHg|, the length of the step to the model's minimum along −g where it has one; else 1. */
  readonly initialRadius: number | 'cauchy';
  readonly maxRadius: number;
  /** A trial is accepted when ρ, the actual decrease over the predicted one, exceeds this. */
  readonly acceptance: number;
}

const poor = 0.25;
const good = 0.75;
const shrinkTo = 0.25;
const growBy = 2;
const mostRejections = 60;

/**
 * A solver that minimizes a quadratic model within a radius Δ and lets the function judge it:
 * ρ = (f(x) − f(x + p))/(−m(p)).
 *
 * Δ⁺ = ¼‖p‖ where ρ < ¼, 2Δ where ρ > ¾ and the step reached the boundary; x moves where ρ > acceptance. An
 * iteration ends with an accepted step, however many trials it takes. Where both decreases are below the
 * rounding error of f, ρ counts as 1 and the slope decides.
 * Source: Nocedal and Wright 2006, algorithm 4.1; Conn, Gould and Toint 2000, section 17.4.2 (rounding).
 */
export function trustRegionSolver(
  name: string,
  options: Options,
  { initialRadius, maxRadius, acceptance }: TrustRegionOptions,
  subproblem: Subproblem,
  hessian: (evaluations: Evaluations) => ModelHessian,
): Solver {
  return {
    name,
    options,
    measures: [
      ...solverMeasures(
        'radius',
        'gainRatio',
        'damping',
        'predictedDecrease',
        'actualDecrease',
        'rejections',
      ),
      ...(subproblem.measures ?? []),
    ],
    start: (evaluations, at) =>
      inOwnUnits(
        evaluations,
        at,
        (own, from, { x }) =>
          new TrustRegion(
            own,
            from,
            subproblem,
            hessian(own),
            initialRadius === 'cauchy' ? initialRadius : initialRadius / x,
            maxRadius / x,
            acceptance,
          ),
      ),
  };
}

class TrustRegion implements Iteration {
  readonly measures = {
    radius: 0,
    gainRatio: Number.NaN,
    damping: Number.NaN,
    predictedDecrease: Number.NaN,
    actualDecrease: Number.NaN,
    rejections: 0,
  };
  readonly dimensions: Readonly<Record<string, Dimension>> = {
    radius: { x: 1 },
    damping: { x: -2, value: 1 },
    predictedDecrease: { value: 1 },
    actualDecrease: { value: 1 },
  };
  private readonly subproblem: SubproblemRule;
  private readonly line: Line;
  private readonly p: Float64Array;
  private readonly work: Float64Array;
  private readonly model: QuadraticModel;
  private radius: number;

  constructor(
    private readonly evaluations: Evaluations,
    private readonly at: Iterate,
    of: Subproblem,
    private readonly hessian: ModelHessian,
    initialRadius: number | 'cauchy',
    private readonly maxRadius: number,
    private readonly acceptance: number,
  ) {
    this.subproblem = of.start(evaluations.n);
    this.dimensions = { ...this.dimensions, ...of.dimensions };
    this.line = new Line(evaluations);
    this.p = new Float64Array(evaluations.n);
    this.work = new Float64Array(evaluations.n);
    hessian.moveTo?.(at.x);
    this.model = {
      get gradient() {
        return at.gradient;
      },
      hessian,
    };
    this.radius = Math.min(maxRadius, initialRadius === 'cauchy' ? this.cauchyLength() : initialRadius);
  }

  private cauchyLength(): number {
    const { gradient } = this.at;
    this.hessian.multiply(gradient, this.work);
    const length = norm(gradient);
    const curvature = Math.abs(dot(gradient, this.work)) / length ** 2;
    const cauchy = length / curvature;
    return cauchy > 0 && Number.isFinite(cauchy) ? cauchy : 1;
  }

  advance(): Outcome | undefined {
    const { at, line, p, model, measures } = this;
    for (let rejections = 0; rejections < mostRejections; rejections++) {
      if (this.hessian.learn !== undefined) this.evaluations.observer?.model?.(at.x, this.hessian.dense());
      const end = this.subproblem.solve(model, this.radius, p);
      const length = norm(p);
      const predicted = this.predicted(end.multiplier, length);
      if (Number.isNaN(predicted)) return modelNotFinite;
      if (!(predicted > 0)) return this.end();
      line.begin(at, p);
      const noise = 10 * Number.EPSILON * Math.abs(at.value);
      const finite = line.tryValue(1);
      const actual = at.value - line.value;
      const flat = finite && Math.abs(actual) <= noise && predicted <= noise;
      const ratio = finite ? (flat ? 1 : actual / predicted) : Number.NEGATIVE_INFINITY;
      measures.radius = this.radius;
      measures.gainRatio = ratio;
      measures.damping = end.multiplier;
      measures.predictedDecrease = predicted;
      measures.actualDecrease = actual;
      measures.rejections = rejections;
      if (end.measures !== undefined) Object.assign(measures, end.measures);
      if (ratio > this.acceptance && line.completeGradient()) {
        // Where the values cannot tell, only a step that shortens the gradient is progress.
        if (flat && norm(line.gradient) >= norm(at.gradient)) {
          return this.end();
        }
        this.resize(ratio, length, end.onBoundary);
        this.move();
        return undefined;
      }
      this.radius = shrinkTo * length;
      if (this.hessian.learn !== undefined && finite && line.completeGradient())
        this.teach(line.gradient, at.gradient);
      if (predicted <= noise) return this.end();
    }
    return {
      kind: 'lineSearchFailed',
      message: `${mostRejections} smaller and smaller regions held no acceptable step: ${derivativeAdvice('gradient', this.evaluations.derivatives.gradient)}`,
    };
  }

  /** The end of the run, unless a step that the region did not shorten lowers the value after all. */
  private end(): Outcome | undefined {
    const { at, line, model, p } = this;
    this.subproblem.solve(model, largest(at.x) || 1, p);
    const free = p.every(Number.isFinite) ? p.slice() : at.gradient.map((g) => -g);
    if (!descendsStill(line, at, [free])) {
      return endOfDigits(this.evaluations, at, free, dot(at.gradient, free));
    }
    for (let i = 0; i < p.length; i++) p[i] = line.x[i] - at.x[i];
    this.radius = Math.min(this.maxRadius, growBy * norm(p));
    this.move();
    return undefined;
  }

  /** −m(p); where (H + λI)p = −g as (λ‖p‖² − gᵀp)/2, of which no part cancels another. */
  private predicted(multiplier: number, length: number): number {
    const { at, p, model, work } = this;
    if (Number.isNaN(multiplier)) return -modelValue(model, p, work);
    return (multiplier * length * length - dot(at.gradient, p)) / 2;
  }

  private resize(ratio: number, length: number, onBoundary: boolean): void {
    if (ratio < poor) this.radius = shrinkTo * length;
    else if (ratio > good && onBoundary) this.radius = Math.min(this.maxRadius, growBy * this.radius);
  }

  private move(): void {
    const { at, line, hessian } = this;
    line.accept(at); // the line's gradient is now the one at the point left
    if (hessian.learn !== undefined) this.teach(at.gradient, line.gradient);
    hessian.moveTo?.(at.x);
  }

  private teach(after: Float64Array, before: Float64Array): void {
    const { work, p } = this;
    for (let i = 0; i < work.length; i++) work[i] = after[i] - before[i];
    this.hessian.learn?.(p, work, after);
  }
}

const modelNotFinite: Outcome = {
  kind: 'nonFinite',
  message: 'the Hessian is not finite here, so there is no model to trust',
};
