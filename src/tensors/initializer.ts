import type { Random } from '../algebra/random.js';

/** The names of `initializers`. */
export type Initializer = keyof typeof initializers;

/**
 * How the entries of a kernel [inputs, outputs] are drawn at the start of a run, normal with mean 0 and
 *
 * - `he`: variance 2/inputs, which keeps the scale of signals through relu (He et al. 2015, equation 10)
 * - `glorot`: variance 2/(inputs + outputs), a balance of forward and backward scale for tanh (Glorot and
 *   Bengio 2010, equation 12)
 * - `lecun`: variance 1/inputs (LeCun et al. 1998, equation 16)
 * - `zeros`: all 0, for convex models only: in deeper ones all units would stay alike
 */
export const initializers = {
  he: (random: Random, inputs: number, outputs: number) => normal(random, inputs * outputs, 2 / inputs),
  glorot: (random: Random, inputs: number, outputs: number) =>
    normal(random, inputs * outputs, 2 / (inputs + outputs)),
  lecun: (random: Random, inputs: number, outputs: number) => normal(random, inputs * outputs, 1 / inputs),
  zeros: (_: Random, inputs: number, outputs: number) => new Float64Array(inputs * outputs),
};

function normal(random: Random, count: number, variance: number): Float64Array {
  const deviation = Math.sqrt(variance);
  return random.normals(count).map((deviate) => deviation * deviate);
}

/** Normal deviates of this deviation, those beyond two deviations drawn anew. */
export function truncated(random: Random, count: number, deviation: number): Float64Array {
  return Float64Array.from({ length: count }, () => {
    let deviate = random.normal();
    while (Math.abs(deviate) > 2) deviate = random.normal();
    return deviate * deviation;
  });
}
