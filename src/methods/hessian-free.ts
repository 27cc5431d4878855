import {
  type HessianFreeOptions,
  hessianFreeOptions,
  hessianFreeSteps,
} from '../transforms/hessian-free-steps.js';
import { type Method, method } from './method.js';

/**
 * Hessian-free optimization: Gauss–Newton steps by conjugate gradients that are ended early, chosen among by the loss,
 * and damped by how well the model foretold it.
 *
 * No rate is to be tuned. Meant for batches of hundreds and more: a step fits its batch.
 * Source: Martens 2010.
 *
 * @example hessianFree({ damping: 0.1, iterations: 30 })
 */
export function hessianFree(options: HessianFreeOptions = {}): Method {
  return method<HessianFreeOptions>('hessianFree', hessianFreeOptions, options, (all) => [
    hessianFreeSteps(all),
  ]);
}
