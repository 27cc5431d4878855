import { named } from '../algebra/nearest-name.js';
import { hessianFreeOptions } from '../transforms/hessian-free-steps.js';
import { secantStepsOptions } from '../transforms/secant-steps.js';
import { absoluteNewton, absoluteNewtonOptions } from './absolute-newton.js';
import { adabelief, adabeliefOptions } from './adabelief.js';
import { adagrad, adagradOptions } from './adagrad.js';
import { adahessian, adahessianOptions } from './adahessian.js';
import { adam, adamOptions } from './adam.js';
import { adamw, adamwOptions } from './adamw.js';
import { adan, adanOptions } from './adan.js';
import { adopt, adoptOptions } from './adopt.js';
import { batchLbfgs } from './batch-lbfgs.js';
import { bfgs, bfgsOptions } from './bfgs.js';
import { broyden, broydenOptions } from './broyden.js';
import { type CatalogueEntry, entry, type Runner } from './catalogue-entry.js';
import { clippedDiagonalNewton, clippedDiagonalNewtonOptions } from './clipped-diagonal-newton.js';
import { dampedNewton, dampedNewtonOptions } from './damped-newton.js';
import { dfp, dfpOptions } from './dfp.js';
import { diagonalNewton, diagonalNewtonAsPublished, diagonalNewtonOptions } from './diagonal-newton.js';
import { fisherAdam, fisherAdamOptions } from './fisher-adam.js';
import { gaussNewton, gaussNewtonOptions } from './gauss-newton.js';
import { gradientDescent, gradientDescentOptions } from './gradient-descent.js';
import { guardedNewton } from './guarded-newton.js';
import { hessianFree } from './hessian-free.js';
import { kfac, kfacFixed, kfacFixedOptions, kfacOptions } from './kfac.js';
import { lamb, lambOptions } from './lamb.js';
import { lars, larsOptions } from './lars.js';
import { lbfgs, lbfgsOptions } from './lbfgs.js';
import { lbfgsAsPublished, lbfgsAsPublishedOptions } from './lbfgs-as-published.js';
import { lbfgsb, lbfgsbOptions } from './lbfgsb.js';
import { levenbergMarquardt, levenbergMarquardtOptions } from './levenberg-marquardt.js';
import { levenbergMarquardtNewton, levenbergMarquardtNewtonOptions } from './levenberg-marquardt-newton.js';
import { lineSearchNewton, lineSearchNewtonOptions } from './line-search-newton.js';
import { lion, lionOptions } from './lion.js';
import { modifiedNewton, modifiedNewtonOptions } from './modified-newton.js';
import { momentum, momentumOptions } from './momentum.js';
import { muon, muonOptions } from './muon.js';
import {
  batchGaussNewton,
  batchGaussNewtonOptions,
  naturalGradient,
  naturalGradientOptions,
} from './natural-gradient.js';
import { nesterov, nesterovOptions } from './nesterov.js';
import { newton, newtonOptions } from './newton.js';
import { newtonConjugateGradient, newtonConjugateGradientOptions } from './newton-conjugate-gradient.js';
import {
  nonlinearConjugateGradient,
  nonlinearConjugateGradientOptions,
} from './nonlinear-conjugate-gradient.js';
import { normuon, normuonOptions } from './normuon.js';
import { prodigy, prodigyOptions } from './prodigy.js';
import { projectedNewton, projectedNewtonOptions } from './projected-newton.js';
import { pseudoinverseNewton, pseudoinverseNewtonOptions } from './pseudoinverse-newton.js';
import { rmsprop, rmspropOptions } from './rmsprop.js';
import { scheduleFreeAdamw, scheduleFreeAdamwOptions } from './schedule-free-adamw.js';
import { scheduleFreeSgd, scheduleFreeSgdOptions } from './schedule-free-sgd.js';
import { secant, secantOptions } from './secant.js';
import { shampoo, shampooOptions } from './shampoo.js';
import { signDescent, signDescentOptions } from './sign-descent.js';
import { soap, soapOptions } from './soap.js';
import { sophia, sophiaOptions } from './sophia.js';
import { sr1, sr1Options } from './sr1.js';
import { trustRegion, trustRegionOptions } from './trust-region.js';
import { univariateNewton, univariateNewtonOptions } from './univariate-newton.js';

/** Every named method: the one table from which help, documentation and tests over all methods are made. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  [
    ...running('train', [
      entry(gradientDescent, gradientDescentOptions, 'Steps against the gradient.', 'Cauchy 1847', ['sgd']),
      entry(momentum, momentumOptions, 'Gradient descent with heavy-ball momentum.', 'Polyak 1964'),
      entry(nesterov, nesterovOptions, 'Accelerated gradient, in the look-ahead points.', 'Nesterov 1983'),
      entry(
        adagrad,
        adagradOptions,
        'Divides each coordinate by the root of its summed squares.',
        'Duchi, Hazan and Singer 2011',
      ),
      entry(
        rmsprop,
        rmspropOptions,
        'Divides each coordinate by the root of its mean square.',
        'Tieleman and Hinton 2012',
      ),
      entry(adam, adamOptions, 'RMSProp with momentum, both corrected for bias.', 'Kingma and Ba 2015'),
      entry(adamw, adamwOptions, 'Adam with decoupled weight decay.', 'Loshchilov and Hutter 2019'),
      entry(
        adabelief,
        adabeliefOptions,
        'Adam that divides by the surprise, not by the square.',
        'Zhuang et al. 2020',
      ),
      entry(signDescent, signDescentOptions, 'Steps by the sign of the gradient.', 'Bernstein et al. 2018'),
      entry(
        lars,
        larsOptions,
        'Momentum, each layer scaled to its weights.',
        'You, Gitman and Ginsburg 2017',
      ),
      entry(lamb, lambOptions, 'Adam with decay, each layer scaled to its weights.', 'You et al. 2020'),
      entry(lion, lionOptions, 'Steps by the sign of an interpolated mean.', 'Chen et al. 2023'),
      entry(adan, adanOptions, 'Adam that looks ahead by differences of gradients.', 'Xie et al. 2022'),
      entry(
        adopt,
        adoptOptions,
        'Adam that divides before it has seen the newest gradient.',
        'Taniguchi et al. 2024',
      ),
      entry(
        scheduleFreeSgd,
        scheduleFreeSgdOptions,
        'Gradient descent that averages in place of a schedule.',
        'Defazio et al. 2024',
      ),
      entry(
        scheduleFreeAdamw,
        scheduleFreeAdamwOptions,
        'AdamW that averages in place of momentum and schedule.',
        'Defazio et al. 2024',
      ),
      entry(
        prodigy,
        prodigyOptions,
        'Adam that estimates its own rate by the distance to go.',
        'Mishchenko and Defazio 2023',
      ),
      entry(
        muon,
        muonOptions,
        'Steps of the orthogonalized mean gradient, matrix by matrix.',
        'Jordan et al. 2024',
      ),
      entry(
        adahessian,
        adahessianOptions,
        'Adam that squares a probe of the Hessian in place of the gradient.',
        'Yao et al. 2021',
      ),
      entry(
        sophia,
        sophiaOptions,
        'Clipped steps over a running diagonal of the curvature.',
        'Liu et al. 2024',
      ),
      entry(
        clippedDiagonalNewton,
        clippedDiagonalNewtonOptions,
        "Divides by an estimate of the Hessian's diagonal, both clipped.",
        'Becker and LeCun 1988',
      ),
      entry(
        fisherAdam,
        fisherAdamOptions,
        'Adam with the Fisher matrix in place of the squared gradient.',
        'Martens 2020',
      ),
      entry(normuon, normuonOptions, 'Muon with its neurons evened out.', 'Li et al. 2025'),
      entry(soap, soapOptions, "Adam in the eigenbases of Shampoo's factors.", 'Vyas et al. 2024'),
      entry(
        shampoo,
        shampooOptions,
        'Whitens the gradient by a factor for each axis.',
        'Gupta, Koren and Singer 2018',
      ),
      entry(
        batchLbfgs,
        secantStepsOptions,
        'L-BFGS on batches, each pair of gradients on one.',
        'Schraudolph, Yu and Günter 2007',
      ),
      entry(
        naturalGradient,
        naturalGradientOptions,
        'Solves with the whole Fisher matrix of the batch.',
        'Amari 1998',
      ),
      entry(
        batchGaussNewton,
        batchGaussNewtonOptions,
        'Gauss–Newton for training, its rate and damping its own.',
        'Martens and Grosse 2015',
      ),
      entry(
        hessianFree,
        hessianFreeOptions,
        'Gauss–Newton by conjugate gradients, chosen among by the loss.',
        'Martens 2010',
      ),
      entry(
        kfac,
        kfacOptions,
        'The natural gradient by Kronecker factors, its rate and damping its own.',
        'Martens and Grosse 2015',
      ),
      entry(
        kfacFixed,
        kfacFixedOptions,
        'K-FAC with a constant rate and damping: the cheapest.',
        'Ba, Grosse and Martens 2017',
      ),
      entry(
        newton,
        newtonOptions,
        'Solves with the Hessian, undamped; for small problems.',
        'Nocedal and Wright 2006',
      ),
    ]),
    ...running('minimize', [
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
      entry(
        diagonalNewton,
        diagonalNewtonOptions,
        "Divides by the Hessian's diagonal.",
        'Becker and LeCun 1988',
      ),
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
    ]),
    ...running('leastSquares', [
      entry(gaussNewton, gaussNewtonOptions, 'Newton without the curvature of the residuals.', 'Gauss 1809'),
      entry(
        levenbergMarquardt,
        levenbergMarquardtOptions,
        'Gauss–Newton, damped by the gain ratio.',
        'Marquardt 1963',
      ),
    ]),
  ].map((one) => [one.name, one]),
);

/** The methods that run in one place, by name. */
export function methodsIn<R extends Runner>(place: R): ReadonlyMap<string, CatalogueEntry<R>> {
  return new Map(
    [...catalogue].filter((named): named is [string, CatalogueEntry<R>] => named[1].runsIn === place),
  );
}

/**
 * Finds a method by its name or an alias, wherever it runs or in one place.
 *
 * @throws RangeError naming the nearest method there is
 * @example findMethod('sgd', 'train').create({ learningRate: 0.1 })
 */
export function findMethod(name: string): CatalogueEntry;
export function findMethod<R extends Runner>(name: string, place: R): CatalogueEntry<R>;
export function findMethod(name: string, place?: Runner): CatalogueEntry {
  const table = new Map(place === undefined ? catalogue : methodsIn(place));
  for (const one of [...table.values()]) for (const alias of one.aliases) table.set(alias, one);
  return named('method', name, table);
}

function running<R extends Runner>(
  runsIn: R,
  entries: readonly Omit<CatalogueEntry<R>, 'runsIn'>[],
): readonly CatalogueEntry<R>[] {
  return entries.map((one) => ({ ...one, runsIn }));
}
