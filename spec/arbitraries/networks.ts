import fc from 'fast-check';
import type { Setting } from '../oracles/network/dense-curvature.js';
import { type LossName, termLosses } from '../oracles/network/losses.js';
import { type Network, parameterCount } from '../oracles/network/network.js';
import { dyadic } from './dyadic.js';

export interface NetworkChoices {
  losses?: readonly LossName[];
  activations?: readonly ('linear' | 'tanh')[];
  /** How many layers, default 1 … 3. */
  depth?: { min: number; max: number };
  /** How many rows an example has; default 1 … 3. */
  sharing?: { min: number; max: number };
  pooled?: readonly boolean[];
  /** Default 1 … 5. */
  examples?: { min: number; max: number };
  bias?: readonly boolean[];
  /** Whether a layer may be applied twice; default not. */
  repeated?: boolean;
}

/**
 * Small networks of widths 1 … 3 with parameters and a batch, all dyadic. Shrinks to one linear layer of one weight
 * 0 and one example.
 */
export function networks(choices: NetworkChoices = {}): fc.Arbitrary<Setting> {
  const {
    losses = ['squared', 'softmax', 'sigmoid', 'gaussian'],
    activations = ['linear', 'tanh'],
    depth = { min: 1, max: 3 },
    sharing = { min: 1, max: 3 },
    pooled = [false, true],
    examples = { min: 1, max: 5 },
    bias = [true, false],
    repeated = false,
  } = choices;
  const shape = fc.record({
    loss: fc.constantFrom(...losses),
    sharing: fc.integer(sharing),
    pooled: fc.constantFrom(...pooled),
    examples: fc.integer(examples),
    layers: fc.array(
      fc.record({
        inputs: fc.integer({ min: 1, max: 3 }),
        activation: fc.constantFrom(...activations),
        bias: fc.constantFrom(...bias),
        twice: repeated ? fc.boolean() : fc.constant(false),
      }),
      { minLength: depth.min, maxLength: depth.max },
    ),
    last: fc.integer({ min: 1, max: 3 }),
  });
  return shape.chain(({ loss, examples: count, layers, last, ...rest }) => {
    const outputs = loss === 'gaussian' ? 2 : loss === 'softmax' ? Math.max(2, last) : last;
    const network: Network = {
      ...rest,
      loss,
      layers: layers.map(({ twice, ...layer }, l) => {
        const to = layers[l + 1]?.inputs ?? outputs;
        return { ...layer, outputs: to, times: twice && to === layer.inputs ? 2 : 1 };
      }),
    };
    const terms = count * (rest.pooled ? 1 : rest.sharing);
    const width = termLosses[loss].labels(outputs);
    const label = {
      softmax: fc.integer({ min: 0, max: outputs - 1 }),
      sigmoid: fc.integer({ min: 0, max: 1 }),
      squared: dyadic(),
      gaussian: dyadic(),
    }[loss];
    const values = (n: number, entry: fc.Arbitrary<number>) =>
      fc.array(entry, { minLength: n, maxLength: n }).map((x) => Float64Array.from(x));
    return fc.record({
      network: fc.constant(network),
      x: values(
        parameterCount(network),
        dyadic().map((w) => w / 2),
      ),
      inputs: values(
        count * rest.sharing * layers[0].inputs,
        dyadic().map((a) => a / 2),
      ),
      labels: values(terms * width, label),
    });
  });
}
