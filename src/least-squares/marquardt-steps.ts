import { dot, largest } from '../linalg/vector.js';
import { derivativeAdvice } from '../objective/derivative-advice.js';
import type { Outcome } from '../objective/outcome.js';
import { powerOfTwo } from '../objective/own-units.js';
import {
  ResidualEvaluations,
  type ResidualIterate,
  residualGradient,
  valueRounding,
} from '../objective/residual-evaluations.js';
import type { Iteration } from '../objective/solver.js';
import { boxStep, isFarFromBounds } from '../search/box-step.js';
import { GainRatioDamping } from '../trust-region/damping.js';
import { DampedPath } from './damped-path.js';
import { atPrecision, stepVanished, vanishes } from './ends.js';
import { lastLook } from './last-look.js';
import { MarquardtModel, type ResidualScale } from './marquardt-model.js';

const mostRejections = 100;
/** A trial is accepted when its gain ratio exceeds this. */
const acceptance = 1e-4;
/** Where the values differ by rounding only, steps go on while they lower the removable part below this fraction. */
const settling = 0.95;
/** The fraction of the step at which the residuals' bend is measured. */
const probe = 1 / 32;
/**
 * A path that bends more, 2‖Da‖/‖Dp‖, leaves the region where the model holds. Transtrum and Sethna's 0.75 discards steps
 * that the gain ratio, which judges them all the same, lets pass.
 */
const mostBend = 3;
/** A path that bends less counts as straight: what the bend would add is not worth its residuals. */
const leastBend = 5e-4;

export interface MarquardtRules {
  /** δ at the start, as a fraction of the largest squared column norm of JD⁻¹. */
  readonly damping: number;
  readonly scaling: ResidualScale;
  /** Whether steps follow the bend of the residuals. */
  readonly acceleration: boolean;
}

/**
 * Levenberg and Marquardt's steps: p minimizes ‖Jp + r‖² + δ‖Dp‖², accepted where ½‖r‖² falls, else discarded
 * and δ raised until it does. With acceleration the step is p + ½a, and one that bends too far is discarded.
 *
 * Where ½‖r‖² is at its rounding error it no longer tells points apart; steps are then taken as long as they lower
 * ‖QQᵀr‖, which has more digits left.
 * In a box p minimizes the damped model there, and follows no bend where a bound changes it.
 * Source: Moré 1978; Nielsen 1999 (the rule for δ); Transtrum and Sethna 2012 (acceleration).
 */
export class MarquardtSteps implements Iteration {
  readonly measures = {
    damping: 0,
    gainRatio: Number.NaN,
    predictedDecrease: Number.NaN,
    actualDecrease: Number.NaN,
    rejections: 0,
    bend: Number.NaN,
  };
  private readonly model: MarquardtModel;
  private damping: GainRatioDamping;
  private readonly p: Float64Array;
  private readonly a: Float64Array;
  private readonly probed: Float64Array;
  /** Where the last trial stands; swapped with the iterate when it is accepted. */
  private readonly trial: ResidualIterate;
  /** The last bend, of a step of the last length. */
  private bend = Number.POSITIVE_INFINITY;
  private bentLength = 1;
  /** Whether bounds have changed the last step. */
  private held = false;

  constructor(
    private readonly evaluations: ResidualEvaluations,
    private readonly at: ResidualIterate,
    private readonly rules: MarquardtRules,
  ) {
    const { m, n } = evaluations;
    this.model = new MarquardtModel(m, n, rules.scaling);
    this.model.refresh(at);
    this.damping = new GainRatioDamping(rules.damping * this.model.curvature);
    this.p = new Float64Array(n);
    this.a = new Float64Array(n);
    this.probed = new Float64Array(m);
    this.trial = {
      x: new Float64Array(n),
      residuals: new Float64Array(m),
      jacobian: new Float64Array(m * n),
      value: Number.NaN,
      gradient: new Float64Array(n),
    };
  }

  advance(): Outcome | undefined {
    const { trial, damping, measures, model } = this;
    const rounding = valueRounding(this.at);
    // Even the undamped step promises less than rounding takes.
    if (model.removable ** 2 / 2 <= rounding) return this.settle(rounding);
    if (this.undampedVanishes()) return stepVanished;
    const before = damping.value;
    // Bounds may leave less to remove than rounding takes, though the residuals could fall without them.
    if (this.held && this.solve(0) <= rounding) return this.end(before);
    let finite = true;
    for (let rejections = 0; rejections < mostRejections && Number.isFinite(damping.value); rejections++) {
      const predicted = this.propose(damping.value, rejections);
      const tiny = predicted <= rounding || vanishes(this.p, this.at.x);
      if (tiny && rejections > 0) break;
      if (tiny) {
        // It is the damping that has shortened the step to nothing, which says nothing of this point.
        damping.accepted(1);
        rejections--;
        continue;
      }
      if (this.rules.acceleration && !this.accelerate()) {
        damping.rejected();
        continue;
      }
      const actual = this.evaluate();
      const ratio = actual / predicted;
      measures.gainRatio = ratio;
      finite = Number.isFinite(trial.value);
      if (finite && ratio > acceptance) {
        this.evaluations.jacobian(trial.x, trial.residuals, trial.jacobian);
        finite = model.refresh(trial);
        if (finite) {
          this.accept();
          damping.accepted(ratio);
          return undefined;
        }
      }
      damping.rejected();
    }
    return finite ? this.end(before) : notFinite;
  }

  /** The end of the run, unless a step that no damping has shortened lowers the value after all. */
  private end(damping: number): Outcome | undefined {
    const { at, trial, model, evaluations } = this;
    const promised = this.propose(0, 0);
    this.measures.damping = Number.NaN; // what is tried now is not damped
    const seen = lastLook(evaluations, at, trial, this.p, promised);
    if (seen !== 'lowered') return seen === 'noise' ? atPrecision : noDecrease(this.evaluations.derivatives);
    if (!model.refresh(trial)) return notFinite;
    this.damping = new GainRatioDamping(damping);
    this.accept();
    return undefined;
  }

  /** Where the value is at its rounding error: an undamped step, or a damped one, while ‖QQᵀr‖ falls. */
  private settle(rounding: number): Outcome | undefined {
    for (const [rejections, delta] of [0, this.damping.value].entries()) {
      this.propose(delta, rejections);
      if (vanishes(this.p, this.at.x)) return stepVanished;
      if (this.settles(this.evaluate(), rounding)) return undefined;
    }
    return atPrecision;
  }

  /** Accepts a trial that changes the value by rounding only, if it leaves less that a linear step can remove. */
  private settles(actual: number, rounding: number): boolean {
    const { at, trial, model } = this;
    if (!(actual >= -rounding)) return false;
    const before = model.removable;
    this.evaluations.jacobian(trial.x, trial.residuals, trial.jacobian);
    if (!model.refresh(trial)) return false;
    if (actual > rounding || model.removable < settling * before) {
      this.accept();
      return true;
    }
    model.refresh(at);
    return false;
  }

  /** Whether even the step without damping no longer changes x. */
  private undampedVanishes(): boolean {
    this.solve(0);
    return vanishes(this.p, this.at.x);
  }

  /** Writes the step for a damping; answers the decrease that it promises. */
  private propose(delta: number, rejections: number): number {
    const { measures } = this;
    measures.damping = delta;
    measures.rejections = rejections;
    measures.predictedDecrease = this.solve(delta);
    return measures.predictedDecrease;
  }

  /** p ← the minimizer of the damped model, in the box where there is one; answers how far it lies below. */
  private solve(delta: number): number {
    const { at, p, model } = this;
    const { box, m, n } = this.evaluations;
    const free = model.step(delta, p);
    this.held = false;
    if (box === undefined) return free;
    // What is steepest is so in the variables as D measures them, not in their units.
    const { units } = model;
    const inside = {
      x: at.x.map((xj, j) => xj * units[j]),
      value: at.value,
      gradient: at.gradient.map((g, j) => g / units[j]),
    };
    const bounds = box.inUnits(units.map((unit) => 1 / unit));
    for (let j = 0; j < n; j++) p[j] *= units[j];
    this.held = !isFarFromBounds(bounds, inside, p, 1);
    if (this.held) {
      // And J is about 1, so that no square of the gradient overflows.
      const steep = at.jacobian.map((entry, k) => entry / units[k % n]);
      const unit = powerOfTwo(largest(steep));
      for (let k = 0; k < steep.length; k++) steep[k] /= unit;
      for (let j = 0; j < n; j++) inside.gradient[j] = inside.gradient[j] / unit / unit;
      const scale = model.scale.map((d, j) => d / units[j]);
      boxStep(new DampedPath(steep, n, delta / unit / unit, scale), inside, bounds, p);
    }
    for (let j = 0; j < n; j++) p[j] /= units[j];
    if (!this.held) return free;
    let decrease = -dot(at.gradient, p);
    for (let i = 0, k = 0; i < m; i++) {
      let product = 0;
      for (let j = 0; j < n; j++, k++) product += at.jacobian[k] * p[j];
      decrease -= (product * product) / 2;
    }
    return decrease;
  }

  /** Evaluates the residuals where the step leads; answers by how much the value falls. */
  private evaluate(): number {
    const { at, trial, p, measures } = this;
    for (let j = 0; j < p.length; j++) trial.x[j] = at.x[j] + p[j];
    this.evaluations.box?.land(trial.x, at.x, p, 1);
    this.evaluations.residuals(trial.x, trial.residuals);
    trial.value = ResidualEvaluations.value(trial.residuals);
    measures.actualDecrease = at.value - trial.value;
    return measures.actualDecrease;
  }

  /** p ← p + ½a, where the path bends at all; false where it bends too far. */
  private accelerate(): boolean {
    const { at, trial, probed, p, a, model, measures } = this;
    if (this.held) return true; // the path to a bound is no longer the one that bends
    const length = model.length;
    measures.bend = (this.bend * length) / this.bentLength;
    if (measures.bend < leastBend) return true;
    for (let j = 0; j < p.length; j++) trial.x[j] = at.x[j] + probe * p[j];
    this.evaluations.residuals(trial.x, probed);
    for (let i = 0; i < probed.length; i++) probed[i] -= at.residuals[i];
    this.bend = measures.bend = 2 * model.acceleration(this.damping.value, probed, probe, a);
    this.bentLength = length;
    if (!(measures.bend <= mostBend)) {
      this.bend = Number.POSITIVE_INFINITY;
      return false;
    }
    if (measures.bend < leastBend) return true;
    const bent = p.map((pj, j) => pj + a[j] / 2);
    if (this.evaluations.box?.contains(bent.map((bj, j) => at.x[j] + bj)) ?? true) p.set(bent);
    return true;
  }

  private accept(): void {
    const { at, trial } = this;
    residualGradient(trial.jacobian, trial.residuals, trial.gradient);
    const left = { ...at };
    Object.assign(at, trial);
    Object.assign(trial, left);
  }
}

function noDecrease(jacobian: 'given' | 'differences'): Outcome {
  const advice = derivativeAdvice('Jacobian', jacobian);
  return { kind: 'lineSearchFailed', message: `no damped step decreases the sum of squares: ${advice}` };
}

const notFinite: Outcome = {
  kind: 'nonFinite',
  message: 'the residuals or their Jacobian are not finite wherever a damped step leads',
};
