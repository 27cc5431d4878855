import type * as tf from '@tensorflow/tfjs';
import {
  type Method,
  mapTree,
  type Objective,
  type Problem,
  Random,
  releaseExcept,
  type State,
  type Tree,
} from '../../src/index.js';
import { tensors } from '../../src/tensors/index.js';

/** A method's steps on one objective, one at a call, without streams. */
export function stepping<B>(
  method: Pick<Method, 'init' | 'update' | 'needs'>,
  problem: Problem<tf.Tensor, B>,
  objective: Objective<tf.Tensor>,
  start = new Random(1),
) {
  let parameters: Tree<tf.Tensor> = problem.start(start);
  let state: State<tf.Tensor> = method.init(parameters, tensors);
  let count = 0;
  return {
    get parameters() {
      return parameters;
    },
    get state() {
      return state;
    },
    step() {
      const before = { parameters, state };
      ({ parameters, state } = tensors.scope(() => {
        const { value: loss, gradient } = objective.valueAndGradient(parameters, method.needs);
        const context = {
          algebra: tensors,
          update: gradient,
          gradient,
          parameters,
          loss,
          step: count,
          objective,
          random: new Random(count),
        };
        const taken = method.update(context, state);
        if (taken.outcome !== undefined) throw new Error(taken.outcome.message);
        const moved = mapTree(tensors, (x, u) => tensors.add(x, u), parameters, taken.update);
        return { parameters: moved, state: taken.state };
      }));
      releaseExcept(tensors, before.state, state);
      releaseExcept(tensors, before.parameters, parameters);
      count++;
    },
    release() {
      releaseExcept(tensors, state, []);
      releaseExcept(tensors, parameters, []);
    },
  };
}
