import type { SubproblemSubject } from '../../subjects/second-order/subject.js';
import { inner, plus, times } from '../dense/matrices.js';
import { naiveSolver } from './naive-solver.js';
import { naiveRegion } from './regions.js';

/** β of the next direction from the gradients before and now, and the direction before. */
export type BetaRule = (before: Float64Array, now: Float64Array, p: Float64Array) => number;

/** Polak and Ribière's, never negative. */
export const polakRibiere: BetaRule = (before, now) =>
  Math.max(0, inner(now, plus(now, before, -1)) / inner(before, before));

/** Hager and Zhang's, above its bound. */
export const hagerZhang: BetaRule = (before, now, p) => {
  const y = plus(now, before, -1);
  const curvature = inner(p, y);
  return (inner(y, now) - (2 * inner(p, now) * inner(y, y)) / curvature) / curvature;
};

/** p⁺ = −g⁺ + βp from the start of the run, each direction made anew of all the steps so far. */
export function naiveConjugate(
  rule: BetaRule,
  { name = 'polakRibiere (naive solver)', claims = ['35c'] } = {},
) {
  return naiveSolver(
    'polakRibiere',
    ({ g, pairs }) => {
      const gradients = [g];
      for (const { y } of [...pairs].reverse()) gradients.unshift(plus(gradients[0], y, -1));
      let p: Float64Array = gradients[0].map((gi) => -gi);
      for (let k = 1; k < gradients.length; k++) {
        const [before, now] = [gradients[k - 1], gradients[k]];
        p = plus(
          now.map((gi) => -gi),
          p,
          rule(before, now, p),
        );
        if (!(inner(p, now) < 0)) p = now.map((gi) => -gi);
      }
      return p;
    },
    { name, claims },
  );
}

/** Steihaug's steps of conjugate gradients to the boundary; `rule` makes β of ‖r⁺‖² and ‖r‖². */
export function naiveSteihaug(
  rule: (after: number, before: number) => number = (after, before) => after / before,
): SubproblemSubject['solve'] {
  return (gradient, hessian, radius) => {
    const multiplier = Number.NaN;
    let p: Float64Array = new Float64Array(gradient.length);
    let r: Float64Array = gradient.map((g) => -g);
    let d = r;
    const size = Math.hypot(...gradient);
    for (let k = 0; k < 2 * gradient.length && Math.hypot(...r) > 1e-3 * size; k++) {
      const product = times(hessian, d);
      const curvature = inner(d, product);
      const alpha = inner(r, r) / curvature;
      if (!(curvature > 0) || Math.hypot(...plus(p, d, alpha)) >= radius) {
        return { step: plus(p, d, reach(p, d, radius)), multiplier };
      }
      p = plus(p, d, alpha);
      const next = plus(r, product, -alpha);
      d = plus(next, d, rule(inner(next, next), inner(r, r)));
      r = next;
    }
    return { step: p, multiplier };
  };
}

/** The τ ≥ 0 at which ‖p + τd‖ = Δ, by bisection. */
function reach(p: Float64Array, d: Float64Array, radius: number): number {
  let [low, high] = [0, (2 * radius) / Math.hypot(...d)];
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (Math.hypot(...plus(p, d, middle)) > radius) high = middle;
    else low = middle;
  }
  return low;
}

export const conjugateOracle = naiveConjugate(polakRibiere);

export const steihaugOracle = naiveRegion('steihaug', naiveSteihaug());
