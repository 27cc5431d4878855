import { dot, largest, norm } from '../linalg/vector.js';
import {
  ResidualEvaluations,
  type ResidualIterate,
  residualGradient,
  valueRounding,
} from '../objective/residual-evaluations.js';
import { columnLengths } from './column-lengths.js';

/** A step counts as a descent if ½‖r‖² falls by this fraction of what the slope promises. */
const sufficient = 0.1;
const shrink = 1 / 4;
/** A failed step is cut to the minimum of the parabola that it shows, between these fractions of it. */
const shortest = 2 ** -20;
/** A step that promises less than so many rounding errors of the value, and brings nothing, has nothing to bring. */
const negligible = 100;
/** Differences at lengths that fall by this factor … */
const scales = 1 / 32;
const mostScales = 8;
/** … and agree to this fraction are taken for the derivative. */
const agreement = 0.1;

/**
 * Looks once more before a run of least squares ends because no step seemed to change ½‖r‖²: along a step that no
 * damping has shortened, along −D⁻²g with Dⱼ = ‖Jⱼ‖, the steepest descent as the variables' own units have it (Moré
 * 1978, section 6), and along single variables, from as long as x, or as f/‖D⁻¹g‖, down to where the slope promises
 * less than noise.
 *
 * 'lowered': the trial stands at a step that lowers the value by more than its noise, its Jacobian known. 'noise':
 * `promised`, what the undamped step promises, is lost in what rounding does to the residuals, which is measured
 * here, or is cut short by their bend. 'contradicted': differences of the residuals do not say what the Jacobian says.
 */
export function lastLook(
  evaluations: ResidualEvaluations,
  at: ResidualIterate,
  trial: ResidualIterate,
  undamped: Float64Array,
  promised: number,
): 'lowered' | 'noise' | 'contradicted' {
  const noise = valueRounding(at, evaluations.noise(at, undamped));
  let blind = false; // a lower point was seen, where the Jacobian is not finite
  const { box } = evaluations;
  const gradient = box?.free(at.x, at.gradient) ?? at.gradient;
  const units = new Units(at.jacobian, at.x.length);
  const length = Math.max(units.largest(at.x), at.value / units.steepness(at.gradient));
  const steepest = units.steepest(gradient);
  for (const p of [undamped, steepest, ...single(steepest, gradient, noise)]) {
    const slope = dot(at.gradient, p);
    for (let alpha = length / units.largest(p); -alpha * slope > noise && alpha > 0; ) {
      for (let j = 0; j < p.length; j++) trial.x[j] = at.x[j] + alpha * p[j];
      box?.land(trial.x, at.x, p, alpha);
      evaluations.residuals(trial.x, trial.residuals);
      trial.value = ResidualEvaluations.value(trial.residuals);
      const finite = Number.isFinite(trial.value);
      const fall = at.value - trial.value;
      if (finite && fall > noise && fall >= -sufficient * alpha * slope) {
        evaluations.jacobian(trial.x, trial.residuals, trial.jacobian);
        if (trial.jacobian.every(Number.isFinite)) {
          residualGradient(trial.jacobian, trial.residuals, trial.gradient);
          return 'lowered';
        }
        blind = true;
      }
      // φ(α) = f + αφ′(0) + cα² has its minimum at −φ′(0)/2c.
      const minimum = finite ? (-slope * alpha) / (2 * (-fall - slope * alpha)) : shrink;
      alpha *= Math.min(shrink, Math.max(shortest, minimum));
    }
  }
  return blind || (promised > negligible * noise && contradicted(evaluations, at, trial, undamped, units))
    ? 'contradicted'
    : 'noise';
}

/** The linear steps −gⱼ/‖Jⱼ‖² of single variables that promise more than noise: others may hide them from all together. */
function* single(steepest: Float64Array, gradient: Float64Array, noise: number): Generator<Float64Array> {
  for (let j = 0; j < gradient.length; j++) {
    const p = new Float64Array(gradient.length);
    p[j] = steepest[j];
    if (-gradient[j] * p[j] > noise) yield p;
  }
}

/** Lengths in the variables' own units: Dⱼ = ‖Jⱼ‖, what residuals change by. */
class Units {
  readonly #lengths: Float64Array;

  constructor(jacobian: Float64Array, n: number) {
    this.#lengths = columnLengths(jacobian, n);
  }

  /** −D⁻²g; a variable that no residual knows stays. */
  steepest(gradient: Float64Array): Float64Array {
    return gradient.map((g, j) => (g === 0 ? 0 : -g / this.#lengths[j] / this.#lengths[j]));
  }

  /** max Dⱼ|xⱼ| */
  largest(x: Float64Array): number {
    return largest(x.map((xj, j) => this.#lengths[j] * xj));
  }

  /** max |gⱼ|/Dⱼ */
  steepness(gradient: Float64Array): number {
    return largest(gradient.map((g, j) => (g === 0 ? 0 : g / this.#lengths[j])));
  }
}

/** Differences of the residuals along p at two lengths that agree are taken for the truth: is Jp far from it? */
function contradicted(
  evaluations: ResidualEvaluations,
  at: ResidualIterate,
  trial: ResidualIterate,
  p: Float64Array,
  units: Units,
): boolean {
  const { m, n } = evaluations;
  const product = new Float64Array(m);
  for (let i = 0, k = 0; i < m; i++) for (let j = 0; j < n; j++, k++) product[i] += at.jacobian[k] * p[j];
  const quotient = (h: number) => {
    const change = new Float64Array(m);
    for (const sign of [1, -1]) {
      for (let j = 0; j < n; j++) trial.x[j] = at.x[j] + sign * h * p[j];
      evaluations.residuals(trial.x, trial.residuals);
      for (let i = 0; i < m; i++) change[i] += (sign * trial.residuals[i]) / (2 * h);
    }
    return change;
  };
  const length = (units.largest(at.x) || at.value / units.steepness(at.gradient)) / units.largest(p);
  const { box } = evaluations;
  const reaches = (sign: number) => box?.contains(at.x.map((xi, j) => xi + sign * length * p[j])) ?? true;
  if (!reaches(1) || !reaches(-1)) return false; // the bounds leave no room to look
  let before = quotient(length);
  for (let k = 1; k <= mostScales; k++) {
    const here = quotient(length * scales ** k);
    const size = norm(here);
    if (norm(here.map((entry, i) => entry - before[i])) <= agreement * size) {
      return norm(here.map((entry, i) => entry - product[i])) > size / 2;
    }
    before = here;
  }
  return true;
}
