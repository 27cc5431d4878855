import { describe, expect, test } from 'vitest';
import { flatten } from '../../../src/algebra/flatten.js';
import {
  batchGaussNewton,
  float64,
  kfac,
  type Method,
  mapTree,
  onBatch,
  Random,
  releaseExcept,
} from '../../../src/index.js';
import { averagedParameters, averages } from '../../../src/transforms/index.js';
import { lossAndGradient } from '../../oracles/network/dense-curvature.js';
import type { Network } from '../../oracles/network/network.js';
import { networkProblem } from '../../oracles/network/network-problem.js';

const [examples, width, classes, batchSize, steps] = [64, 6, 3, 4, 150];
const layer = (inputs: number, outputs: number, activation: 'tanh' | 'linear') => ({
  inputs,
  outputs,
  activation,
  bias: true,
});
const network: Network = {
  layers: [layer(width, 10, 'tanh'), layer(10, 10, 'tanh'), layer(10, classes, 'linear')],
  sharing: 1,
  pooled: false,
  loss: 'softmax',
};

/**
 * The loss over all examples at the start, at its worst and at the end, or the mean there, of a run on batches of four. Inputs and labels
 * know nothing of each other: 213 weights fit a batch at will, and by what it alone has.
 */
function lossesOverAll(method: Method, seed: number) {
  const random = new Random(seed);
  const inputs = random.normals(examples * width);
  const labels = Float64Array.from({ length: examples }, () => random.integer(classes));
  const start = random.normals(213).map((w) => w / 3);
  const problem = networkProblem(float64, network, { start, signs: 'random' });
  let parameters = problem.start(random);
  let state = method.init(parameters, float64);
  const overAll = (at = parameters) =>
    lossAndGradient({ network, x: flatten(float64, at), inputs, labels }).value;
  const losses = [overAll()];
  for (let step = 0; step < steps; step++) {
    const at = Array.from({ length: batchSize }, () => random.integer(examples));
    const batch = {
      inputs: Float64Array.from(at.flatMap((e) => [...inputs.subarray(e * width, (e + 1) * width)])),
      labels: Float64Array.from(at, (e) => labels[e]),
    };
    const objective = onBatch(problem, () => batch);
    const before = { state, parameters };
    ({ state, parameters } = float64.scope(() => {
      const { value: loss, gradient } = objective.valueAndGradient(parameters);
      const context = { algebra: float64, update: gradient, gradient, parameters, loss, step, objective };
      const taken = method.update({ ...context, random: new Random(step) }, state);
      expect(taken.outcome).toBeUndefined();
      const moved = mapTree(float64, (p, u) => float64.add(p, u), parameters, taken.update);
      return { state: taken.state, parameters: moved };
    }));
    releaseExcept(float64, before.state, state);
    releaseExcept(float64, before.parameters, parameters);
    losses.push(overAll());
  }
  const last = averages(method) ? overAll(averagedParameters(method, state)) : losses[steps];
  return { first: losses[0], worst: Math.max(...losses), last };
}

// By ρ on the step's own batch alone the worst of K-FAC was 44 to ∞, the last 8 to 57; of Gauss–Newton the last 2 to 9.
describe.each([1, 2, 3, 4])('on batches far smaller than the model, seed %i', (seed) => {
  test.each([
    ['kfac()', kfac()],
    ['kfac({ leastDamping: 1e-6 })', kfac({ leastDamping: 1e-6 })],
  ] as const)('%s loses little on the way and learns', (_, method) => {
    const { first, worst, last } = lossesOverAll(method, seed);
    expect(worst).toBeLessThan(2 * first);
    expect(last).toBeLessThan(0.85 * first);
  });

  test.each([
    ['exact', batchGaussNewton()],
    ['sampled, of low rank', batchGaussNewton({ fisher: 'sampled', by: 'lowRank' })],
  ] as const)('Gauss–Newton, %s, ends below its start', (_, method) => {
    const { first, last } = lossesOverAll(method, seed);
    expect(last).toBeLessThan(first);
  });
});
