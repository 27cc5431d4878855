import * as tf from '@tensorflow/tfjs';
import type { Examples } from '../objective/problem.js';
import type { Batch } from './batch.js';

/** Bytes as float32 in [0, 1]. On WebAssembly bytes travel and are converted there, at a tenth of the time. */
function greyLevels(pixels: Uint8Array, shape: [number, number]): tf.Tensor {
  const engine = tf.engine();
  if (tf.getKernel('FluxionBytesOver', engine.backendName)) {
    const bytes = engine.makeTensor(pixels, shape, 'bool');
    const levels: tf.Tensor = engine.runKernel('FluxionBytesOver', { x: bytes }, { value: 255 });
    bytes.dispose();
    return levels;
  }
  return engine.makeTensor(
    Float32Array.from(pixels, (level) => level / 255),
    shape,
    'float32',
  );
}

/**
 * Images of one size and their classes, kept as bytes on the host; a batch scales them to [0, 1].
 *
 * @param images the pixels of all images, row after row
 * @param labels one class an image
 * @throws RangeError where the pixels are no whole multiple of the labels, or a position is not one of an image
 */
export function imageExamples(name: string, images: Uint8Array, labels: Uint8Array): Examples<Batch> {
  const size = labels.length;
  const width = images.length / size;
  if (!Number.isInteger(width)) {
    throw new RangeError(`${name}: expected a multiple of ${size} pixels, got ${images.length}`);
  }
  return {
    name,
    size,
    batch(positions) {
      const rows = positions.length;
      const pixels = new Uint8Array(rows * width);
      const classes = new Int32Array(rows);
      for (let row = 0; row < rows; row++) {
        const position = positions[row];
        if (!(position >= 0 && position < size)) {
          throw new RangeError(`${name}(positions): expected positions in [0, ${size}), got ${position}`);
        }
        classes[row] = labels[position];
        pixels.set(images.subarray(position * width, (position + 1) * width), row * width);
      }
      return {
        inputs: greyLevels(pixels, [rows, width]),
        labels: tf.engine().makeTensor(classes, [rows], 'int32'),
        seed: seedOf(positions),
      };
    },
    release({ inputs, labels: classes }) {
      inputs.dispose();
      classes.dispose();
    },
  };
}

/** A hash of the positions: the same batch is the same whenever it comes (FNV-1a, by words). */
function seedOf(positions: ArrayLike<number>): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < positions.length; i++) hash = Math.imul(hash ^ positions[i], 0x01000193);
  return hash;
}
