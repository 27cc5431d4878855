import { identity, inner, jacobi, plus, times } from '../../oracles/dense/matrices.js';
import { doglegStep, eigenSolve, naiveRegion } from '../../oracles/second-order/regions.js';
import { solveFor } from '../../oracles/second-order/solvers.js';
import { naiveTrustRegion } from '../../oracles/second-order/trust-region.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

export const regionMutants: readonly Mutant[] = [
  mutantOf(
    {
      id: 'dogleg-tau-beyond-2',
      mistake: 'The dogleg path is followed beyond Newton’s point, τ > 2, to the boundary.',
      killedBy: '21',
    },
    (named) =>
      naiveRegion(
        'dogleg',
        (gradient, hessian, radius) => {
          const step = doglegStep(gradient, hessian, 2 ** 60);
          const { values } = jacobi(hessian, gradient.length);
          if (Math.min(...values) <= 0) return { step: doglegStep(gradient, hessian, radius), multiplier: 0 };
          const size = Math.sqrt(inner(gradient, gradient));
          const along = Math.min(size ** 2 / inner(gradient, times(hessian, gradient)), radius / size);
          const cauchy = gradient.map((g) => -along * g);
          const leg = plus(step, cauchy, -1);
          const length = Math.hypot(...leg);
          if (length === 0) return { step: cauchy, multiplier: 0 };
          let tau = 0;
          while (Math.hypot(...plus(cauchy, leg, tau + 2 ** -6)) < radius && tau < 64) tau += 2 ** -6;
          return { step: plus(cauchy, leg, tau), multiplier: 0 };
        },
        named,
      ),
  ),
  mutantOf(
    {
      id: 'dogleg-leg-from-zero',
      mistake: 'The second leg leads by Newton’s step, not from Cauchy’s point to Newton’s.',
      killedBy: '21d',
    },
    (named) =>
      naiveRegion(
        'dogleg',
        (gradient, hessian, radius) => ({
          step: doglegStep(gradient, hessian, radius, (tau, cauchy, newton) => plus(cauchy, newton, tau - 1)),
          multiplier: Number.NaN,
        }),
        named,
      ),
  ),
  mutantOf(
    {
      id: 'region-unchecked',
      mistake: 'Newton’s point is taken wherever it lies, the region forgotten.',
      killedBy: '21',
    },
    (named) =>
      naiveRegion(
        'steihaug',
        (gradient, hessian) => ({ step: solveFor(hessian, gradient), multiplier: 0 }),
        named,
      ),
  ),
  mutantOf(
    {
      id: 'stale-factor',
      mistake: 'In the loop on λ the step is solved with the factor of the λ before.',
      killedBy: '21b',
    },
    (named) =>
      naiveRegion(
        'exact',
        (gradient, hessian, radius) => {
          const n = gradient.length;
          const { multiplier } = eigenSolve(gradient, hessian, radius);
          const before = plus(hessian, identity(n), multiplier * (1 - 2 ** -10));
          return { step: solveFor(before, gradient), multiplier };
        },
        { ...named, tolerance: 0.1 },
      ),
  ),
  mutantOf(
    {
      id: 'hard-case-forgotten',
      mistake: 'Where g has no part along the lowest eigenvector the step stays inside the region.',
      killedBy: '21b',
    },
    (named) =>
      naiveRegion(
        'exact',
        (gradient, hessian, radius) => eigenSolve(gradient, hessian, radius, { completes: false }),
        { ...named, tolerance: 1e-9 },
      ),
  ),
  mutantOf(
    {
      id: 'tolerance-sign',
      mistake: 'The relative tolerance has the wrong sign: the step stops short of the boundary by it.',
      killedBy: '21b',
    },
    (named) =>
      naiveRegion(
        'exact',
        (gradient, hessian, radius) => {
          const { step, multiplier } = eigenSolve(gradient, hessian, radius);
          const at = Math.hypot(...step) >= radius * (1 - 2 ** -30);
          return { step: at ? step.map((p) => p * (1 - 0.1)) : step, multiplier };
        },
        { ...named, tolerance: 1e-6 },
      ),
  ),
  mutantOf(
    {
      id: 'radius-shrink-local',
      mistake: 'The smaller radius after a bad step is written to a local variable.',
      killedBy: '26c',
    },
    (named) =>
      naiveTrustRegion({ next: (radius, gainRatio) => (gainRatio > 0.75 ? 2 * radius : radius) }, named),
  ),
  mutantOf(
    {
      id: 'radius-never-grows',
      mistake: 'The radius stays as it is where the model proved right up to the boundary.',
      killedBy: '26c',
    },
    (named) =>
      naiveTrustRegion(
        { next: (radius, gainRatio, length) => (gainRatio >= 0.25 ? radius : length / 4) },
        named,
      ),
  ),
  mutantOf(
    {
      id: 'model-half-forgotten',
      mistake: 'The predicted decrease is −gᵀp − pᵀHp, without the half.',
      killedBy: '26c',
    },
    (named) => naiveTrustRegion({ predicted: (h, g, p) => -inner(g, p) - inner(p, times(h, p)) }, named),
  ),
];
