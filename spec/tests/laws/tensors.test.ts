import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { Random } from '../../../src/index.js';
import type { Loss, Model } from '../../../src/tensors/index.js';
import {
  type BackendName,
  binaryCrossEntropy,
  classification,
  crossEntropy,
  gaussianLikelihood,
  mlp,
  regression,
  softmaxRegression,
  squaredError,
  tensors,
  useBackend,
} from '../../../src/tensors/index.js';
import { modelProblem } from '../../../src/tensors/model-problem.js';
import { check } from '../../check.js';
import { oursIn } from '../../holders.js';
import { networkProblem } from '../../oracles/network/network-problem.js';
import { seed } from '../../seed.js';
import { type CurvatureSubject, curvatureClaims } from '../../subjects/curvature.js';
import type { LossName, Network } from '../../subjects/network.js';
import { onRows, problemSubject } from '../../subjects/problem-subjects.js';

/** Samples a law and method: an operation costs a thousand times what it costs on the host. */
const runs = 5;

type Rows = readonly (readonly number[])[];
const inputsOf = (rows: Rows) => {
  const features = rows[0].length - 1;
  return tensors.array(
    rows.flatMap((row) => row.slice(0, features)),
    [rows.length, features],
  );
};
const targetsOf = (rows: Rows) => rows.map((row) => row[row.length - 1]);

/** Models without kinks, three classes or one target. */
const problems = [
  problemSubject(
    'softmax regression',
    (features) => classification(softmaxRegression(features, 3)),
    (rows) => ({ inputs: inputsOf(rows), labels: tf.tensor1d(targetsOf(rows), 'int32') }),
  ),
  problemSubject(
    'tanh perceptron',
    (features) => regression(mlp([features, 3, 1], { activation: 'tanh' })),
    (rows) => ({ inputs: inputsOf(rows), labels: tensors.array(targetsOf(rows), [rows.length, 1]) }),
  ),
];
const losses: Readonly<Record<LossName, Loss>> = {
  softmax: crossEntropy,
  sigmoid: binaryCrossEntropy,
  squared: squaredError,
  gaussian: gaussianLikelihood,
};

/** A network of the oracles as a model of TensorFlow.js. */
function modelOf(network: Network): Model {
  const { layers, sharing, pooled } = network;
  return {
    name: 'network',
    inputs: layers[0].inputs,
    outputs: layers[layers.length - 1].outputs,
    start: () => ({}),
    outputsOf(parameters, inputs) {
      let signal = inputs;
      for (const [l, { activation, times = 1 }] of layers.entries()) {
        const { kernel, bias } = (parameters as Record<string, { kernel: tf.Tensor; bias?: tf.Tensor }>)[
          `layer${l}`
        ];
        for (let k = 0; k < times; k++) {
          const product = tf.matMul(signal, kernel);
          const shifted = bias === undefined ? product : tf.add(product, bias);
          signal = activation === 'tanh' ? tf.tanh(shifted) : shifted;
        }
      }
      return pooled ? tf.mean(tf.reshape(signal, [-1, sharing, signal.shape[1] as number]), 1) : signal;
    },
  };
}

/** The curvature of models of TensorFlow.js and our losses, all the way through its operations. */
const networkCurvatures: CurvatureSubject = {
  kind: 'curvature',
  name: 'curvature of networks',
  epsilon: 2 ** -23,
  claims: curvatureClaims,
  products(kind, { network, x, inputs, labels }) {
    const problem = modelProblem('network', modelOf(network), losses[network.loss]);
    const parameters = networkProblem(tensors, network, { start: x }).start(new Random(1));
    const width = network.layers[0].inputs;
    const outputs = network.layers[network.layers.length - 1].outputs;
    const label = network.loss === 'gaussian' ? outputs / 2 : outputs;
    const batch = {
      inputs: tensors.array(inputs, [inputs.length / width, width]),
      labels:
        network.loss === 'softmax'
          ? tf.tensor1d([...labels], 'int32')
          : tensors.array(labels, [labels.length / label, label]),
    };
    const operator = problem.curvature!(kind, parameters, batch);
    return (v) => flatten(tensors, operator.apply(unflatten(tensors, v, parameters)));
  },
  scope: (body) => tensors.scope(body),
};

const rows = [
  [0.5, -1, 0],
  [1, 2, 1],
  [-0.25, 0.75, 2],
];

describe.each<BackendName>(['cpu', 'wasm'])('the methods in float32 on the %s backend', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  const subjects = [
    ...oursIn(tensors),
    ...problems,
    ...problems.map((problem) => onRows(problem, rows)),
    networkCurvatures,
  ];

  it.each(subjects.map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
    const before = tensors.live();
    const report = check(subject, { seed, runs });
    for (const law of report.laws) {
      expect(law, `${law.explanation} on ${law.counterexample}`).toMatchObject({ verdict: 'holds', runs });
    }
    expect(tensors.live(), 'tensors left alive').toBe(before);
  });

  it('a gradient that is a tenth too long is found in float32 too', () => {
    const right = onRows(problems[1], rows);
    const wrong = { ...right, gradient: (x: Float64Array) => right.gradient(x).map((g) => 1.1 * g) };
    const [law] = check(wrong, { seed, runs: 50 }).laws;
    expect(law).toMatchObject({ id: '11', verdict: 'broken' });
  });
});
