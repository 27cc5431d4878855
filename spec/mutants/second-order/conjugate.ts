import { inner, plus, times } from '../../oracles/dense/matrices.js';
import { type BetaRule, naiveConjugate, naiveSteihaug } from '../../oracles/second-order/conjugate.js';
import { naiveDamping } from '../../oracles/second-order/damped-trace.js';
import { naiveRegion } from '../../oracles/second-order/regions.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

/** Nonlinear conjugate gradients with another β. */
const conjugateMutant = (id: string, mistake: string, rule: BetaRule): Mutant =>
  mutantOf({ id, mistake, killedBy: '35c' }, (named) =>
    naiveConjugate(rule, { ...named, claims: [...named.claims] }),
  );

/** Steihaug's step with another β. */
const steihaugMutant = (
  id: string,
  mistake: string,
  rule: (after: number, before: number) => number,
): Mutant =>
  mutantOf({ id, mistake, killedBy: '21c' }, (named) => naiveRegion('steihaug', naiveSteihaug(rule), named));

/** Nielsen's factor of the damping for an accepted step. */
const factor = (rho: number) => 1 - (2 * rho - 1) ** 3;

export const conjugateMutants: readonly Mutant[] = [
  conjugateMutant('polak-absolute', 'β is |g⁺ᵀy/gᵀg|, where max(0, ·) would restart.', (before, now) =>
    Math.abs(inner(now, plus(now, before, -1)) / inner(before, before)),
  ),
  conjugateMutant(
    'polak-unguarded',
    'β may be negative: Polak and Ribière’s without its restart.',
    (before, now) => inner(now, plus(now, before, -1)) / inner(before, before),
  ),
  conjugateMutant('polak-new-norm', 'β is divided by the norm of the new gradient.', (before, now) =>
    Math.max(0, inner(now, plus(now, before, -1)) / inner(now, now)),
  ),
  steihaugMutant(
    'steihaug-beta-short',
    'β is a tenth too small, so that directions are not conjugate.',
    (after, before) => (0.9 * after) / before,
  ),
  steihaugMutant(
    'steihaug-steepest',
    'β is 0: steepest descent, which ends inside the region too early or late.',
    () => 0,
  ),
  mutantOf(
    {
      id: 'steihaug-first-iterate',
      mistake: 'The solve ends at its first iterate, Cauchy’s point, wherever that is inside.',
      killedBy: '21c',
    },
    (named) =>
      naiveRegion(
        'steihaug',
        (gradient, hessian, radius) => {
          const size = Math.hypot(...gradient);
          const curvature = inner(gradient, times(hessian, gradient));
          const along = curvature > 0 ? Math.min(size ** 2 / curvature, radius / size) : radius / size;
          return { step: gradient.map((g) => -along * g), multiplier: Number.NaN };
        },
        named,
      ),
  ),
  mutantOf(
    {
      id: 'damping-square',
      mistake: 'The factor is 1 − (2ρ − 1)², which falls for bad steps as for good ones.',
      killedBy: '26g',
    },
    (named) =>
      naiveDamping(
        (damping, rho) => (rho > 0 ? damping * Math.max(1 / 3, 1 - (2 * rho - 1) ** 2) : 2 * damping),
        named,
      ),
  ),
  mutantOf(
    {
      id: 'damping-floor-of-half',
      mistake: 'The damping falls by half at most.',
      killedBy: '26g',
    },
    (named) =>
      naiveDamping((damping, rho) => (rho > 0 ? damping * Math.max(1 / 2, factor(rho)) : 2 * damping), named),
  ),
  mutantOf(
    {
      id: 'damping-doubles-only',
      mistake:
        'Each rejection doubles the damping, where the second in a row should make it four times as high.',
      killedBy: '26g',
    },
    (named) =>
      naiveDamping((damping, rho) => (rho > 0 ? damping * Math.max(1 / 3, factor(rho)) : 2 * damping), named),
  ),
];
