import { hessianFreeOptions } from '../transforms/hessian-free-steps.js';
import { secantStepsOptions } from '../transforms/secant-steps.js';
import { adahessian, adahessianOptions } from './adahessian.js';
import { batchLbfgs } from './batch-lbfgs.js';
import { entry } from './catalogue-entry.js';
import { clippedDiagonalNewton, clippedDiagonalNewtonOptions } from './clipped-diagonal-newton.js';
import { fisherAdam, fisherAdamOptions } from './fisher-adam.js';
import { hessianFree } from './hessian-free.js';
import { kfac, kfacFixed, kfacFixedOptions, kfacOptions } from './kfac.js';
import { muon, muonOptions } from './muon.js';
import {
  batchGaussNewton,
  batchGaussNewtonOptions,
  naturalGradient,
  naturalGradientOptions,
} from './natural-gradient.js';
import { newton, newtonOptions } from './newton.js';
import { normuon, normuonOptions } from './normuon.js';
import { psgdKron, psgdKronOptions } from './psgd-kron.js';
import { shampoo, shampooOptions } from './shampoo.js';
import { soap, soapOptions } from './soap.js';
import { sophia, sophiaOptions } from './sophia.js';

/** For training, by curvature or by factors of the gradients. */
export const preconditioned = [
  entry(
    adahessian,
    adahessianOptions,
    'Adam that squares a probe of the Hessian in place of the gradient.',
    'Yao et al. 2021',
  ),
  entry(sophia, sophiaOptions, 'Clipped steps over a running diagonal of the curvature.', 'Liu et al. 2024'),
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
  entry(
    muon,
    muonOptions,
    'Steps of the orthogonalized mean gradient, matrix by matrix.',
    'Jordan et al. 2024',
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
    psgdKron,
    psgdKronOptions,
    'Whitens the gradient by fitted triangular factors, one an axis.',
    'Li 2018',
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
];
