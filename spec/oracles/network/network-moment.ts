import { SavedArray } from '../../../src/index.js';
import type { DenseModel } from '../../subjects/dense-model.js';
import type { NetworkSeen } from '../../subjects/network.js';
import type { Moment, Point } from '../../subjects/subject.js';
import { jacobian, lossAndGradient, mapTerms, residuals, type Setting } from './dense-curvature.js';
import { termLosses } from './losses.js';
import { forward, places, pull, termsOf } from './network.js';

/** The parameters of a network as arrays: kernels and biases in turn. */
export function networkPoint({ network, x }: Setting): Point {
  return places(network).flatMap(({ kernel, bias, end }, l) => {
    const { inputs, outputs } = network.layers[l];
    const weights = new SavedArray([inputs, outputs], x.slice(kernel, bias ?? end));
    return bias === undefined ? [weights] : [weights, new SavedArray([outputs], x.slice(bias, end))];
  });
}

/** A network at its parameters, with its batch, as matrices. */
export function networkModel(setting: Setting): DenseModel {
  const { network, x, inputs } = setting;
  const passed = forward(network, x, inputs);
  const terms = termsOf(network, passed.rows);
  const { outputs } = passed;
  const [m, width] = [outputs.length, outputs.length / terms];
  const loss = termLosses[network.loss];
  const blocks = (blockOf: (z: Float64Array) => Float64Array, scale: number) => {
    const matrix = new Float64Array(m * m);
    for (let t = 0; t < terms; t++) {
      const block = blockOf(outputs.subarray(t * width, (t + 1) * width));
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          matrix[(t * width + i) * m + t * width + j] = scale * block[i * width + j];
        }
      }
    }
    return matrix;
  };
  /** L column by column, row-major. */
  const factor = (z: Float64Array) => {
    const columns = Array.from(z, (_, j) =>
      loss.factor(
        z,
        z.map((__, i) => (i === j ? 1 : 0)),
      ),
    );
    return Float64Array.from(
      { length: width * width },
      (_, at) => columns[at % width][Math.floor(at / width)],
    );
  };
  return {
    loss: network.loss,
    examples: passed.rows / network.sharing,
    terms,
    outputs,
    jacobian: jacobian(setting),
    curvature: blocks((z) => loss.hessian(z), 1 / terms),
    factor: blocks(factor, 1 / Math.sqrt(terms)),
    residual: residuals(setting, passed),
    sampledResidual: (random) =>
      mapTerms(setting, passed, (z) => loss.residual(z, loss.sample(z, random)).map((r) => r / terms)),
  };
}

/** A step on a network's batch at its parameters. */
export function networkMoment(setting: Setting, step: number): Moment {
  const { value, gradient } = lossAndGradient(setting);
  return {
    parameters: networkPoint(setting),
    gradient: networkPoint({ ...setting, x: gradient }),
    loss: value,
    step,
    model: networkModel(setting),
    network: networkSeen(setting),
  };
}

/** What each layer saw, and the loss elsewhere. */
function networkSeen(setting: Setting): NetworkSeen {
  const { network, x, inputs } = setting;
  return {
    terms: termsOf(network, inputs.length / network.layers[0].inputs),
    get layers() {
      const passed = forward(network, x, inputs);
      const { errors } = pull(network, x, passed, residuals(setting, passed));
      return passed.applications.map(({ layer, inputs: seen }, a) => {
        const { inputs: width, outputs, bias } = network.layers[layer];
        const { kernel: at } = places(network)[layer];
        const { sharing } = network;
        return { inputs: seen, errors: errors[a], in: width, out: outputs, bias, at, sharing };
      });
    },
    evaluate: (other) => lossAndGradient({ ...setting, x: other }),
  };
}
