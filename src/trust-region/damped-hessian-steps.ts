import { cholesky, choleskySolve } from '../linalg/cholesky.js';
import { dot, matrixVector } from '../linalg/vector.js';
import { derivativeAdvice } from '../objective/derivative-advice.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import { atPrecision, type Outcome } from '../objective/outcome.js';
import type { Iteration } from '../objective/solver.js';
import { descendsStill } from '../search/last-look.js';
import { Line } from '../search/line.js';
import { GainRatioDamping } from './damping.js';

/** What δ multiplies: the identity (Levenberg), or |diag H| (Marquardt), which does not depend on units. */
export type DampingScale = 'identity' | 'diagonal';

const mostRejections = 100;
/** A diagonal entry counts as at least this fraction of the largest one. */
const floor = 1e-8;
/** Where a step promises a smaller fraction of the value, and no step keeps the promise, rounding is the reason. */
const settled = 1e-12;

/**
 * Levenberg and Marquardt's method on any function: p = −(H + δD)⁻¹g, accepted where f falls, else discarded and
 * δ raised until it does.
 *
 * D = I or diag |H|, floored. Where H + δD is not positive definite δ rises without a trial.
 * Source: Levenberg 1944; Marquardt 1963; Nielsen 1999 (the rule for δ).
 */
export class DampedHessianSteps implements Iteration {
  readonly measures = {
    damping: 0,
    gainRatio: Number.NaN,
    predictedDecrease: Number.NaN,
    actualDecrease: Number.NaN,
    rejections: 0,
  };
  readonly dimensions;
  private readonly line: Line;
  private readonly damping: GainRatioDamping;
  private readonly hessian: Float64Array;
  private readonly damped: Float64Array;
  private readonly scale: Float64Array;
  private readonly p: Float64Array;
  private readonly work: Float64Array;

  constructor(
    private readonly evaluations: Evaluations,
    private readonly at: Iterate,
    initial: number,
    private readonly scaling: DampingScale,
  ) {
    const { n } = evaluations;
    const falls = { value: 1 };
    const damping = scaling === 'identity' ? { x: -2, value: 1 } : {};
    this.dimensions = { damping, predictedDecrease: falls, actualDecrease: falls };
    this.line = new Line(evaluations);
    this.hessian = new Float64Array(n * n);
    this.damped = new Float64Array(n * n);
    this.scale = new Float64Array(n).fill(1);
    this.p = new Float64Array(n);
    this.work = new Float64Array(n);
    evaluations.hessian(at.x, this.hessian);
    const most = this.rescale();
    this.damping = new GainRatioDamping(initial * (scaling === 'identity' ? most : 1));
  }

  advance(): Outcome | undefined {
    const { at, line, p, damping, measures } = this;
    let promised = Number.NaN;
    for (let rejections = 0; rejections < mostRejections; rejections++) {
      measures.damping = damping.value;
      measures.rejections = rejections;
      if (!this.solve()) {
        if (!Number.isFinite(damping.value)) break;
        damping.rejected();
        continue;
      }
      const predicted = this.predictedDecrease();
      if (Number.isNaN(promised)) promised = predicted;
      line.begin(at, p);
      const noise = 10 * Number.EPSILON * Math.abs(at.value);
      const finite = line.tryValue(1);
      const actual = at.value - line.value;
      // A prediction made small by damping alone says nothing about this point.
      const flat =
        finite && Math.abs(actual) <= noise && predicted <= noise && promised <= settled * Math.abs(at.value);
      const ratio = flat ? 1 : actual / predicted;
      measures.gainRatio = ratio;
      measures.predictedDecrease = predicted;
      measures.actualDecrease = actual;
      if (finite && (actual > 0 || flat) && line.completeGradient()) {
        if (flat && dot(line.gradient, line.gradient) >= dot(at.gradient, at.gradient)) return this.end();
        damping.accepted(ratio);
        line.accept(at);
        this.evaluations.hessian(at.x, this.hessian);
        this.rescale();
        return undefined;
      }
      if (predicted <= noise && promised <= settled * Math.abs(at.value)) return this.end();
      damping.rejected();
    }
    return {
      kind: 'lineSearchFailed',
      message: `no damping gave a step that decreases the value: ${derivativeAdvice('gradient', this.evaluations.derivatives.gradient)}`,
    };
  }

  /** The end of the run, unless a step that no damping has shortened lowers the value after all. */
  private end(): Outcome | undefined {
    const { at, line, p } = this;
    const newton = this.solve(0) ? [p.slice()] : [];
    this.measures.damping = Number.NaN; // what is tried now is not damped
    if (!descendsStill(line, at, newton)) return atPrecision;
    line.accept(at);
    this.evaluations.hessian(at.x, this.hessian);
    this.rescale();
    return undefined;
  }

  /** p ← −(H + δD)⁻¹g; false where the matrix is not positive definite. */
  private solve(damping = this.damping.value): boolean {
    const { hessian, damped, scale, p, at } = this;
    const n = p.length;
    damped.set(hessian);
    for (let i = 0; i < n; i++) damped[i * (n + 1)] += damping * scale[i];
    const factored = cholesky(damped, n, damped);
    if (factored.kind !== 'factored') return false;
    choleskySolve(factored, at.gradient, p);
    for (let i = 0; i < n; i++) p[i] = -p[i];
    return true;
  }

  /** −gᵀp − ½pᵀHp. */
  private predictedDecrease(): number {
    matrixVector(this.hessian, this.p, this.work);
    return -dot(this.at.gradient, this.p) - dot(this.p, this.work) / 2;
  }

  /** Brings D to the Hessian; answers its largest |diagonal entry|, 1 where all vanish. */
  private rescale(): number {
    const { hessian, scale, scaling } = this;
    const n = scale.length;
    let most = 0;
    for (let i = 0; i < n; i++) most = Math.max(most, Math.abs(hessian[i * (n + 1)]));
    if (most === 0) most = 1;
    if (scaling === 'diagonal') {
      for (let i = 0; i < n; i++) scale[i] = Math.max(Math.abs(hessian[i * (n + 1)]), floor * most);
    }
    return most;
  }
}
