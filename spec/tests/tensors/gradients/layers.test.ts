import { beforeAll, expect, it } from 'vitest';

/* In float64: see float64.test.ts. */
globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
const tf = await import('@tensorflow/tfjs');
const { Random } = await import('../../../../src/index.js');
const { useBackend } = await import('../../../../src/tensors/index.js');
type Tensor = import('@tensorflow/tfjs').Tensor;
type Layer = import('@tensorflow/tfjs').layers.Layer;

const h = 2 ** (-52 / 3);
/** As in float64.test.ts: h²/6 of third derivatives up to 10⁴ times the first. */
const truncation = 1e4 * h * h;

beforeAll(() => useBackend('cpu'));

const L = tf.layers;
const image = [2, 5, 5, 2];
const series = [2, 4, 3];
const layers: readonly [string, number[], () => Layer][] = [
  ...(
    [
      'elu',
      'hardSigmoid',
      'linear',
      'relu',
      'relu6',
      'selu',
      'sigmoid',
      'softmax',
      'softplus',
      'softsign',
      'tanh',
      'swish',
      'mish',
      'gelu',
      'gelu_new',
    ] as const
  ).map((activation): [string, number[], () => Layer] => [
    `dense ${activation}`,
    [3, 4],
    () => L.dense({ units: 3, activation }),
  ]),
  ['prelu', [3, 4], () => L.prelu({ alphaInitializer: 'glorotUniform' })],
  ['leakyReLU', [3, 4], () => L.leakyReLU()],
  ['thresholdedReLU', [3, 4], () => L.thresholdedReLU({ theta: 0.3 })],
  ['softmax', [3, 4], () => L.softmax()],
  ['conv1d', series, () => L.conv1d({ filters: 2, kernelSize: 2, padding: 'same', activation: 'tanh' })],
  ['conv1d dilated', series, () => L.conv1d({ filters: 2, kernelSize: 2, dilationRate: 2 })],
  ['conv2d', image, () => L.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' })],
  [
    'conv2d dilated',
    image,
    () => L.conv2d({ filters: 2, kernelSize: 2, dilationRate: 2, activation: 'sigmoid' }),
  ],
  ['conv2dTranspose', image, () => L.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2 })],
  ['conv3d', [1, 3, 3, 3, 1], () => L.conv3d({ filters: 2, kernelSize: 2 })],
  ['depthwiseConv2d', image, () => L.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 })],
  ['separableConv2d', image, () => L.separableConv2d({ filters: 2, kernelSize: 2, activation: 'elu' })],
  ['averagePooling2d', image, () => L.averagePooling2d({ poolSize: 2, padding: 'same' })],
  ['maxPooling1d', series, () => L.maxPooling1d({ poolSize: 2 })],
  ['globalAveragePooling2d', image, () => L.globalAveragePooling2d({})],
  ['globalMaxPooling1d', series, () => L.globalMaxPooling1d({})],
  ['upSampling2d', image, () => L.upSampling2d({ size: [2, 2], interpolation: 'bilinear' })],
  [
    'cropping2D',
    image,
    () =>
      L.cropping2D({
        cropping: [
          [1, 0],
          [1, 1],
        ],
      }),
  ],
  ['zeroPadding2d', image, () => L.zeroPadding2d({})],
  ['batchNormalization', [5, 3], () => L.batchNormalization({})],
  ['layerNormalization', [3, 4], () => L.layerNormalization({})],
  ['simpleRNN', series, () => L.simpleRNN({ units: 2, recurrentInitializer: 'glorotNormal' })],
  ['lstm', series, () => L.lstm({ units: 2, returnSequences: true, recurrentInitializer: 'glorotNormal' })],
  ['gru', series, () => L.gru({ units: 2, recurrentInitializer: 'glorotNormal' })],
  [
    'bidirectional',
    series,
    () =>
      L.bidirectional({
        layer: L.gru({ units: 2, recurrentInitializer: 'glorotNormal' }),
        mergeMode: 'concat',
      }),
  ],
  ['timeDistributed', series, () => L.timeDistributed({ layer: L.dense({ units: 2, activation: 'tanh' }) })],
  [
    'convLstm2d',
    [1, 2, 3, 3, 1],
    () => L.convLstm2d({ filters: 1, kernelSize: 2, recurrentInitializer: 'glorotNormal' }),
  ],
  ['repeatVector', [3, 4], () => L.repeatVector({ n: 2 })],
  ['permute', series, () => L.permute({ dims: [2, 1] })],
];

it.each(layers)(
  'a layer %s: derivatives by input and weights agree with differences',
  (name, shape, make) => {
    // gelu rests on erf, which TensorFlow.js computes by a fit (Abramowitz and Stegun 7.1.26).
    const tolerance = name === 'dense gelu' ? 1e-5 : truncation;
    const random = new Random(5);
    const normal = (of: readonly number[]) =>
      tf.tensor(Array.from(random.normals(of.reduce((a, b) => a * b, 1))), [...of], 'float32');
    const layer = make();
    tf.tidy(() => {
      layer.apply(tf.zeros(shape)); // builds it
    });
    // Batch normalisation updates its moving averages when it trains: those are no inputs of the loss.
    const weights = layer.trainableWeights.map((weight) => weight.read());
    layer.trainableWeights.forEach((weight) => {
      weight.write(tf.mul(0.5, normal(weight.shape as number[])));
    });
    const training = name === 'batchNormalization';
    const shapes = [shape, ...weights.map((weight) => weight.shape)];
    const start = [normal(shape), ...layer.trainableWeights.map((weight) => tf.clone(weight.read()))];
    const v = shapes.map(normal);
    let mask: Tensor | undefined;
    /** The weights are read by the layer itself: the leaves are its very variables. */
    const loss = (x: Tensor) => {
      const y = layer.apply(x, { training }) as Tensor;
      mask ??= tf.keep(normal(y.shape));
      return tf.add(tf.sum(tf.mul(mask, y)), tf.mul(0.5, tf.sum(tf.square(y))));
    };
    const at = (t: number) => {
      const moved = start.map((leaf, i) => tf.add(leaf, tf.mul(t, v[i])));
      layer.trainableWeights.forEach((weight, i) => {
        weight.write(moved[i + 1]);
      });
      const leaves = [moved[0], ...layer.trainableWeights.map((weight) => weight.read())];
      const gradients = () => tf.grads((x: Tensor) => loss(x))(leaves);
      const slope = () => tf.addN(gradients().map((gradient, i) => tf.sum(tf.mul(gradient, v[i]))));
      const flat = (parts: Tensor[]) => parts.flatMap((part) => [...part.dataSync()]);
      return {
        value: loss(moved[0]).dataSync()[0],
        gradient: flat(gradients()),
        product: flat(tf.grads(() => slope())(leaves)),
      };
    };
    tf.tidy(() => {
      const { value, gradient, product } = at(0);
      const [up, down] = [at(h), at(-h)];
      const along = v.flatMap((part) => [...part.dataSync()]);
      const terms = gradient.map((g, i) => g * along[i]);
      const scale = Math.abs(value) + terms.reduce((sum, term) => sum + Math.abs(term), 0);
      const difference = (up.value - down.value) / (2 * h);
      expect(Math.abs(difference - terms.reduce((sum, term) => sum + term, 0))).toBeLessThan(
        tolerance * scale,
      );
      const most = Math.max(...gradient.map(Math.abs), ...product.map(Math.abs));
      const worst = Math.max(
        ...product.map((p, i) => Math.abs(p - (up.gradient[i] - down.gradient[i]) / (2 * h))),
      );
      expect(worst).toBeLessThan(tolerance * most);
    });
  },
);
