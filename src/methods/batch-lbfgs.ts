import { type SecantStepsOptions, secantSteps, secantStepsOptions } from '../transforms/secant-steps.js';
import { type Method, method } from './method.js';

/**
 * L-BFGS for training: steps −ηHg on batches, with pairs whose two gradients are taken on the same batch.
 *
 * A step costs two gradients. For whole functions, with a line search, `lbfgs` of `minimize` is the method.
 * Source: Schraudolph, Yu and Günter 2007.
 *
 * @example batchLbfgs({ learningRate: 0.1, memory: 20 })
 */
export function batchLbfgs(options: SecantStepsOptions = {}): Method {
  return method<SecantStepsOptions>('batchLbfgs', secantStepsOptions, options, (all) => [secantSteps(all)]);
}
