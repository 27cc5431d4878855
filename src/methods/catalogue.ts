import { named } from '../algebra/nearest-name.js';
import type { Option } from '../algebra/option.js';
import { adabelief, adabeliefOptions } from './adabelief.js';
import { adagrad, adagradOptions } from './adagrad.js';
import { adam, adamOptions } from './adam.js';
import { adamw, adamwOptions } from './adamw.js';
import { gradientDescent, gradientDescentOptions } from './gradient-descent.js';
import { lamb, lambOptions } from './lamb.js';
import { lars, larsOptions } from './lars.js';
import type { Method } from './method.js';
import { momentum, momentumOptions } from './momentum.js';
import { nesterov, nesterovOptions } from './nesterov.js';
import { newton, newtonOptions } from './newton.js';
import { rmsprop, rmspropOptions } from './rmsprop.js';
import { signDescent, signDescentOptions } from './sign-descent.js';

/** A method as the command line, the documentation and the tests see it. */
export interface CatalogueEntry<M = Method> {
  /** The export's name. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** One sentence. */
  readonly summary: string;
  readonly source: string;
  readonly options: Readonly<Record<string, Option<unknown>>>;
  /** The options' defaults. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** @throws TypeError on an unknown option; RangeError or TypeError on a value that is not allowed */
  create(options?: Readonly<Record<string, unknown>>): M;
}

/** The methods by name: the one table from which help, documentation and tests over all methods are made. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  [
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
    entry(
      newton,
      newtonOptions,
      'Solves with the Hessian, undamped; for small problems.',
      'Nocedal and Wright 2006',
    ),
  ].map((one) => [one.name, one]),
);

/**
 * Finds a method by its name or an alias.
 *
 * @throws RangeError naming the nearest method there is
 * @example findMethod('sgd').create({ learningRate: 0.1 })
 */
export function findMethod(name: string): CatalogueEntry {
  const table = new Map(catalogue);
  for (const one of catalogue.values()) for (const alias of one.aliases) table.set(alias, one);
  return named('method', name, table);
}

/** An entry, its name and defaults read off the method itself. */
export function entry<O extends object, M extends { readonly name: string }>(
  create: (options?: O) => M,
  options: { readonly [K in keyof Required<O>]: Option<Required<O>[K]> },
  summary: string,
  source: string,
  aliases: readonly string[] = [],
): CatalogueEntry<M> {
  const described = options as Readonly<Record<string, Option<unknown>>>;
  return {
    name: create().name,
    aliases,
    summary,
    source,
    options: described,
    defaults: Object.fromEntries(Object.entries(described).map(([name, option]) => [name, option.default])),
    create: (given = {}) => create(given as O),
  };
}
