import { expect, test } from 'vitest';
import { flatten } from '../../../src/algebra/flatten.js';
import {
  float64,
  type HostArray,
  kfac,
  type Method,
  onBatch,
  Random,
  type State,
  shampoo,
  soap,
  type Tree,
} from '../../../src/index.js';
import { kroneckerCurvature, mergedAttention, routing } from '../../../src/transforms/index.js';
import { identity, leastSquaresSolution, plus } from '../../oracles/dense/matrices.js';
import { networkProblem } from '../../oracles/network/network-problem.js';

const random = new Random(5);
const outputs = 6;
const setting = {
  network: {
    layers: [{ inputs: 2, outputs, activation: 'linear' as const, bias: true }],
    sharing: 1,
    pooled: false,
    loss: 'softmax' as const,
  },
  x: random.normals(3 * outputs),
  inputs: random.normals(10),
  labels: Float64Array.of(0, 5, 3, 1, 2),
};
const problem = networkProblem(float64, setting.network, { start: setting.x });
const parameters = problem.start(new Random(1));
const seen = problem.layers(parameters, setting, 'given', new Random(1));
const batch = (): Parameters<ReturnType<typeof kroneckerCurvature>['observe']>[0] => {
  const objective = onBatch(problem, () => setting);
  const { value: loss, gradient } = objective.valueAndGradient(parameters);
  return {
    algebra: float64,
    parameters,
    objective,
    loss,
    gradient,
    update: gradient,
    step: 0,
    random: new Random(0),
  } as never;
};

test('a merged kernel has a Kronecker block for each of q, k and v', () => {
  const [damping, rows, width] = [0.5, 5, outputs / 3];
  const curvature = kroneckerCurvature({ form: 'exact', labels: 'given', merged: /layer0/ });
  const context = batch() as never;
  const observed = curvature.observe<HostArray>(context, curvature.init(parameters, float64));
  const { state } = curvature.refresh<HostArray>(context, observed, damping, true);
  const solved = flatten(float64, curvature.solve<HostArray>(context, state, damping));
  const v = flatten(float64, problem.valueAndGradient(parameters, setting).gradient);

  // By hand: A of the inputs with a 1 behind them, G of each part's own errors, (A ⊗ G + λI)⁻¹ entry by entry.
  const [{ inputs, errors }] = seen.layers;
  const x = (row: number, i: number) => (i === 2 ? 1 : inputs.data[row * 2 + i]);
  const entry = (i: number, j: number) => (i === 2 ? 2 * outputs + j : i * outputs + j);
  for (const part of [0, 1, 2]) {
    const e = (row: number, j: number) => errors.data[row * outputs + part * width + j];
    const size = 3 * width;
    const block = Float64Array.from({ length: size * size }, (_, at) => {
      const [p, q] = [Math.floor(at / size), at % size];
      const [i, j, k, l] = [Math.floor(p / width), p % width, Math.floor(q / width), q % width];
      let [a, g] = [0, 0];
      for (let row = 0; row < rows; row++) {
        a += (x(row, i) * x(row, k)) / rows;
        g += rows * e(row, j) * e(row, l);
      }
      return a * g;
    });
    const own = Array.from({ length: size }, (_, p) =>
      entry(Math.floor(p / width), part * width + (p % width)),
    );
    const right = own.map((at) => v[at]);
    const expected = leastSquaresSolution(plus(block, identity(size), damping), right, size);
    own.forEach((at, p) => {
      expect(solved[at]).toBeCloseTo(expected[p], 12);
    });
  }
});

test('the routing table shows the parts, and what has none is refused', () => {
  const shape = (x: HostArray) => x.shape;
  const routes = routing(seen, shape, { merged: () => true });
  expect(routes.map(({ path, sides }) => [path, sides])).toEqual(
    ['query', 'key', 'value'].flatMap((name) => [
      [`layer0/kernel/${name}`, [3, 2]],
      [`layer0/bias/${name}`, undefined],
    ]),
  );
  const narrow = networkProblem(float64, {
    ...setting.network,
    layers: [{ ...setting.network.layers[0], outputs: 4 }],
  });
  const start = narrow.start(new Random(1));
  const data = { ...setting, labels: Float64Array.of(0, 1, 3, 1, 2) };
  const objective = onBatch(narrow, () => data);
  const { value: loss, gradient } = objective.valueAndGradient(start);
  const context = {
    algebra: float64,
    parameters: start,
    objective,
    loss,
    gradient,
    update: gradient,
    step: 0,
  };
  const method = kfac({ merged: /layer0/ });
  expect(() => method.update({ ...context, random: new Random(1) }, method.init(start, float64))).toThrow(
    'kroneckerCurvature(merged): expected kernels [in, 3·n], got layer0/kernel of shape [2, 4]',
  );
});

/** The updates of a method that is shown gradients of a tree. */
function updates(method: Method, trees: readonly Tree<HostArray>[]): Tree<HostArray>[] {
  let state: State<HostArray> = method.init(trees[0], float64);
  return trees.map((gradient, step) => {
    const loss = float64.fill([], 1);
    const context = { algebra: float64, gradient, update: gradient, parameters: trees[0], loss, step };
    const taken = method.update({ ...context, random: new Random(step) }, state);
    state = taken.state;
    return taken.update;
  });
}

test.each([
  ['shampoo', shampoo({ merged: mergedAttention, every: 1 })],
  ['shampoo in blocks', shampoo({ merged: mergedAttention, every: 1, block: 2 })],
  ['soap', soap({ merged: mergedAttention, every: 1 })],
])('%s moves [Q K V] as it moves Q, K and V', (_, method) => {
  const steps = [0, 1, 2].map(() => [0, 1, 2].map(() => float64.array(random.normals(12), [4, 3])));
  const apart = updates(
    method,
    steps.map(([q, k, v]) => ({ q, k, v })),
  );
  const whole = updates(
    method,
    steps.map((parts) => ({ qkv: float64.concat(parts, 1) })),
  );
  whole.forEach((update, step) => {
    const { q, k, v } = apart[step] as Record<string, HostArray>;
    const expected = float64.concat([q, k, v], 1);
    expect([...(update as { qkv: HostArray }).qkv.data]).toEqual([...expected.data]);
  });
});
