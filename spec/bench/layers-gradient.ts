import * as tf from '@tensorflow/tfjs';
import { Random } from '../../src/index.js';
import { crossEntropy, fromLayers, tensors } from '../../src/tensors/index.js';

/** A gradient of a model of tfjs-layers with logits of ten classes, at batch 128, on the backend in use. */
export function layersGradient(model: tf.LayersModel): () => void {
  const problem = fromLayers(model, crossEntropy);
  const random = new Random(1);
  const examples = 128;
  const shape = [examples, ...(model.inputs[0].shape.slice(1) as number[])];
  const batch = {
    inputs: tensors.array(random.uniforms(tf.util.sizeFromShape(shape)), shape),
    labels: tf.tensor1d(
      Array.from({ length: examples }, () => random.integer(10)),
      'int32',
    ),
    seed: 1,
  };
  const parameters = problem.start(random);
  return () => tf.tidy(() => void problem.valueAndGradient(parameters, batch));
}

/** Depthwise and pointwise convolutions of 32×32×3 images, three blocks of MobileNet (Howard et al. 2017). */
export function depthwiseModel(): tf.LayersModel {
  const block = (filters: number, strides: number) => [
    tf.layers.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', activation: 'relu' }),
    tf.layers.conv2d({ filters, kernelSize: 1, activation: 'relu' }),
  ];
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ filters: 16, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' },
        inputShape: [32, 32, 3],
      }),
      ...[...block(32, 1), ...block(64, 2), ...block(64, 1)],
      ...[tf.layers.globalAveragePooling2d({}), tf.layers.dense({ units: 10 })],
    ],
  });
}

/** A recurrent network of 64 units over 16 steps of 32 numbers. */
export function recurrentModel(): tf.LayersModel {
  return tf.sequential({
    layers: [tf.layers.lstm({ units: 64, inputShape: [16, 32] }), tf.layers.dense({ units: 10 })],
  });
}
