import { expect, test } from 'vitest';
import { flatten } from '../../../src/algebra/flatten.js';
import {
  batchGaussNewton,
  float64,
  gaussNewtonAsPublished,
  type HostArray,
  type Method,
  mapTree,
  naturalGradient,
  onBatch,
  Random,
  type State,
  type Tree,
} from '../../../src/index.js';
import { leastSquaresSolution, times } from '../../oracles/dense/matrices.js';
import { flattenedSoftmax } from '../../oracles/fisher-adam.js';
import { sandwich } from '../../oracles/natural-gradient.js';
import { lossAndGradient, type Setting } from '../../oracles/network/dense-curvature.js';
import { networkModel } from '../../oracles/network/network-moment.js';
import { networkProblem } from '../../oracles/network/network-problem.js';
import { norm } from '../../subjects/point.js';

const random = new Random(3);
const layer = (inputs: number, outputs: number, activation: 'linear' | 'tanh') => ({
  inputs,
  outputs,
  activation,
  bias: true,
});
const regression: Setting = {
  network: { layers: [layer(3, 2, 'linear')], sharing: 1, pooled: false, loss: 'squared' },
  x: random.normals(8),
  inputs: random.normals(36),
  labels: random.normals(24),
};
const classes: Setting = {
  network: {
    layers: [layer(3, 3, 'tanh'), layer(3, 3, 'linear')],
    sharing: 1,
    pooled: false,
    loss: 'softmax',
  },
  x: random.normals(24),
  inputs: random.normals(36),
  labels: Float64Array.from({ length: 12 }, () => random.integer(3)),
};

/** Losses along a run on one batch. */
function losses(method: Method, setting: Setting, steps: number): number[] {
  const problem = networkProblem(float64, setting.network, { start: setting.x });
  const objective = onBatch(problem, () => setting);
  let parameters: Tree<HostArray> = problem.start(new Random(1));
  let state: State<HostArray> = method.init(parameters, float64);
  const found: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { value, gradient } = objective.valueAndGradient(parameters);
    found.push(float64.number(value));
    const context = {
      algebra: float64,
      update: gradient,
      gradient,
      parameters,
      loss: value,
      step,
      objective,
    };
    const taken = method.update({ ...context, random: new Random(step).fork('step') }, state);
    expect(taken.outcome).toBeUndefined();
    state = taken.state;
    parameters = mapTree(float64, (x, u) => float64.add(x, u), parameters, taken.update);
  }
  return [...found, float64.number(objective.value(parameters))];
}

const solves = ['conjugateGradients', 'lowRank', 'dense'] as const;

test.each(solves)('by %s one nearly undamped step solves linear least squares', (by) => {
  const { inputs, labels, network } = regression;
  const rows = 12;
  const design = Float64Array.from({ length: rows * 4 }, (_, at) =>
    at % 4 === 3 ? 1 : inputs[Math.floor(at / 4) * 3 + (at % 4)],
  );
  const columns = [0, 1].map((j) =>
    leastSquaresSolution(
      design,
      Array.from({ length: rows }, (_, i) => labels[i * 2 + j]),
      4,
    ),
  );
  const best = Float64Array.from({ length: 8 }, (_, at) => columns[at % 2][Math.floor(at / 2)]);
  const lowest = lossAndGradient({ ...regression, x: best }).value;
  expect(network.layers).toHaveLength(1);
  const method = naturalGradient({ learningRate: 1, damping: 1e-9, by, tolerance: 1e-12, iterations: 100 });
  expect(losses(method, regression, 1)[1]).toBeCloseTo(lowest, 7);
  const adaptive = batchGaussNewton({
    by,
    tolerance: 1e-12,
    iterations: 100,
    leastDamping: 1e-12,
    decay: 0.1,
  });
  expect(losses(adaptive, regression, 8).at(-1)).toBeCloseTo(lowest, 7);
});

const kinds = ['exact', 'sampled', 'signs', 'empirical'] as const;

test.each(kinds.flatMap((fisher) => solves.map((by) => [fisher, by] as const)))(
  'the %s Fisher matrix by %s trains a small classifier',
  (fisher, by) => {
    const fixed = losses(naturalGradient({ fisher, by, learningRate: 0.3, damping: 0.3 }), classes, 60);
    expect(fixed.at(-1)).toBeLessThan(0.6 * fixed[0]);
    const adaptive = losses(batchGaussNewton({ fisher, by }), classes, 30);
    expect(adaptive.at(-1)).toBeLessThan(0.6 * adaptive[0]);
  },
);

test('the published Gauss–Newton step is that of the softmax over the flattened batch, and not the right one', () => {
  const model = networkModel(classes);
  const { gradient } = lossAndGradient(classes);
  const n = gradient.length;
  const stepOf = (options: object) => {
    const problem = networkProblem(float64, classes.network, { start: classes.x });
    const objective = onBatch(problem, () => classes);
    const parameters = problem.start(new Random(1));
    const { value, gradient: g } = objective.valueAndGradient(parameters);
    const context = { algebra: float64, update: g, gradient: g, parameters, loss: value, step: 0, objective };
    const method = naturalGradient({ ...options, learningRate: 1 });
    const taken = method.update({ ...context, random }, method.init(parameters, float64));
    return flatten(float64, taken.update);
  };
  const published = stepOf(gaussNewtonAsPublished);
  const matrix = sandwich(model, flattenedSoftmax(model)).map((entry, at) =>
    at % (n + 1) === 0 ? entry + gaussNewtonAsPublished.damping : entry,
  );
  const residual = times(matrix, published).map((entry, i) => entry + gradient[i]);
  expect(norm(residual)).toBeLessThan(1e-9 * (norm(gradient) + norm(matrix) * norm(published)));
  const right = stepOf({ ...gaussNewtonAsPublished, fisher: 'exact' });
  expect(norm(published.map((u, i) => u - right[i]))).toBeGreaterThan(0.05 * norm(right));
});

test('an undamped low rank, and a gradient that is not finite, end the run by an outcome', () => {
  const problem = networkProblem(float64, classes.network, { start: classes.x });
  const objective = onBatch(problem, () => classes);
  const parameters = problem.start(new Random(1));
  const { value, gradient } = objective.valueAndGradient(parameters);
  const outcomeOf = (options: object, update: Tree<HostArray>) => {
    const method = naturalGradient(options);
    const context = { algebra: float64, update, gradient, parameters, loss: value, step: 0, objective };
    return method.update({ ...context, random }, method.init(parameters, float64)).outcome;
  };
  expect(outcomeOf({ by: 'lowRank', damping: 0 }, gradient)).toMatchObject({
    kind: 'singular',
    message: 'The Fisher matrix could not be solved with: a matrix of low rank: damp it.',
  });
  const broken = mapTree(float64, (g) => float64.mul(g, Number.NaN), gradient);
  expect(outcomeOf({}, broken)).toMatchObject({ kind: 'nonFinite' });
});

test.each(['sampled', 'signs'] as const)(
  'what %s rows do not span is stepped at η/λ, and damped so as usual',
  (fisher) => {
    expect(naturalGradient().options.damping).toBe(0.1);
    expect(naturalGradient({ fisher }).options.damping).toBe(1);
    expect(naturalGradient({ fisher, damping: 0.2 }).options.damping).toBe(0.2);
    // One example of three classes has one row of its own: what is orthogonal to it in the gradient sees λ alone.
    const one: Setting = {
      ...classes,
      inputs: classes.inputs.slice(0, 3),
      labels: classes.labels.slice(0, 1),
    };
    const problem = networkProblem(float64, one.network, { start: one.x });
    const objective = onBatch(problem, () => one);
    const parameters = problem.start(new Random(1));
    const { value: loss, gradient } = objective.valueAndGradient(parameters);
    const g = flatten(float64, gradient);
    const residual = (damping: number, rate: number) => {
      const context = { algebra: float64, update: gradient, gradient, parameters, loss, step: 0, objective };
      const method = naturalGradient({ fisher, by: 'lowRank', damping, learningRate: rate });
      const { update } = method.update(
        { ...context, random: new Random(4) },
        method.init(parameters, float64),
      );
      return flatten(float64, update).map((u, i) => u + (rate / damping) * g[i]);
    };
    const [a, b] = [residual(1, 0.3), residual(0.1, 0.3)];
    const cosine = a.reduce((sum, x, i) => sum + x * b[i], 0) / (norm(a) * norm(b));
    expect(Math.abs(cosine)).toBeCloseTo(1, 10);
    const inSpan = Math.abs(g.reduce((sum, x, i) => sum + x * a[i], 0)) / (norm(g) * norm(a));
    expect(inSpan).toBeLessThan(1 - 1e-4);
  },
);
