import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, pipe } from 'rxjs';
import { beforeAll, expect, test } from 'vitest';
import { adahessian, fisherAdam, leaves, type Need, onBatch, Random } from '../../../src/index.js';
import { classification, type Model, mlp, tensors, useBackend } from '../../../src/tensors/index.js';
import { gradient, lifted, train } from '../../../streams/index.js';

beforeAll(() => useBackend('wasm'));

/** A problem whose model counts its forward passes. */
function counted() {
  const seen = { passes: 0 };
  const model = mlp([3, 4, 2], { activation: 'tanh' });
  const counting: Model = {
    ...model,
    outputsOf: (...given) => {
      seen.passes++;
      return model.outputsOf(...given);
    },
  };
  const random = new Random(5);
  const batch = {
    inputs: tensors.array(random.normals(15), [5, 3]),
    labels: tf.tensor1d([0, 1, 1, 0, 1], 'int32'),
  };
  return { seen, batch, problem: classification(counting) };
}

const numbers = (tree: Parameters<typeof leaves<tf.Tensor>>[1]) =>
  leaves(tensors, tree).map((leaf) => [...leaf.dataSync()]);

test.each<[readonly Need[], number]>([
  [['linearized'], 1],
  [['layers'], 1],
  [['gaussNewton'], 1],
  [['hessian'], 1],
  [[], 2],
])('what keeps %j has %d forward passes, the same gradient, and leaves nothing behind', (keep, passes) => {
  const { seen, batch, problem } = counted();
  const objective = onBatch(problem, () => batch);
  const [parameters, direction] = [1, 2].map((seed) => problem.start(new Random(seed)));
  const before = tf.memory().numTensors;
  const kind = keep.includes('gaussNewton') ? 'gaussNewton' : 'hessian';
  tf.tidy(() => {
    const asked = () => {
      if (keep.includes('layers')) {
        return objective.layers!(parameters, 'sampled', new Random(3)).layers.map(({ errors }) => errors);
      }
      if (keep.includes('linearized')) return objective.linearized!(parameters).push(direction);
      return objective.curvature!(kind, parameters).apply(direction);
    };
    const apart = { ...objective.valueAndGradient(parameters), asked: numbers(asked()) };
    seen.passes = 0;
    const { value, gradient } = objective.valueAndGradient(parameters, keep);
    expect(numbers(asked())).toEqual(apart.asked);
    expect(seen.passes).toBe(passes);
    expect(value.dataSync()).toEqual(apart.value.dataSync());
    // A gradient that is to be differentiated is a rounding away: cross-entropy makes its residual otherwise.
    const roundings = keep.includes('hessian') ? 2 ** -22 : 0;
    const plain = numbers(apart.gradient).flat();
    for (const [i, g] of numbers(gradient).flat().entries())
      expect(Math.abs(g - plain[i])).toBeLessThanOrEqual(roundings);
    // Elsewhere, what was kept tells nothing.
    objective.curvature!(kind, direction).apply(parameters);
    expect(seen.passes).toBe(passes + 1);
  });
  expect(tf.memory().numTensors).toBe(before);
});

test('what was freed is evaluated again', () => {
  const { seen, batch, problem } = counted();
  const parameters = problem.start(new Random(1));
  tf.tidy(() => void problem.valueAndGradient(parameters, batch, ['linearized']));
  tf.tidy(() => {
    const { outputs, pull } = problem.linearized!(parameters, batch);
    pull(outputs);
  });
  expect(seen.passes).toBe(2);
});

test.each([fisherAdam({ estimate: 'batch' }), adahessian()])(
  'a step of $name in a pipeline has one forward pass',
  async (method) => {
    const { seen, batch, problem } = counted();
    const before = tf.memory().numTensors;
    const frames = train(problem, Array(4).fill(batch), pipe(gradient(), lifted(method)), { steps: 4 });
    await lastValueFrom(frames);
    expect(seen.passes).toBe(4);
    expect(tf.memory().numTensors).toBe(before);
  },
);
