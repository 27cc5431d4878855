import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam } from '../../../src/index.js';
import {
  asOptimizer,
  classification,
  fromLayers,
  mlp,
  useBackend,
  valueAndGradient,
} from '../../../src/tensors/index.js';
import { recordPass } from '../../../src/tensors/recorded-pass.js';

beforeAll(() => useBackend('wasm'));

const halfWay = (): never => {
  throw new Error('half-way');
};
/** Operations that save inputs and outputs, and then none. */
const loss = (x: tf.Tensor): tf.Tensor => {
  tf.softmax(tf.exp(tf.relu(tf.square(x))));
  return halfWay();
};
/** An operation whose gradient throws. */
const stubborn = tf.customGrad((x, save) => {
  (save as tf.GradSaveFunc)([x as tf.Tensor]);
  return { value: tf.exp(x as tf.Tensor), gradFunc: halfWay };
});
const x = () => tf.tensor2d([[1, 2, 3]]);

const uses: { readonly [what: string]: () => unknown } = {
  'a function': () => tf.grad(loss)(x()),
  'a function given to valueAndGradient': () => valueAndGradient((y) => loss(y as tf.Tensor), x()),
  'a function of variables': () => {
    const variable = tf.variable(x());
    try {
      return tf.variableGrads(() => loss(variable) as tf.Scalar);
    } finally {
      variable.dispose();
    }
  },
  'a gradient': () => tf.grad((y) => tf.sum(stubborn(tf.exp(y))))(x()),
  'a function in the gradient of a gradient': () => tf.grad((y) => tf.sum(tf.grad(loss)(tf.exp(y))))(x()),
  'a gradient of a gradient': () =>
    tf.grad((y) => tf.sum(tf.grad((z) => tf.sum(stubborn(tf.exp(z))))(tf.square(y))))(x()),
  'a recorded pass': () => recordPass(() => [loss(tf.exp(x()))], [x()]),
  'a closure given to an optimizer': () => {
    const variable = tf.variable(x());
    const optimizer = asOptimizer(adam());
    try {
      return optimizer.minimize(() => loss(variable) as tf.Scalar, false, [variable]);
    } finally {
      optimizer.dispose();
      variable.dispose();
    }
  },
};

describe('what throws half-way leaves nothing behind', () => {
  it.each(Object.keys(uses))('%s', (what) => {
    const before = [tf.memory().numTensors, tf.memory().numDataBuffers];
    const [first, second] = [1, 2].map(() => () => tf.tidy(() => uses[what]() as tf.Tensor));
    expect(first).toThrow('half-way');
    expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual(before);
    // And is as good as new: what was open is closed.
    const slope = tf.tidy(() => [
      ...tf
        .grad((y) => tf.sum(tf.square(y)))(x())
        .dataSync(),
    ]);
    expect(slope).toEqual([2, 4, 6]);
    expect(second).toThrow('half-way');
    expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual(before);
  });

  it.each([1, 2, 3, 4, 5])('a backend that fails at its %i. product', (at) => {
    const problem = classification(mlp([3, 4, 2]));
    const parameters = { layer1: layer(3, 4), layer2: layer(4, 2) };
    const batch = { inputs: x(), labels: tf.tensor1d([1], 'int32') };
    const stock = tf.getKernel('BatchMatMul', 'wasm');
    const put = (kernelFunc: typeof stock.kernelFunc) => {
      tf.unregisterKernel('BatchMatMul', 'wasm');
      tf.registerKernel({ ...stock, kernelFunc });
    };
    let products = 0;
    put((call) => (++products === at ? halfWay() : stock.kernelFunc(call)));
    const before = [tf.memory().numTensors, tf.memory().numDataBuffers];
    expect(() => problem.valueAndGradient(parameters, batch)).toThrow('half-way');
    put(stock.kernelFunc);
    expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual(before);
    const { value, gradient } = problem.valueAndGradient(parameters, batch);
    expect(Number.isFinite(value.dataSync()[0])).toBe(true);
    tf.dispose([value, gradient, parameters, batch] as unknown as tf.TensorContainer);
  });
});

const layer = (inputs: number, outputs: number) => ({
  kernel: tf.ones([inputs, outputs]),
  bias: tf.zeros([outputs]),
});

describe('classes that a model does not know', () => {
  const model = () =>
    tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], activation: 'softmax' })] });
  const refusal = 'sparseCategoricalCrossentropy(labels): expected classes in [0, 2), got 2 at 0';

  it('are refused by a loss of tfjs-layers, which would leave them out', () => {
    const problem = fromLayers(model(), 'sparseCategoricalCrossentropy');
    const parameters = { kernel: tf.ones([3, 2]), bias: tf.zeros([2]) };
    const names = Object.keys(problem.start({ integer: () => 0 } as never) as object);
    const named = Object.fromEntries(names.map((name, i) => [name, Object.values(parameters)[i]]));
    const batch = { inputs: x(), labels: tf.tensor2d([[2]]) };
    expect(() => problem.valueAndGradient(named, batch)).toThrow(refusal);
  });

  it('are refused in a compiled model', async () => {
    const own = model();
    own.compile({ optimizer: asOptimizer(adam()), loss: 'sparseCategoricalCrossentropy' });
    await expect(own.fit(x(), tf.tensor2d([[2]]), { verbose: 0 })).rejects.toThrow(refusal);
  });
});
