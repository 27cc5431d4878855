import { rosenbrock } from '../rosenbrock.js';
import type { SumOfSquares } from '../sum-of-squares.js';
import * as one from './index.js';

/**
 * The 35 problems of Moré, Garbow and Hillstrom 1981 in their order, those of any dimension with the n of their
 * registry entry and the second of Powell's singular functions with n = 12.
 *
 * @example moreGarbowHillstrom().map((problem) => minimize(problem, problem.start, bfgs()).value)
 */
export function moreGarbowHillstrom(): readonly SumOfSquares[] {
  return [
    rosenbrock(),
    one.freudensteinRoth(),
    one.powellBadlyScaled(),
    one.brownBadlyScaled(),
    one.beale(),
    one.jennrichSampson(),
    one.helicalValley(),
    one.bard(),
    one.gaussian(),
    one.meyer(),
    one.gulf(),
    one.box(),
    one.powellSingular(),
    one.wood(),
    one.kowalikOsborne(),
    one.brownDennis(),
    one.osborne1(),
    one.biggs(),
    one.osborne2(),
    one.watson(),
    one.extendedRosenbrock(),
    one.powellSingular(12),
    one.penalty1(),
    one.penalty2(),
    one.variablyDimensioned(),
    one.trigonometric(),
    one.brownAlmostLinear(),
    one.discreteBoundaryValue(),
    one.discreteIntegral(),
    one.broydenTridiagonal(),
    one.broydenBanded(),
    one.linearFullRank(),
    one.linearRankOne(),
    one.linearRankOneWithZeros(),
    one.chebyquad(),
  ];
}
