import { entry } from './catalogue-entry.js';
import { gaussNewton, gaussNewtonOptions } from './gauss-newton.js';
import { levenbergMarquardt, levenbergMarquardtOptions } from './levenberg-marquardt.js';

/** For residuals. */
export const residualMethods = [
  entry(gaussNewton, gaussNewtonOptions, 'Newton without the curvature of the residuals.', 'Gauss 1809'),
  entry(
    levenbergMarquardt,
    levenbergMarquardtOptions,
    'Gauss–Newton, damped by the gain ratio.',
    'Marquardt 1963',
  ),
];
