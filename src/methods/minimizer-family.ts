import { absoluteNewton, absoluteNewtonOptions } from './absolute-newton.js';
import { bfgs, bfgsOptions } from './bfgs.js';
import { broyden, broydenOptions } from './broyden.js';
import { entry } from './catalogue-entry.js';
import { dampedNewton, dampedNewtonOptions } from './damped-newton.js';
import { dfp, dfpOptions } from './dfp.js';
import { diagonalNewton, diagonalNewtonAsPublished, diagonalNewtonOptions } from './diagonal-newton.js';
import { guardedNewton } from './guarded-newton.js';
import { lbfgs, lbfgsOptions } from './lbfgs.js';
import { lbfgsAsPublished, lbfgsAsPublishedOptions } from './lbfgs-as-published.js';
import { lbfgsb, lbfgsbOptions } from './lbfgsb.js';
import { levenbergMarquardtNewton, levenbergMarquardtNewtonOptions } from './levenberg-marquardt-newton.js';
import { lineSearchNewton, lineSearchNewtonOptions } from './line-search-newton.js';
import { modifiedNewton, modifiedNewtonOptions } from './modified-newton.js';
import { newtonConjugateGradient, newtonConjugateGradientOptions } from './newton-conjugate-gradient.js';
import {
  nonlinearConjugateGradient,
  nonlinearConjugateGradientOptions,
} from './nonlinear-conjugate-gradient.js';
import { projectedNewton, projectedNewtonOptions } from './projected-newton.js';
import { pseudoinverseNewton, pseudoinverseNewtonOptions } from './pseudoinverse-newton.js';
import { secant, secantOptions } from './secant.js';
import { sr1, sr1Options } from './sr1.js';
import { trustRegion, trustRegionOptions } from './trust-region.js';
import { univariateNewton, univariateNewtonOptions } from './univariate-newton.js';

/** For a function, evaluated as often as a search or a region asks. */
export const minimizers = [
  entry(
    lineSearchNewton,
    lineSearchNewtonOptions,
    'Newton as far as a search says.',
    'Nocedal and Wright 2006',
  ),
  entry(dampedNewton, dampedNewtonOptions, 'Newton with a constant damping.', 'Levenberg 1944'),
  entry(
    absoluteNewton,
    absoluteNewtonOptions,
    'Newton with absolute eigenvalues: saddles repel.',
    'Dauphin et al. 2014',
  ),
  entry(
    pseudoinverseNewton,
    pseudoinverseNewtonOptions,
    "Newton within the Hessian's range.",
    'Penrose 1955',
  ),
  entry(
    modifiedNewton,
    modifiedNewtonOptions,
    'Newton by a modified Cholesky factorization.',
    'Gill and Murray 1974',
  ),
  entry(
    newtonConjugateGradient,
    newtonConjugateGradientOptions,
    'Newton by truncated conjugate gradients.',
    'Dembo, Eisenstat and Steihaug 1982',
  ),
  entry(trustRegion, trustRegionOptions, 'Newton in a trust region.', 'Moré and Sorensen 1983', [
    'trustRegionNewton',
  ]),
  entry(
    levenbergMarquardtNewton,
    levenbergMarquardtNewtonOptions,
    'Newton, damped by the gain ratio.',
    'Marquardt 1963',
  ),
  entry(diagonalNewton, diagonalNewtonOptions, "Divides by the Hessian's diagonal.", 'Becker and LeCun 1988'),
  entry(
    diagonalNewtonAsPublished,
    diagonalNewtonOptions,
    'Divides by row sums taken for the diagonal; for comparison.',
    'a published tutorial',
  ),
  entry(
    bfgs,
    bfgsOptions,
    'The quasi-Newton method of choice.',
    'Broyden, Fletcher, Goldfarb and Shanno 1970',
  ),
  entry(lbfgs, lbfgsOptions, 'BFGS by its last pairs alone.', 'Liu and Nocedal 1989'),
  entry(
    lbfgsAsPublished,
    lbfgsAsPublishedOptions,
    'L-BFGS with an error that made it famous; for comparison.',
    'a published tutorial',
  ),
  entry(
    lbfgsb,
    lbfgsbOptions,
    'L-BFGS within bounds.',
    'Byrd, Lu, Nocedal and Zhu 1995; Morales and Nocedal 2011',
  ),
  entry(
    projectedNewton,
    projectedNewtonOptions,
    'Newton within bounds, for few variables.',
    'Bertsekas 1982',
  ),
  entry(dfp, dfpOptions, 'The dual of BFGS.', 'Davidon 1959'),
  entry(sr1, sr1Options, 'Symmetric rank one, in a trust region.', 'Conn, Gould and Toint 1991'),
  entry(broyden, broydenOptions, "Broyden's good method on the gradient.", 'Broyden 1965'),
  entry(
    nonlinearConjugateGradient,
    nonlinearConjugateGradientOptions,
    'Conjugate gradients for any function.',
    'Hager and Zhang 2005',
  ),
  entry(univariateNewton, univariateNewtonOptions, 'Newton in one variable.', 'Newton 1669'),
  entry(secant, secantOptions, 'The secant method in one variable.', 'Ortega and Rheinboldt 1970'),
  entry(guardedNewton, {}, 'Newton in one variable that survives its failures.', 'Press et al. 2007'),
];
