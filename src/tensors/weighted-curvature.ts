import * as tf from '@tensorflow/tfjs';
import type { LossCurvature } from './loss.js';

/**
 * The curvature of a mean loss whose examples are weighed: of Σ wᵢℓᵢ/terms it is Hv with the rows of example i times wᵢ,
 * the factor Lu with those times √wᵢ. The labels are drawn as without weights.
 *
 * A batch with whole weights has the curvature of one in which each example stands wᵢ times, with as many terms as before.
 *
 * @param weights ≥ 0, [examples], or one for all, 0-d
 */
export function weightedCurvature(curvature: LossCurvature, weights: () => tf.Tensor): LossCurvature {
  const along = ({ rank }: tf.Tensor): tf.Tensor => {
    const each = weights();
    return each.rank === 0 ? each : tf.reshape(each, [each.size, ...Array(rank - 1).fill(1)]);
  };
  return {
    ...curvature,
    product: (z, v) => tf.mul(curvature.product(z, v), along(z)),
    factor: (z, u) => tf.mul(curvature.factor(z, u), tf.sqrt(along(z))),
    weights: along,
  };
}
