/**
 * Every transform as an operator, under its own name and with its own arguments.
 *
 * @example pipe(gradient(), clipByNorm(1), momentum(0.9), learningRate(0.05))
 * @module
 */
import * as pure from '../src/transforms/index.js';
import type { Transform } from '../src/transforms/transform.js';
import { type FrameOperator, lift } from './lift.js';

const twin =
  <A extends readonly unknown[]>(make: (...args: A) => Transform) =>
  (...args: A): FrameOperator =>
    lift(make(...args));

export const chain = twin(pure.chain);
export const clipByKl = twin(pure.clipByKl);
export const clipByNorm = twin(pure.clipByNorm);
export const clipByValue = twin(pure.clipByValue);
export const grouped = twin(pure.grouped);
export const hessianFreeSteps = twin(pure.hessianFreeSteps);
export const interpolatedMomentum = twin(pure.interpolatedMomentum);
export const learningRate = twin(pure.learningRate);
export const masked = twin(pure.masked);
export const measureHistograms = twin(pure.measureHistograms);
export const measureLayers = twin(pure.measureLayers);
export const measureSpectrum = twin(pure.measureSpectrum);
export const momentum = twin(pure.momentum);
export const nesterov = twin(pure.nesterov);
export const newton = twin(pure.newton);
export const normalizeNeurons = twin(pure.normalizeNeurons);
export const orthogonalize = twin(pure.orthogonalize);
export const precondition = twin(pure.precondition);
export const primalAverage = twin(pure.primalAverage);
export const proximalStep = twin(pure.proximalStep);
export const refreshed = twin(pure.refreshed);
export const quadraticSteps = twin(pure.quadraticSteps);
export const scale = twin(pure.scale);
export const preconditionByRoots = twin(pure.preconditionByRoots);
export const scaleByBelief = twin(pure.scaleByBelief);
export const scaleByDistance = twin(pure.scaleByDistance);
export const scaleByMeanSquare = twin(pure.scaleByMeanSquare);
export const clipByCurvature = twin(pure.clipByCurvature);
export const scaleByCurvatureDiagonal = twin(pure.scaleByCurvatureDiagonal);
export const scaleByCurvatureSquare = twin(pure.scaleByCurvatureSquare);
export const scaleByFisher = twin(pure.scaleByFisher);
export const scaleByMoments = twin(pure.scaleByMoments);
export const scaleByNesterovMoments = twin(pure.scaleByNesterovMoments);
export const scaleByPreviousMeanSquare = twin(pure.scaleByPreviousMeanSquare);
export const scaleByRotatedMoments = twin(pure.scaleByRotatedMoments);
export const scaleBySumOfSquares = twin(pure.scaleBySumOfSquares);
export const secantSteps = twin(pure.secantSteps);
export const sign = twin(pure.sign);
export const trustRatio = twin(pure.trustRatio);
export const weightAverage = twin(pure.weightAverage);
export const weightDecay = twin(pure.weightDecay);
export const whitenByFactors = twin(pure.whitenByFactors);
