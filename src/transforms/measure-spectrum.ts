import { choice, chosen, type OptionsOf, whole } from '../algebra/option.js';
import { spectralDensity } from '../curvature/spectral-density.js';
import type { CurvatureKind } from '../objective/objective.js';
import { signedLogShares } from '../objective/signed-log-bins.js';
import { curvatureOf } from './curvature-of.js';
import type { Context, Step, Transform } from './transform.js';

export interface SpectrumOptions {
  /** Which curvature. */
  curvature?: CurvatureKind;
  /** Steps from one look to the next. */
  every?: number;
  /** How many random probes a look takes. */
  probes?: number;
  /** How many products with the curvature a probe takes. */
  products?: number;
}

export const spectrumOptions: OptionsOf<SpectrumOptions> = {
  curvature: choice('hessian', ['hessian', 'gaussNewton', 'fisher', 'empiricalFisher'], 'which curvature'),
  every: whole(100, '[1, ∞)', 'steps from one look to the next'),
  probes: whole(1, '[1, ∞)', 'how many random probes a look takes'),
  products: whole(20, '[1, ∞)', 'how many products with the curvature a probe takes'),
};

/**
 * Looks at the curvature's spectrum now and then, and passes the update on: its largest and smallest eigenvalue and the
 * shares of eigenvalues by sign and size, on the grid of `signedLogGrid`, by stochastic Lanczos quadrature on the step's batch.
 *
 * A look costs probes·products products, each about two gradients.
 * State: `count`.
 * Source: Ghorbani, Krishnan and Xiao 2019.
 *
 * @throws RangeError on a value outside its interval; TypeError where the objective has no such curvature
 * @example chain(measureSpectrum({ every: 50 }), learningRate(0.1))
 */
export function measureSpectrum(options: SpectrumOptions = {}): Transform {
  const values = chosen('measureSpectrum', spectrumOptions, options);
  const { curvature: kind, every, probes, products } = values;
  return {
    name: 'measureSpectrum',
    options: { ...values },
    needs: [kind],
    measures: [
      { name: 'largest', kind: 'number', meaning: `the largest eigenvalue of the curvature (${kind})` },
      { name: 'smallest', kind: 'number', meaning: `the smallest eigenvalue of the curvature (${kind})` },
      {
        name: 'density',
        kind: 'list',
        entries: 'signedLog',
        meaning: 'the share of eigenvalues in each bin of a grid in log |λ| on both sides of 0',
      },
    ],
    init: () => ({ count: 0 }),
    update<T>(context: Context<T>, { count }: { count: number }): Step<T> {
      const { update, algebra, parameters, random } = context;
      const step = { update, state: { count: count + 1 } };
      if (count % every !== 0) return step;
      let measured: Step<T>['measures'] = {};
      algebra.scope(() => {
        const operator = curvatureOf('measureSpectrum', kind, context);
        const density = spectralDensity(operator, parameters, random, { probes, steps: products });
        const { nodes, weights } = density;
        measured =
          density.kind === 'nonFinite'
            ? { largest: Number.NaN, smallest: Number.NaN }
            : {
                largest: nodes[nodes.length - 1],
                smallest: nodes[0],
                density: signedLogShares(nodes, weights),
              };
        return [];
      });
      return { ...step, measures: measured };
    },
  };
}
