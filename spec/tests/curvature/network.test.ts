import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { float64, type HostArray, lowRank, Random, type Tree } from '../../../src/index.js';
import { curvatureRows } from '../../../src/objective/curvature-rows.js';
import { buckets } from '../../arbitraries/buckets.js';
import { networks } from '../../arbitraries/networks.js';
import { backpropagationOracle, naiveCrossEntropy } from '../../oracles/backpropagation.js';
import { plainJacobian } from '../../oracles/central-differences.js';
import { inner, times, transposed } from '../../oracles/dense/matrices.js';
import {
  denseEmpiricalFisher,
  denseFisher,
  denseGaussNewton,
  denseHessian,
  jacobian,
  lossAndGradient,
  type Setting,
  termGradients,
} from '../../oracles/network/dense-curvature.js';
import { forward, parameterCount, places, pull } from '../../oracles/network/network.js';
import { networkProblem } from '../../oracles/network/network-problem.js';
import { seed } from '../../seed.js';
import { norm } from '../../subjects/point.js';

const any = networks({ repeated: true });
const near = (got: ArrayLike<number>, want: ArrayLike<number>, relative: number, size = norm(want)) => {
  expect(got.length).toBe(want.length);
  const error = norm(Float64Array.from(got, (g, i) => g - want[i]));
  expect(error).toBeLessThanOrEqual(relative * (size + 1e-300));
};
const problemOf = ({ network, x, inputs, labels }: Setting, signs: 'random' | 'balanced' = 'random') => {
  const problem = networkProblem(float64, network, { start: x, signs });
  return { problem, parameters: problem.start(new Random(1)), batch: { inputs, labels } };
};
const flat = (tree: Tree<HostArray>) => flatten(float64, tree);

test('networks of every kind are drawn', () => {
  const counts = buckets(any, {
    'a weight used twice': ({ network }) => network.layers.some(({ times: count }) => count === 2),
    'pooled rows': ({ network }) => network.pooled && network.sharing > 1,
    'a term a row': ({ network }) => !network.pooled && network.sharing > 1,
    'three layers': ({ network }) => network.layers.length === 3,
    'without bias': ({ network }) => network.layers.some(({ bias }) => !bias),
  });
  for (const [name, count] of counts) expect(count, name).toBeGreaterThan(20);
});

property.prop([any], { seed })('the gradient and the Jacobian agree with differences', (setting) => {
  const { network, x, inputs } = setting;
  const { value, gradient } = lossAndGradient(setting);
  const differences = new Float64Array(x.length);
  plainJacobian((at) => [lossAndGradient({ ...setting, x: at }).value], x, differences);
  near(gradient, differences, 1e-7, norm(gradient) + Math.abs(value) + 1);
  const j = jacobian(setting);
  const columns = new Float64Array(j.length);
  plainJacobian((at) => forward(network, at, inputs).outputs, x, columns);
  near(j, columns, 1e-7, norm(j) + norm(forward(network, x, inputs).outputs) + 1);
});

property.prop([any, fc.integer()], { seed })(
  'the way back is the transpose of the way there',
  (setting, s) => {
    const { network, x, inputs } = setting;
    const j = jacobian(setting);
    const passed = forward(network, x, inputs);
    const u = new Random(s).normals(passed.outputs.length);
    const { gradient } = pull(network, x, passed, u);
    near(gradient, times(transposed(j, u.length), u), 1e-13, norm(j) * norm(u));
  },
);

property.prop([networks({ losses: ['softmax'], sharing: { min: 1, max: 1 }, bias: [true] })], { seed })(
  'loss and gradient are those of plain backpropagation',
  (setting) => {
    const { network, x, inputs, labels } = setting;
    fc.pre(network.layers.slice(0, -1).every(({ activation }) => activation === 'tanh'));
    fc.pre(network.layers.at(-1)!.activation === 'linear');
    const rows = (flatRows: Float64Array, width: number) =>
      Array.from({ length: flatRows.length / width }, (_, i) => [
        ...flatRows.subarray(i * width, (i + 1) * width),
      ]);
    const naive = backpropagationOracle(
      network.layers.map(({ outputs }, l) => {
        const { kernel, bias, end } = places(network)[l];
        return { kernel: rows(x.slice(kernel, bias), outputs), bias: [...x.slice(bias, end)] };
      }),
      'tanh',
      naiveCrossEntropy,
      rows(inputs, network.layers[0].inputs),
      [...labels],
    );
    const { value, gradient } = lossAndGradient(setting);
    const expected = naive.layers.flatMap(({ kernel, bias }) => [...kernel.flat(), ...bias]);
    near(
      gradient,
      expected,
      1e-13,
      naive.layers.reduce((sum, { scale }) => sum + scale, 1),
    );
    near([value], [naive.loss], 1e-13, 1 + Math.abs(value));
  },
);

property.prop([any], { seed })(
  'the Fisher with its labels enumerated is the Gauss–Newton matrix',
  (setting) => {
    const ggn = denseGaussNewton(setting);
    near(denseFisher(setting), ggn, 1e-12, norm(ggn) + norm(jacobian(setting)) ** 2);
  },
);

property.prop([any], { seed })('the problem answers what the oracles say', (setting) => {
  const { problem, parameters, batch } = problemOf(setting);
  const { value, gradient } = problem.valueAndGradient(parameters, batch);
  const expected = lossAndGradient(setting);
  expect([float64.number(value), ...flat(gradient)]).toEqual([expected.value, ...expected.gradient]);
  expect(float64.number(problem.value(parameters, batch))).toBe(expected.value);
  const v = new Random(3).normals(parameterCount(setting.network));
  const tree = unflatten(float64, v, parameters);
  const { push, pull: back, loss, outputs } = problem.linearized(parameters, batch);
  const jv = push(tree);
  near(flat(jv), times(jacobian(setting), v), 1e-13, norm(jacobian(setting)) * norm(v));
  const ggn = denseGaussNewton(setting);
  near(flat(back(loss.curvatureProduct(jv))), times(ggn, v), 1e-12, norm(ggn) * norm(v) + 1e-9);
  near(flat(back(loss.residual())), expected.gradient, 1e-13, norm(expected.gradient) + 1);
  expect(float64.shape(outputs)[0]).toBe(loss.terms);
  // LLᵀ, column by column, is H.
  const m = outputs.data.length;
  const lifted = (w: Float64Array) => float64.array(w, float64.shape(outputs));
  const unit = (i: number) => Float64Array.from({ length: m }, (_, k) => (k === i ? 1 : 0));
  const factor = Array.from({ length: m }, (_, i) => float64.values(loss.factorProduct(lifted(unit(i)))));
  for (let i = 0; i < m; i++) {
    const h = float64.values(loss.curvatureProduct(lifted(unit(i))));
    const product = unit(0).map((_, k) => factor.reduce((sum, column) => sum + column[k] * column[i], 0));
    near(product, h, 1e-13, 1);
  }
});

property.prop([any, fc.constantFrom('exact' as const, 'given' as const)], { seed })(
  'the rows of examples are the curvature they stand for',
  (setting, source) => {
    fc.pre(source === 'exact' || setting.network.pooled || setting.network.sharing === 1);
    const { problem, parameters, batch } = problemOf(setting);
    const { rows, weight } = curvatureRows(
      float64,
      problem.linearized(parameters, batch),
      source,
      new Random(1),
    );
    const expected = source === 'exact' ? denseGaussNewton(setting) : denseEmpiricalFisher(setting);
    const got = lowRank(float64, rows, parameters, { scale: weight }).dense!();
    near(got, expected, 1e-12, norm(expected) + norm(jacobian(setting)) ** 2);
  },
);

property.prop([any], { seed })("layers' inputs and errors make up the gradient", (setting) => {
  const { problem, parameters, batch } = problemOf(setting);
  const { gradient } = problem.valueAndGradient(parameters, batch);
  const { layers, unmatched } = problem.layers(parameters, batch, 'given', new Random(1));
  const matched = new Set(layers.flatMap(({ kernel, bias }) => [kernel, bias]));
  for (const [l, layer] of setting.network.layers.entries()) {
    const known = unmatched.some(({ path }) => path === `layer${l}/kernel`);
    expect(known).toBe(layer.times === 2);
    expect(matched.has(`layer${l}/kernel`)).toBe(!known);
  }
  for (const { kernel, inputs, errors } of layers) {
    const product = float64.matmul(inputs, errors, true);
    const of = (gradient as { [name: string]: { kernel: HostArray } })[kernel.split('/')[0]].kernel;
    near(product.data, of.data, 1e-13, norm(inputs.data) * norm(errors.data) + 1e-300);
  }
});

test('sampled labels and signs have the curvature of enumerated labels', () => {
  for (const loss of ['squared', 'softmax', 'sigmoid', 'gaussian'] as const) {
    const [setting] = fc.sample(networks({ losses: [loss], depth: { min: 2, max: 2 } }), {
      seed,
      numRuns: 1,
    });
    const { problem, parameters, batch } = problemOf(setting);
    const exact = denseFisher(setting);
    const n = parameterCount(setting.network);
    const random = new Random(5);
    const draws = 4_000;
    const v = new Random(2).normals(n);
    const expected = inner(v, times(exact, v));
    const { loss: at, push } = problem.linearized(parameters, batch);
    const jv = float64.values(push(unflatten(float64, v, parameters)));
    for (const source of [
      () => float64.values(at.sampledResidual(random)).map((r) => r * Math.sqrt(at.terms)),
      () =>
        float64.values(
          at.factorProduct(float64.array(random.signs(jv.length), [at.terms, jv.length / at.terms])),
        ),
    ]) {
      let [sum, squares] = [0, 0];
      for (let k = 0; k < draws; k++) {
        const square = inner(jv, source()) ** 2;
        sum += square;
        squares += square * square;
      }
      const mean = sum / draws;
      const deviation = Math.sqrt((squares / draws - mean * mean) / draws);
      expect(Math.abs(mean - expected), loss).toBeLessThanOrEqual(6 * deviation + 1e-12 * expected);
    }
  }
});

test('balanced signs have the identity for their covariance', () => {
  const setting: Setting = {
    network: {
      layers: [{ inputs: 1, outputs: 3, activation: 'linear', bias: false }],
      sharing: 1,
      pooled: false,
      loss: 'squared',
    },
    x: Float64Array.of(1, 2, 3),
    inputs: Float64Array.of(1, 2, 3, 4),
    labels: new Float64Array(12),
  };
  const { problem, parameters, batch } = problemOf(setting, 'balanced');
  const { layers, terms } = problem.layers(parameters, batch, 'signs', new Random(1));
  const g = float64.mul(float64.matmul(layers[0].errors, layers[0].errors, true), terms);
  expect([...g.data]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
});

property.prop(
  [networks({ losses: ['squared', 'sigmoid'], activations: ['linear'], depth: { min: 1, max: 1 } })],
  {
    seed,
  },
)('a linear model’s Hessian is its Gauss–Newton matrix', (setting) => {
  const ggn = denseGaussNewton(setting);
  near(denseHessian(setting), ggn, 1e-6, norm(ggn) + norm(lossAndGradient(setting).gradient) + 1);
});

property.prop([any], { seed })(
  'the empirical Fisher is the mean square of its terms’ gradients',
  (setting) => {
    const width = setting.labels.length;
    const gradients = termGradients(setting, (t) =>
      setting.labels.subarray((t * width) / terms(), ((t + 1) * width) / terms()),
    );
    const v = new Random(9).normals(setting.x.length);
    const expected = gradients.reduce((sum, g) => sum + inner(g, v) ** 2, 0) / gradients.length;
    near([inner(v, times(denseEmpiricalFisher(setting), v))], [expected], 1e-10, expected + 1e-9);

    function terms(): number {
      const { network, inputs } = setting;
      const rows = inputs.length / network.layers[0].inputs;
      return network.pooled ? rows / network.sharing : rows;
    }
  },
);
