import * as tf from '@tensorflow/tfjs';

/**
 * Refuses labels that are no classes, where they can be read without waiting for a graphics card: as long as it has
 * not got them, which is before they are first used. Elsewhere such a label makes the loss NaN.
 *
 * @param labels numbers in [0, classes), rounded down
 * @throws RangeError telling the first one that is not
 */
export function checkClasses(where: string, labels: tf.Tensor, classes: number): void {
  const values = valuesHere(labels) ?? [];
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= 0 && values[i] < classes) continue;
    throw new RangeError(`${where}(labels): expected classes in [0, ${classes}), got ${values[i]} at ${i}`);
  }
}

function valuesHere(x: tf.Tensor): ArrayLike<number> | null | undefined {
  if (tf.engine().backendName !== 'webgpu') return x.dataSync();
  const { tensorMap } = tf.backend() as unknown as {
    readonly tensorMap: { get(dataId: object): { readonly values?: ArrayLike<number> | null } | undefined };
  };
  return tensorMap.get(x.dataId)?.values;
}
