import * as tf from '@tensorflow/tfjs';
import { checkClasses } from './class-labels.js';
import { drawn, type Loss, type LossCurvature } from './loss.js';
import { sampledClass } from './softmax-curvature.js';
import { weightedCurvature } from './weighted-curvature.js';

type LossFunction = (targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;

/** The smallest probability that the losses of tfjs-layers know. */
const least = 1e-7;
const probability = (p: tf.Tensor) => tf.clipByValue(p, least, 1 - least);
const terms = (outputs: tf.Tensor) => outputs.size / outputs.shape[outputs.rank - 1];

/**
 * The curvature of losses of tfjs-layers by a model's outputs, which there are probabilities: the Fisher information
 * of the distribution that they stand for, mean over the terms.
 *
 * `categoricalCrossentropy`: diag(1/p). `binaryCrossentropy`, which is a mean over the outputs: diag(1/(p(1−p)))/outputs.
 * `meanSquaredError`, a mean over the outputs too: 2I/outputs.
 */
const curvatures: { readonly [loss: string]: LossCurvature } = {
  categoricalCrossentropy: categorical((p, random) => {
    const shape = p.shape;
    const classes = shape[shape.length - 1];
    const flat = tf.reshape(p, [-1, classes]);
    return tf.reshape(tf.oneHot(sampledClass(flat, random), classes, 1, 0, 'float32'), shape);
  }),
  sparseCategoricalCrossentropy: categorical((p, random) => {
    const shape = p.shape;
    const flat = tf.reshape(p, [-1, shape[shape.length - 1]]);
    return tf.reshape(tf.cast(sampledClass(flat, random), 'float32'), [...shape.slice(0, -1), 1]);
  }),
  binaryCrossentropy: {
    terms,
    product: (p, v) => tf.div(v, tf.mul(bernoulli(p), p.size)),
    factor: (p, u) => tf.div(u, tf.sqrt(tf.mul(bernoulli(p), p.size))),
    sampleLabels: (p, random) =>
      tf.cast(
        tf.less(
          drawn(p.shape, () => random.uniform(), tf.tensor),
          p,
        ),
        'float32',
      ),
  },
  meanSquaredError: {
    terms,
    product: (z, v) => tf.mul(v, 2 / z.size),
    factor: (z, u) => tf.mul(u, Math.sqrt(2 / z.size)),
    sampleLabels: (z, random) => {
      const spread = Math.sqrt(z.shape[z.rank - 1] / 2); // of the Gaussian whose −log p this loss is
      return tf.add(
        z,
        drawn(z.shape, () => spread * random.normal(), tf.tensor),
      );
    },
  },
};
const aliases: { readonly [loss: string]: string } = { mse: 'meanSquaredError', MSE: 'meanSquaredError' };

/**
 * A loss of tfjs-layers, by the name or function that `model.compile` was given, as a mean loss of outputs and labels;
 * with its curvature where that is known.
 *
 * @param compiled maps targets and outputs to one loss a term, as `model.compile` made it
 * @param weights of the examples, [n], by which `fit` multiplies what `compiled` answers
 */
export function layersLoss(given: unknown, compiled: LossFunction, weights?: tf.Tensor): Loss {
  const mean = (outputs: tf.Tensor, labels: tf.Tensor): tf.Tensor => {
    const losses = compiled(labels, outputs);
    return tf.mean(weights === undefined ? losses : tf.mul(losses, weights));
  };
  const named = typeof given === 'string';
  const own = typeof given === 'function' ? (given as Loss).curvature : undefined;
  const curvature = named ? curvatures[aliases[given] ?? given] : own;
  if (curvature === undefined) return mean;
  if (weights === undefined) return Object.assign(mean, { curvature });
  // Ours answer the mean already, and `fit` multiplies that by each weight.
  const each = () => (named ? weights : tf.mean(weights));
  return Object.assign(mean, { curvature: weightedCurvature(curvature, each) });
}

function categorical(sampleLabels: LossCurvature['sampleLabels']): LossCurvature {
  return {
    terms,
    product: (p, v) => tf.div(v, tf.mul(probability(p), terms(p))),
    factor: (p, u) => tf.div(u, tf.sqrt(tf.mul(probability(p), terms(p)))),
    sampleLabels,
  };
}

function bernoulli(p: tf.Tensor): tf.Tensor {
  const clipped = probability(p);
  return tf.mul(clipped, tf.sub(1, clipped));
}

/**
 * Refuses targets that are no classes: TensorFlow.js leaves such an example out without a word.
 *
 * @param given the loss as the model was given it
 */
export function checkTargets(given: unknown, targets: tf.Tensor, outputs: tf.Tensor): void {
  const sparse = 'sparseCategoricalCrossentropy';
  if (given === sparse) checkClasses(sparse, targets, outputs.shape[outputs.rank - 1]);
}

/**
 * A loss of tfjs-layers by its name, for labels of any type: that of classes rounds them down, which TensorFlow.js
 * refuses for whole numbers.
 *
 * @throws TypeError where there is none of that name
 */
export function namedLoss(name: string): LossFunction {
  // tfjs-layers exports no losses; a model compiled with one has it.
  const probe = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  try {
    probe.compile({ loss: name, optimizer: 'sgd' });
    const [compiled] = (probe as unknown as { model: { lossFunctions: LossFunction[] } }).model.lossFunctions;
    return (targets, outputs) => {
      checkTargets(name, targets, outputs);
      return compiled(tf.cast(targets, 'float32'), outputs);
    };
  } catch {
    throw new TypeError(`fromLayers(loss): expected a loss of tfjs-layers, got '${name}'`);
  } finally {
    probe.dispose();
  }
}
