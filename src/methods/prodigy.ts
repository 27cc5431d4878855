import type { OptionsOf } from '../algebra/option.js';
import { rate } from '../transforms/rate.js';
import { type DistanceOptions, distanceOptions, scaleByDistance } from '../transforms/scale-by-distance.js';
import type { Schedule } from '../transforms/schedule.js';
import { type Method, method } from './method.js';

export interface ProdigyOptions extends Omit<DistanceOptions, 'rate'> {
  /** γ, a factor on the rate that is estimated; a schedule falls from 1. */
  learningRate?: number | Schedule;
}

const { beta1, beta2, epsilon, initial } = distanceOptions;

export const prodigyOptions: OptionsOf<ProdigyOptions> = {
  learningRate: rate(1, 'γ, a factor on the rate that is estimated'),
  beta1,
  beta2,
  epsilon,
  initial,
};

/**
 * Prodigy: Adam that finds its own rate, a growing estimate of how far the start is from the solution.
 *
 * Source: Mishchenko and Defazio 2023, algorithm 4.
 *
 * @example prodigy({ learningRate: cosine({ from: 1, steps: 1_000 }) })
 */
export function prodigy(options: ProdigyOptions = {}): Method {
  return method<ProdigyOptions>(
    'prodigy',
    prodigyOptions,
    options,
    ({ learningRate: gamma, ...distance }) => [scaleByDistance({ rate: gamma, ...distance })],
  );
}
