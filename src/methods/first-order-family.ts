import { adabelief, adabeliefOptions } from './adabelief.js';
import { adagrad, adagradOptions } from './adagrad.js';
import { adam, adamOptions } from './adam.js';
import { adamw, adamwOptions } from './adamw.js';
import { adan, adanOptions } from './adan.js';
import { adopt, adoptOptions } from './adopt.js';
import { entry } from './catalogue-entry.js';
import { gradientDescent, gradientDescentOptions } from './gradient-descent.js';
import { lamb, lambOptions } from './lamb.js';
import { lars, larsOptions } from './lars.js';
import { lion, lionOptions } from './lion.js';
import { momentum, momentumOptions } from './momentum.js';
import { nesterov, nesterovOptions } from './nesterov.js';
import { prodigy, prodigyOptions } from './prodigy.js';
import { rmsprop, rmspropOptions } from './rmsprop.js';
import { scheduleFreeAdamw, scheduleFreeAdamwOptions } from './schedule-free-adamw.js';
import { scheduleFreeSgd, scheduleFreeSgdOptions } from './schedule-free-sgd.js';
import { signDescent, signDescentOptions } from './sign-descent.js';

/** For training, by gradients and their moments. */
export const firstOrder = [
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
  entry(lars, larsOptions, 'Momentum, each layer scaled to its weights.', 'You, Gitman and Ginsburg 2017'),
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
];
