import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';
import type { Kernel } from './replace.js';

type Fusable = 'elu' | 'leakyrelu' | 'prelu' | 'relu' | 'relu6' | 'sigmoid';

/** Activations that a fused kernel gets wrong, one kernel later. */
export function unfused(tf: Tf, stock: Kernel, activations: readonly Fusable[]): Kernel {
  return (call) => {
    const activation = activations.find((name) => name === call.attrs.activation);
    if (activation === undefined) return stock(call);
    const { preluActivationWeights, ...inputs } = call.inputs;
    return tf.tidy(() => {
      const linear = stock({ ...call, inputs, attrs: { ...call.attrs, activation: 'linear' } });
      const x: tensorflow.Tensor = tf.engine().makeTensorFromTensorInfo(linear);
      if (activation === 'prelu') return tf.prelu(x, preluActivationWeights);
      if (activation === 'leakyrelu') return tf.leakyRelu(x, call.attrs.leakyreluAlpha as number);
      return tf[activation](x);
    });
  };
}
