import * as tf from '@tensorflow/tfjs';
import { Random } from '../algebra/random.js';
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
 * @param altered writes an image as it is to be shown in a batch, moved or mirrored at random; the batch's seed decides
 * @throws RangeError where the pixels are no whole multiple of the labels, or a position is not one of an image
 */
export function imageExamples(
  name: string,
  images: Uint8Array,
  labels: Uint8Array,
  altered?: (image: Uint8Array, into: Uint8Array, random: Random) => void,
): Examples<Batch> {
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
      const seed = seedOf(positions);
      const random = new Random(seed);
      for (let row = 0; row < rows; row++) {
        const position = positions[row];
        if (!(position >= 0 && position < size)) {
          throw new RangeError(`${name}(positions): expected positions in [0, ${size}), got ${position}`);
        }
        classes[row] = labels[position];
        const image = images.subarray(position * width, (position + 1) * width);
        if (altered === undefined) pixels.set(image, row * width);
        else altered(image, pixels.subarray(row * width, (row + 1) * width), random);
      }
      return {
        inputs: greyLevels(pixels, [rows, width]),
        labels: tf.engine().makeTensor(classes, [rows], 'int32'),
        seed,
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
