import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { DampingSubject, SolverChoices, Trace, Trial } from '../../subjects/second-order/subject.js';
import { plus } from '../dense/matrices.js';

/** What of a damped method may be done wrong; what is left out is done right. */
export interface DampedParts {
  /** p from the Jacobian or Hessian, the residuals or gradient, and δD². */
  step?(matrix: Float64Array, right: Float64Array, damping: Float64Array): Float64Array;
  /** D² on the diagonal. */
  scale?(matrix: Float64Array, n: number, scaling: NonNullable<SolverChoices['scaling']>): Float64Array;
  /** Where the next trial starts after one was rejected. */
  afterRejection?(from: Float64Array, tried: Float64Array): Float64Array;
  /** δ after a trial with this gain ratio. */
  next?(damping: number, gainRatio: number): number;
  /** The decrease the model predicts. */
  predicted?(matrix: Float64Array, right: Float64Array, p: Float64Array): number;
  /** The damping to begin with. */
  initial?(relative: number, scale: number): number;
}

/** Fletcher's rule (1971): a good model is trusted more, a bad one less. */
export function fletcherRule(damping: number, gainRatio: number): number {
  if (!(gainRatio > 0)) return 4 * damping;
  if (gainRatio < 0.25) return 2 * damping;
  return gainRatio > 0.75 ? damping / 3 : damping;
}

export interface DampedModel {
  value(x: Float64Array): number;
  curvature(x: Float64Array, n: number): number;
  /** Nothing where the damped matrix is not definite. */
  trial(x: Float64Array, delta: number): { p: Float64Array; predicted: number } | undefined;
}

export function dampedTrace(
  {
    afterRejection = (from) => from,
    next = fletcherRule,
    initial = (relative, scale) => relative * scale,
  }: DampedParts,
  start: ArrayLike<number>,
  steps: number,
  { damping = 1e-3, scaling = 'diagonal' }: SolverChoices,
  model: DampedModel,
): Trace {
  const points: Float64Array[] = [Float64Array.from(start)];
  const trials: Trial[][] = [];
  const n = start.length;
  let delta = initial(damping, scaling === 'identity' ? model.curvature(points[0], n) : 1);
  for (let k = 0; k < steps; k++) {
    let from: Float64Array = points[k];
    const here = model.value(points[k]);
    const tried: Trial[] = [];
    while (tried.length < 30) {
      const proposed = model.trial(from, delta);
      if (proposed === undefined) {
        delta = next(delta, -1);
        continue;
      }
      const x = plus(from, proposed.p);
      if (x.every((xi, i) => xi === from[i])) break;
      const gainRatio = (here - model.value(x)) / proposed.predicted;
      tried.push({ x, damping: delta, gainRatio });
      delta = next(delta, gainRatio);
      if (gainRatio > 0) {
        points.push(x);
        break;
      }
      from = afterRejection(from, x);
    }
    if (tried.length > 0) trials.push(tried);
    if (points.length === k + 1) break;
  }
  return { points, trials };
}

/** A rule of dampings as a subject. */
export function naiveDamping(
  next: (damping: number, gainRatio: number) => number,
  { name = 'damping (naive)', claims = secondOrderClaims.gainRatioDamping } = {},
): DampingSubject {
  return {
    kind: 'damping',
    name,
    epsilon: 2 ** -52,
    claims,
    start(damping) {
      let value = damping;
      return {
        get value() {
          return value;
        },
        accepted(gainRatio) {
          value = next(value, Math.max(gainRatio, 2 ** -1074));
        },
        rejected() {
          value = next(value, -1);
        },
      };
    },
    scope: (body) => body(),
  };
}

export const dampingOracle = naiveDamping(fletcherRule);
