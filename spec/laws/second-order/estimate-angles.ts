import { cosineOf } from '../../arbitraries/pairs.js';
import { inner, plus, times } from '../../oracles/dense/matrices.js';
import type { Pair } from '../../oracles/dense/updates.js';
import { norm } from '../../subjects/point.js';
import type { Estimate, EstimateSubject } from '../../subjects/second-order/subject.js';

export function teach(estimate: Estimate, { s, y }: Pair): void {
  estimate.learn(s.slice(), y.slice());
}

/** ∏ 1/cos(s, y). */
export function conditioning(pairs: readonly Pair[]): number {
  return pairs.reduce((total, pair) => total / cosineOf(pair), 1);
}

/** Whether the update by this pair is defined well away from the rules for skipping it. */
export function regular(subject: EstimateSubject, before: Float64Array, pair: Pair): boolean {
  return denominatorAngle(subject, before, pair) > 1e-6;
}

export function isDfp({ method }: EstimateSubject): boolean {
  return method.toLowerCase().includes('dfp');
}

/** y − Bs, or s − Hy. */
export function misfit({ form }: EstimateSubject, m: Float64Array, { s, y }: Pair): Float64Array {
  return form === 'B' ? plus(y, times(m, s), -1) : plus(s, times(m, y), -1);
}

/** The cosine by which an update divides: of vᵀs for rank-one updates, of sᵀHy for Broyden's inverse, else 1. */
export function denominatorAngle(subject: EstimateSubject, m: Float64Array, pair: Pair): number {
  const { method, form } = subject;
  const cosine = (left: Float64Array, right: Float64Array) =>
    Math.abs(inner(left, right)) / (norm(left) * norm(right) || Number.POSITIVE_INFINITY);
  if (method.toLowerCase().includes('rankone')) {
    return cosine(misfit(subject, m, pair), form === 'B' ? pair.s : pair.y);
  }
  if (method.toLowerCase().includes('inversebroyden')) {
    const { s, y } = pair;
    return Math.abs(inner(s, times(m, y))) / (norm(s) * norm(m) * norm(y));
  }
  return 1;
}
