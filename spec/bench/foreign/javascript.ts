import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { appliedGradients } from '../../../src/tensors/applied-gradients.js';
import { type Running, statefulSubject } from '../../subjects/foreign/stateful.js';
import type { OptimizerSubject, SolverSubject, Subject } from '../../subjects/subject.js';
import { settled } from './settings.js';

type Options = Readonly<Record<string, number | string>>;
type Shapes = readonly (readonly number[])[];

/** Every optimizer of TensorFlow.js, by the options of the method it is. */
export function ofTensorFlow(): readonly Subject[] {
  const subject = (name: string, method: string, make: (o: Record<string, number>) => tf.Optimizer) => ({
    ...statefulSubject({
      name: `tf.train.${name}`,
      claims: method,
      epsilon: 2 ** -23,
      anyOptions: true,
      start: (x, shapes, options) => appliedGradients(make(options as Record<string, number>), x, shapes),
    }),
  });
  return [
    ...settled(subject('sgd', 'gradientDescent', (o) => tf.train.sgd(o.learningRate))),
    ...settled(subject('momentum', 'momentum', (o) => tf.train.momentum(o.learningRate, o.beta))),
    ...settled(
      subject('momentum, nesterov', 'nesterov', (o) => tf.train.momentum(o.learningRate, o.beta, true)),
    ),
    ...settled(subject('adam', 'adam', (o) => tf.train.adam(o.learningRate, o.beta1, o.beta2, o.epsilon))),
    // ε is the backend's.
    ...settled(
      subject('adagrad', 'adagrad', (o) => tf.train.adagrad(o.learningRate, o.initial)),
      {
        epsilonPlace: 'inside',
        epsilon: 1e-7,
        initial: 0.5,
      },
    ),
    ...settled(
      subject('rmsprop', 'rmsprop', (o) => tf.train.rmsprop(o.learningRate, o.beta, 0, o.epsilon)),
      {
        epsilonPlace: 'inside',
      },
    ),
    subject('rmsprop, centered', 'rmspropCentered', (o) =>
      tf.train.rmsprop(o.learningRate, o.beta, 0, o.epsilon, true),
    ),
    subject('adadelta', 'adadelta', (o) => tf.train.adadelta(o.learningRate, o.rho, o.epsilon)),
    subject('adamax', 'adamax', (o) => tf.train.adamax(o.learningRate, o.beta1, o.beta2, 1e-30)),
  ];
}

/** Optimizers of other packages on npm, from where they are installed. */
export function ofPackages(folder: string): readonly Subject[] {
  const require = createRequire(join(folder, 'package.json'));
  const [torch, network, minimizers] = ['js-pytorch', 'brain.js', 'optimization-js'].map((name) =>
    require(name),
  );
  return [...settled(jsPytorch(torch)), ...settled(brain(network)), lbfgs(minimizers)];
}

interface JsPytorch {
  torch: {
    tensor(values: unknown, requiresGradient: boolean): { _data: unknown; _grad: unknown };
    optim: {
      Adam: new (
        parameters: unknown[],
        rate: number,
        reg: number,
        betas: number[],
        eps: number,
      ) => { step(): void };
    };
  };
}

/** One vector of its own tensors: it keeps its state in the parameters. */
function jsPytorch({ torch }: JsPytorch): OptimizerSubject {
  const subject = statefulSubject({
    name: 'js-pytorch optim.Adam',
    claims: 'adam',
    epsilon: 2 ** -52,
    anyOptions: true,
    start(x, _shapes, options): Running {
      const { learningRate, beta1, beta2, epsilon } = options as Record<string, number>;
      const parameter = torch.tensor([[...x]], true);
      const adam = new torch.optim.Adam([parameter], learningRate, 0, [beta1, beta2], epsilon);
      return {
        step(at, gradient) {
          parameter._data = [[...at]];
          parameter._grad = torch.tensor([[...gradient]], false);
          adam.step();
          return Float64Array.from((parameter._data as number[][])[0]);
        },
      };
    },
  });
  // Its tensors cannot be empty.
  return { ...subject, claims: ['6', '7', '9b', '47', '48', '49', '50'] };
}

interface BrainNetwork {
  sizes: number[];
  outputLayer: number;
  iterations: number;
  trainOpts: object;
  weights: number[][][];
  biases: number[][];
  deltas: number[][];
  outputs: number[][];
  changesLow: number[][][];
  changesHigh: number[][][];
  biasChangesLow: number[][];
  biasChangesHigh: number[][];
  _adjustWeightsAdam(): void;
}

/** A network of one neuron without inputs, so that its one bias is the parameter: delta is −∂loss/∂bias. */
function brain({ NeuralNetwork }: { NeuralNetwork: { prototype: BrainNetwork } }): OptimizerSubject {
  return statefulSubject({
    name: 'brain.js adam (biases)',
    claims: 'adam',
    epsilon: 2 ** -52,
    anyOptions: true,
    start(x, _shapes: Shapes, options): Running {
      const o = options as Options;
      const n = x.length;
      const network = Object.assign(Object.create(NeuralNetwork.prototype) as BrainNetwork, {
        sizes: [0, n],
        outputLayer: 1,
        iterations: 0,
        outputs: [[], Array(n).fill(0)],
        weights: [[], Array.from({ length: n }, () => [])],
        changesLow: [[], Array.from({ length: n }, () => [])],
        changesHigh: [[], Array.from({ length: n }, () => [])],
        biasChangesLow: [[], Array(n).fill(0)],
        biasChangesHigh: [[], Array(n).fill(0)],
        trainOpts: { learningRate: o.learningRate, beta1: o.beta1, beta2: o.beta2, epsilon: o.epsilon },
      });
      return {
        step(at, gradient) {
          network.biases = [[], [...at]];
          network.deltas = [[], [...gradient].map((g) => -g)];
          network._adjustWeightsAdam();
          return Float64Array.from(network.biases[1]);
        },
      };
    },
  });
}

interface OptimizationJs {
  minimize_L_BFGS(f: (x: number[]) => number, g: (x: number[]) => number[], start: number[]): unknown;
}

/** L-BFGS, its iterates where it asks for gradients; a run is cut off by a throw. */
function lbfgs(library: OptimizationJs): SolverSubject {
  const enough = new Error('enough steps');
  return {
    kind: 'solver',
    name: 'optimization-js minimize_L_BFGS',
    method: 'lbfgs',
    epsilon: 2 ** -52,
    claims: ['74'],
    scope: (body) => body(),
    trace(problem, start, steps) {
      const points: Float64Array[] = [];
      try {
        library.minimize_L_BFGS(
          (x) => problem.value(Float64Array.from(x)),
          (x) => {
            points.push(Float64Array.from(x));
            if (points.length > steps) throw enough;
            return [...problem.gradient!(Float64Array.from(x))];
          },
          [...Array.from(start)],
        );
      } catch (error) {
        if (error !== enough) throw error;
      }
      return { points, trials: [] };
    },
  };
}
