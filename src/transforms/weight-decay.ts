import { chosen, number } from '../algebra/option.js';
import { mapTree } from '../algebra/tree.js';
import { type Context, type Step, stateless, type Transform } from './transform.js';

export const weightDecayOptions = { lambda: number(0.01, '[0, ∞)', 'λ, the strength of the decay') };

/**
 * Pulls the parameters towards zero: u ← u + λx, with x the parameters before this step.
 *
 * Where it stands decides what it is. First in the chain it is *coupled*: the gradient of ½λ‖x‖² is part of
 * the gradient, and whatever rescales that rescales the decay. Just before the learning rate it is
 * *decoupled*: each step multiplies the parameters by 1 − ηλ whatever stood before. For gradient descent the
 * two are one. For biases and norms, which should not decay, see {@link masked}.
 *
 * Source: Loshchilov and Hutter 2019, section 2.
 *
 * @throws RangeError unless lambda ≥ 0
 * @example
 * chain(weightDecay(0.01), scaleByMoments(), learningRate(0.001)); // coupled: Adam with an L2 penalty
 * chain(scaleByMoments(), weightDecay(0.01), learningRate(0.001)); // decoupled: AdamW
 */
export function weightDecay(lambda = weightDecayOptions.lambda.default): Transform {
  chosen('weightDecay', weightDecayOptions, { lambda });
  return {
    name: 'weightDecay',
    options: { lambda },
    init: () => stateless,
    update<T>({ algebra, update, parameters }: Context<T>): Step<T> {
      const decayed = mapTree(algebra, (u, x) => algebra.combine(1, u, lambda, x), update, parameters);
      return { update: decayed, state: stateless };
    },
  };
}
