import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { windowsOf } from '../../../src/tensors/gradients/convolutions.js';
import { addPatches, copyPatches, findLargest } from '../../../src/tensors/gradients/window-loops.js';
import {
  imageShape,
  patchesShape,
  rowsOf,
  type Triple,
  type Windows,
} from '../../../src/tensors/gradients/window-shape.js';
import { useBackend } from '../../../src/tensors/index.js';
import { seed } from '../../seed.js';

beforeAll(() => useBackend('wasm', { threads: 2 }));

function triple(min: number, max: number): fc.Arbitrary<Triple> {
  const length = fc.integer({ min, max });
  return fc.tuple(length, length, length);
}

/** Windows that may begin before the image, and end, or lie, beyond it. */
const windows: fc.Arbitrary<Windows> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 7 }),
  image: triple(1, 5),
  size: triple(1, 3),
  strides: triple(1, 3),
  dilations: triple(1, 2),
  before: triple(0, 2),
  count: triple(1, 4),
  summed: fc.boolean(),
});

/** Whole numbers, so that many are equal, and some that are none. */
function drawn(count: number, random: Random): Float32Array {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
  return Float32Array.from({ length: count }, () =>
    random.integer(12) === 0 ? odd[random.integer(odd.length)] : random.integer(7) - 3,
  );
}

const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** What the backend's kernel makes of these entries. */
function ours(kernel: string, entries: Float32Array, shape: readonly number[], attrs: Windows) {
  return tf.tidy(() => {
    const x = tf.tensor(entries, [...shape]);
    const made: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(kernel, { x }, attrs as never);
    return (made as tf.Tensor).dataSync();
  });
}

describe('the kernels over windows on threads do what the loops do, bit for bit', () => {
  const agree = (
    kernel: string,
    given: (w: Windows) => readonly number[],
    wanted: (from: Float32Array, w: Windows) => Float32Array | Int32Array,
  ) =>
    fc.assert(
      fc.property(windows, fc.nat(1000), (w, start) => {
        const before = tf.memory().numTensors;
        const from = drawn(size(given(w)), new Random(start));
        expect(ours(kernel, from, given(w), w)).toEqual(wanted(from, w));
        expect(tf.memory().numTensors).toBe(before);
      }),
      { seed, numRuns: 150 },
    );

  it('patches', () => {
    agree('FluxionPatches', imageShape, (from, w) => {
      const to = new Float32Array(size(patchesShape(w)));
      copyPatches(from, to, w);
      return to;
    });
  });

  it('fold', () => {
    agree('FluxionFold', patchesShape, (from, w) => {
      const to = new Float32Array(size(imageShape(w)));
      addPatches(from, to, w);
      return to;
    });
  });

  it('largest', () => {
    agree('FluxionLargest', imageShape, (from, w) => {
      const to = new Int32Array(rowsOf(w) * w.channels);
      findLargest(from, to, w);
      return to;
    });
  });

  it('convolutions are products of what the windows see', () => {
    const geometry = fc.record({
      ...{ batch: fc.integer({ min: 1, max: 4 }), channels: fc.constantFrom(1, 3, 30) },
      ...{ height: fc.integer({ min: 3, max: 9 }), width: fc.integer({ min: 3, max: 9 }) },
      ...{ size: fc.integer({ min: 1, max: 3 }), strides: fc.integer({ min: 1, max: 2 }) },
      ...{ filters: fc.constantFrom(2, 16, 19), pad: fc.constantFrom('same' as const, 'valid' as const) },
      biased: fc.boolean(),
    });
    fc.assert(
      fc.property(geometry, ({ batch, channels, height, width, size: side, filters, ...given }) => {
        const random = new Random(batch + width);
        const { strides, pad, biased } = given;
        const shapes = [[batch, height, width, channels], [side, side, channels, filters], [filters]];
        const entries = shapes.map((shape) => Float32Array.from(random.normals(size(shape))));
        const before = tf.memory().numTensors;
        const w = windowsOf(tf, shapes[0], shapes[1], { strides, pad });
        const y = tf.tidy(() => {
          const [x, filter, bias] = shapes.map((shape, i) => tf.tensor(entries[i], shape));
          const given = { x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides, pad };
          return tf.fused.conv2d(biased ? { ...given, bias } : given);
        });
        const made = y.dataSync();
        y.dispose();
        expect(tf.memory().numTensors).toBe(before);
        const [rows, inner] = patchesShape(w);
        const seen = new Float32Array(rows * inner);
        copyPatches(entries[0], seen, w);
        for (let at = 0; at < made.length; at++) {
          const [row, filter] = [Math.floor(at / filters), at % filters];
          let [sum, most] = biased ? [entries[2][filter], Math.abs(entries[2][filter])] : [0, 0];
          for (let p = 0; p < inner; p++) {
            const term = seen[row * inner + p] * entries[1][p * filters + filter];
            sum += term;
            most += Math.abs(term);
          }
          if (!(Math.abs(made[at] - sum) <= (inner + 1) * 2 ** -23 * most)) expect(made[at]).toBe(sum);
        }
        expect(made.length).toBe(rows * filters);
      }),
      { seed, numRuns: 60 },
    );
  });

  it('whole numbers have a largest too', () => {
    const w: Windows = {
      ...{ batch: 1, channels: 1, image: [1, 2, 2], size: [1, 2, 2], strides: [1, 1, 1] },
      ...{ dilations: [1, 1, 1], before: [0, 0, 0], count: [1, 1, 1] },
    };
    const x = tf.tensor([-7, -2, -5, -9], [1, 1, 2, 2, 1], 'int32');
    const places = tf.engine().runKernel('FluxionLargest', { x }, w as never) as tf.Tensor;
    expect([...places.dataSync()]).toEqual([1]);
    tf.dispose([x, places]);
  });
});
