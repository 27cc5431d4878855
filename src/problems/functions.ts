import type { Interval } from '../algebra/argument.js';
import { named } from '../algebra/nearest-name.js';
import { chosen, type Factory, number, type Option, type OptionsOf, whole } from '../algebra/option.js';
import { booth } from './booth.js';
import { branin } from './branin.js';
import { sixHumpCamel, threeHumpCamel } from './camels.js';
import { dixonPrice } from './dixon-price.js';
import { goldsteinPrice } from './goldstein-price.js';
import { himmelblau } from './himmelblau.js';
import * as published from './more-garbow-hillstrom/index.js';
import { quadratic } from './quadratic.js';
import { quartic } from './quartic.js';
import { rosenbrock } from './rosenbrock.js';
import { saddle } from './saddle.js';
import { styblinskiTang } from './styblinski-tang.js';
import type { TestFunction } from './test-function.js';
import { trid } from './trid.js';
import { zakharov } from './zakharov.js';

/** A test function as the command line and the documentation see it. */
export interface FunctionEntry extends Factory<TestFunction> {
  /** One sentence. */
  readonly sentence: string;
}

const dimension = (n: number, least: Interval = '[2, ∞)', multipleOf?: number) =>
  whole(n, least, 'n, the number of variables', multipleOf);
const n10 = { n: dimension(10) };
const linearSizes = { n: dimension(10, '[3, ∞)') };

/** The problems of Moré, Garbow and Hillstrom 1981 in their order; the first, `rosenbrock`, stands above. */
const moreGarbowHillstrom = [
  entry('freudensteinRoth', 'A local minimum before the least.', {}, published.freudensteinRoth),
  entry('powellBadlyScaled', 'Two variables a million apart in scale.', {}, published.powellBadlyScaled),
  entry('brownBadlyScaled', 'A minimum a million steps away.', {}, published.brownBadlyScaled),
  entry('beale', 'A narrow valley that leads to infinity on its other end.', {}, published.beale),
  entry('jennrichSampson', 'Exponentials with large residuals.', {}, published.jennrichSampson),
  entry('helicalValley', 'A valley winding round an axis.', {}, published.helicalValley),
  entry('bard', 'A rational function fitted to 15 data.', {}, published.bard),
  entry('gaussian', 'A bell fitted to 15 data.', {}, published.gaussian),
  entry('meyer', 'A thermistor, condition number 10¹⁴.', {}, published.meyer),
  entry('gulf', 'A Weibull curve fitted to 99 data.', {}, published.gulf),
  entry('box', 'Two decays of three variables.', {}, published.box),
  entry('powellSingular', 'A singular Hessian at the minimum.', { n: dimension(4, '[4, ∞)', 4) }, ({ n }) =>
    published.powellSingular(n),
  ),
  entry('wood', 'Two valleys tied together.', {}, published.wood),
  entry('kowalikOsborne', 'Enzyme kinetics fitted to 11 data.', {}, published.kowalikOsborne),
  entry('brownDennis', 'Large residuals of fourth order.', {}, published.brownDennis),
  entry('osborne1', 'Two decays fitted to 33 data.', {}, published.osborne1),
  entry('biggs', 'Three decays of six variables.', {}, published.biggs),
  entry('osborne2', 'A decay and three peaks fitted to 65 data.', {}, published.osborne2),
  entry(
    'watson',
    'A polynomial that solves a differential equation.',
    { n: dimension(6, '[2, 31]') },
    ({ n }) => published.watson(n),
  ),
  entry('extendedRosenbrock', 'Separate curved valleys.', { n: dimension(10, '[2, ∞)', 2) }, ({ n }) =>
    published.extendedRosenbrock(n),
  ),
  entry('penalty1', 'Almost flat along a sphere.', n10, ({ n }) => published.penalty1(n)),
  entry('penalty2', 'Almost flat along an ellipsoid.', n10, ({ n }) => published.penalty2(n)),
  entry('variablyDimensioned', 'A quartic in one direction.', n10, ({ n }) =>
    published.variablyDimensioned(n),
  ),
  entry('trigonometric', 'Sines and cosines of all variables.', n10, ({ n }) => published.trigonometric(n)),
  entry('brownAlmostLinear', 'Linear but for a product.', n10, ({ n }) => published.brownAlmostLinear(n)),
  entry('discreteBoundaryValue', 'A boundary value problem by differences.', n10, ({ n }) =>
    published.discreteBoundaryValue(n),
  ),
  entry('discreteIntegral', 'The same as an integral equation.', n10, ({ n }) =>
    published.discreteIntegral(n),
  ),
  entry('broydenTridiagonal', 'A tridiagonal system of quadratics.', n10, ({ n }) =>
    published.broydenTridiagonal(n),
  ),
  entry('broydenBanded', 'A banded system of cubics.', n10, ({ n }) => published.broydenBanded(n)),
  entry('linearFullRank', 'Linear residuals of full rank.', linearSizes, ({ n }) =>
    published.linearFullRank(n),
  ),
  entry('linearRankOne', 'Linear residuals of rank one.', linearSizes, ({ n }) => published.linearRankOne(n)),
  entry('linearRankOneWithZeros', 'The same with zero rows and columns.', linearSizes, ({ n }) =>
    published.linearRankOneWithZeros(n),
  ),
  entry(
    'chebyquad',
    'The points of a quadrature with equal weights.',
    { n: dimension(8, '[1, ∞)') },
    ({ n }) => published.chebyquad(n),
  ),
];

/** The test functions by name. */
export const functions: ReadonlyMap<string, FunctionEntry> = new Map(
  [
    entry('booth', 'A quadratic of two variables.', {}, booth),
    entry('rosenbrock', 'A curved valley in n dimensions.', { n: dimension(2) }, ({ n }) => rosenbrock(n)),
    entry('quartic', 'A quartic of two variables, nearly flat across y = 0.', {}, quartic),
    entry('saddle', 'A saddle between two minima.', {}, saddle),
    entry(
      'quadratic',
      'A quadratic with a chosen condition number.',
      { n: dimension(10), condition: number(1_000, '[1, ∞)', 'κ, the largest eigenvalue over the least') },
      ({ n, condition }) => quadratic(n, condition),
    ),
    entry('himmelblau', 'Four minima around a maximum.', {}, himmelblau),
    entry(
      'goldsteinPrice',
      'Four minima of values 3 to 840, under a polynomial of degree eight.',
      {},
      goldsteinPrice,
    ),
    entry('branin', 'Three equal minima under a parabola and a cosine.', {}, branin),
    entry('threeHumpCamel', 'A minimum between two local ones.', {}, threeHumpCamel),
    entry('sixHumpCamel', 'Six minima, two of them least.', {}, sixHumpCamel),
    entry('styblinskiTang', 'Two minima along each variable.', { n: dimension(2) }, ({ n }) =>
      styblinskiTang(n),
    ),
    entry('zakharov', 'A sum of squares with a quartic ridge.', { n: dimension(2) }, ({ n }) => zakharov(n)),
    entry('dixonPrice', 'A chain of parabolas.', n10, ({ n }) => dixonPrice(n)),
    entry('trid', 'A quadratic with a tridiagonal Hessian.', n10, ({ n }) => trid(n)),
    ...moreGarbowHillstrom,
  ].map((one) => [one.name, one]),
);

/**
 * Finds a test function by its name.
 *
 * @throws RangeError naming the nearest one there is
 * @example findFunction('rosenbrock').create({ n: 10 })
 */
export function findFunction(name: string): FunctionEntry {
  return named('test function', name, functions);
}

function entry<O extends { readonly [name: string]: number }>(
  name: string,
  sentence: string,
  options: OptionsOf<O> & { readonly [K in keyof O]: Option<number> },
  make: (options: Required<O>) => TestFunction,
): FunctionEntry {
  return {
    name,
    sentence,
    options,
    create: (given = {}) => make(chosen<O>(name, options, given as O)),
  };
}
