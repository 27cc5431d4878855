/** A matrix as rows of float64. */
type Matrix = readonly (readonly number[])[];

export interface NaiveLayer {
  /** [in][out] */
  readonly kernel: Matrix;
  readonly bias: readonly number[];
}

/** The loss, and for each layer its gradient and ‖input‖·‖error‖, the norms its rounding is measured by. */
export interface Backpropagated {
  readonly loss: number;
  readonly layers: readonly (NaiveLayer & { readonly scale: number })[];
}

/** The loss of one example and its derivatives by the outputs. */
export type NaiveLoss = (outputs: readonly number[], label: number | readonly number[]) => [number, number[]];

/** −log softmax(z)_y, derivative softmax(z) − e_y. */
export const naiveCrossEntropy: NaiveLoss = (outputs, label) => {
  const most = Math.max(...outputs);
  const powers = outputs.map((output) => Math.exp(output - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return [
    Math.log(total) + most - outputs[label as number],
    powers.map((power, j) => power / total - (j === label ? 1 : 0)),
  ];
};

/** ½ Σ (z − t)², derivative z − t. */
export const naiveSquaredError: NaiveLoss = (outputs, label) => {
  const errors = outputs.map((output, j) => output - (label as number[])[j]);
  return [errors.reduce((sum, error) => sum + error * error, 0) / 2, errors];
};

/** ½ Σ (log 2π + s + (t − μ)² e⁻ˢ), outputs μ then s. */
export const naiveGaussian: NaiveLoss = (outputs, label) => {
  const targets = label as readonly number[];
  const count = targets.length;
  let loss = 0;
  const derivative = new Array<number>(2 * count);
  for (let j = 0; j < count; j++) {
    const error = outputs[j] - targets[j];
    const precision = Math.exp(-outputs[count + j]);
    loss += (Math.log(2 * Math.PI) + outputs[count + j] + error * error * precision) / 2;
    derivative[j] = error * precision;
    derivative[count + j] = (1 - error * error * precision) / 2;
  }
  return [loss, derivative];
};

/**
 * The mean loss of a multilayer perceptron and its gradient, example by example, in plain float64 loops.
 *
 * Source: Rumelhart, Hinton and Williams 1986, equations 4–7.
 */
export function backpropagationOracle(
  layers: readonly NaiveLayer[],
  activation: 'relu' | 'tanh',
  loss: NaiveLoss,
  inputs: Matrix,
  labels: readonly (number | readonly number[])[],
): Backpropagated {
  const act = activation === 'relu' ? (z: number) => Math.max(z, 0) : Math.tanh;
  const slope = activation === 'relu' ? (h: number) => (h > 0 ? 1 : 0) : (h: number) => 1 - h * h;
  const total = layers.map(({ kernel, bias }) => ({
    kernel: kernel.map((row) => row.map(() => 0)),
    bias: bias.map(() => 0),
    inputSquare: 0,
    errorSquare: 0,
  }));
  let sum = 0;
  const n = inputs.length;
  for (let example = 0; example < n; example++) {
    const signals: (readonly number[])[] = [inputs[example]];
    layers.forEach(({ kernel, bias }, l) => {
      const from = signals[l];
      const to = bias.map((b, j) => from.reduce((z, signal, i) => z + signal * kernel[i][j], b));
      signals.push(l === layers.length - 1 ? to : to.map(act));
    });
    const [value, derivative] = loss(signals[layers.length], labels[example]);
    sum += value;
    let error: readonly number[] = derivative;
    for (let l = layers.length - 1; l >= 0; l--) {
      const from = signals[l];
      error.forEach((e, j) => {
        total[l].bias[j] += e / n;
        total[l].errorSquare += (e / n) ** 2;
        from.forEach((signal, i) => {
          total[l].kernel[i][j] += (signal * e) / n;
        });
      });
      total[l].inputSquare += from.reduce((square, signal) => square + signal * signal, 0);
      const through = error;
      error = from.map(
        (h, i) => slope(h) * through.reduce((back, e, j) => back + e * layers[l].kernel[i][j], 0),
      );
    }
  }
  return {
    loss: sum / n,
    layers: total.map(({ kernel, bias, inputSquare, errorSquare }) => ({
      kernel,
      bias,
      scale: Math.sqrt(inputSquare * errorSquare),
    })),
  };
}
