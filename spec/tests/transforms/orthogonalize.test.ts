import { expect, test } from 'vitest';
import {
  float64,
  type HostArray,
  hiddenMatrices,
  muon,
  Random,
  save,
  type Tree,
} from '../../../src/index.js';
import {
  chain,
  grouped,
  mergedAttention,
  orthogonalize,
  type Transform,
} from '../../../src/transforms/index.js';

const ramp = (shape: readonly number[]) =>
  float64.array(
    Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => Math.sin(i + 1)),
    shape,
  );

function firstUpdate(transform: Transform, gradient: Tree<HostArray>): Tree<HostArray> {
  const state = transform.init(gradient, float64);
  const loss = float64.fill([], 1);
  const random = new Random(1);
  const context = {
    algebra: float64,
    update: gradient,
    gradient,
    parameters: gradient,
    loss,
    step: 0,
    random,
  };
  return transform.update(context, state).update;
}

const values = (x: Tree<HostArray>) => [...float64.values(x as HostArray)];

test('a kernel [h, w, in, out] moves as the matrix [h·w·in, out] does', () => {
  const kernel = ramp([3, 3, 2, 4]);
  const matrix = float64.reshape(kernel, [18, 4]);
  const moved = firstUpdate(orthogonalize(), kernel);
  expect(float64.shape(moved as HostArray)).toEqual([3, 3, 2, 4]);
  expect(values(moved)).toEqual(values(firstUpdate(orthogonalize(), matrix)));
});

test('a parameter that is no matrix is refused by its path', () => {
  const tree = { dense: { bias: ramp([3]) } };
  expect(() => orthogonalize().init(tree, float64)).toThrow(
    'orthogonalize(dense/bias): expected a matrix or kernel, got shape [3]; leave it out by grouped',
  );
});

test('by default q, k and v in one matrix are told by the name, if its width has a third', () => {
  for (const name of ['block/qkv/kernel', 'h0/c_attn/w', 'in_proj_weight', 'attn/query_key_value']) {
    expect(mergedAttention(name, [8, 24]), name).toBe(true);
    expect(mergedAttention(name, [8, 8]), name).toBe(false);
  }
  expect(mergedAttention('dense/kernel', [8, 24])).toBe(false);
  const [merged, apart] = ['qkv', 'dense'].map((name) => {
    const update = firstUpdate(orthogonalize({ coefficients: 'polarExpress' }), { [name]: ramp([2, 6]) });
    return float64.matmul((update as Record<string, HostArray>)[name], ramp([6, 1]));
  });
  expect(values(merged)).not.toEqual(values(apart));
});

test('muon orthogonalizes hidden matrices and leaves embeddings, heads and vectors to AdamW', () => {
  const shapes: Record<string, readonly number[]> = {
    'embedding/table': [6, 4],
    'layer1/kernel': [4, 4],
    'conv/kernel': [2, 2, 3, 4],
    'layer1/bias': [4],
    'norm/scale': [4],
    'head/kernel': [4, 3],
    temperature: [],
  };
  const hidden = Object.keys(shapes).filter((path) => hiddenMatrices(path, shapes[path]));
  expect(hidden).toEqual(['layer1/kernel', 'conv/kernel']);
  const parameters = Object.fromEntries(Object.entries(shapes).map(([path, shape]) => [path, ramp(shape)]));
  const saved = JSON.stringify(save(float64, muon().init(parameters, float64)));
  const [{ orthogonalized, adamw }] = JSON.parse(saved) as [Record<string, unknown>];
  const [momentum] = orthogonalized as [{ mean: object }];
  const [moments] = adamw as [{ mean: object }];
  expect(Object.keys(momentum.mean)).toEqual(hidden);
  expect(Object.keys(moments.mean)).toEqual(Object.keys(shapes).filter((path) => !hidden.includes(path)));
});

test('which parameters are orthogonalized can be changed, by path and by shape', () => {
  const parameters = { first: ramp([2, 2]), second: ramp([2, 2]), third: ramp([4]) };
  const chosen = muon({ orthogonalized: /first/ });
  const saved = JSON.stringify(save(float64, chosen.init(parameters, float64)));
  const [{ orthogonalized }] = JSON.parse(saved) as [{ orthogonalized: [{ mean: object }] }];
  expect(Object.keys(orthogonalized[0].mean)).toEqual(['first']);
  expect(chosen.options.orthogonalized).toBe('/first/');
  expect(() => muon({ orthogonalized: /third/ }).init(parameters, float64)).toThrow('orthogonalize(third)');

  const square = grouped((_, shape) => (shape.length === 2 ? 'square' : 'rest'), {
    square: orthogonalize(),
    rest: chain(),
  });
  const update = firstUpdate(square, parameters) as Record<string, HostArray>;
  expect(values(update.third)).toEqual(values(parameters.third));
  expect(values(update.first)).not.toEqual(values(parameters.first));
});
