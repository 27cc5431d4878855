import * as tf from '@tensorflow/tfjs';
import type { Examples } from '../problems/problem.js';
import type { Batch } from './batch.js';

/** Grey levels 0…255 as float32 in [0, 1]. */
const greyLevel = Float32Array.from({ length: 256 }, (_, level) => level / 255);

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
      const inputs = new Float32Array(rows * width);
      const classes = new Int32Array(rows);
      for (let row = 0; row < rows; row++) {
        const position = positions[row];
        if (!(position >= 0 && position < size)) {
          throw new RangeError(`${name}(positions): expected positions in [0, ${size}), got ${position}`);
        }
        classes[row] = labels[position];
        const to = row * width;
        const from = position * width;
        for (let i = 0; i < width; i++) inputs[to + i] = greyLevel[images[from + i]];
      }
      const engine = tf.engine();
      return {
        inputs: engine.makeTensor(inputs, [rows, width], 'float32'),
        labels: engine.makeTensor(classes, [rows], 'int32'),
      };
    },
    release({ inputs, labels: classes }) {
      inputs.dispose();
      classes.dispose();
    },
  };
}
