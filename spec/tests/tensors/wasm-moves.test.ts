import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../../src/tensors/index.js';
import { seed } from '../../seed.js';

type Index = readonly number[];

/** All indices of an array of this shape, the last axis fastest. */
const indices = (shape: Index): Index[] =>
  shape.reduce<Index[]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i])),
    [[]],
  );

/** The place of an index in an array of this shape: what stands there in `counted`. */
const placeOf = (shape: Index, index: Index) => index.reduce((place, i, axis) => place * shape[axis] + i, 0);

const counted = (shape: Index, dtype: 'float32' | 'int32') =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => i),
    [...shape],
    dtype,
  );

const shapes = fc.array(fc.constantFrom<number[]>(1, 2, 3, 5, 17), { minLength: 1, maxLength: 4 });
const dtypes = fc.constantFrom('float32' as const, 'int32' as const);

/** Holds a move to the places that it is to take its entries from. */
function expectMoved(body: () => tf.Tensor, shape: Index, from: (index: Index) => number): void {
  const before = tf.memory().numTensors;
  const moved = tf.tidy(body);
  expect(moved.shape).toEqual([...shape]);
  expect([...moved.dataSync()]).toEqual(indices(shape).map(from));
  moved.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

describe('moves on the WebAssembly backend', () => {
  beforeAll(() => useBackend('wasm'));

  it('slice any box, empty or not', () => {
    const cut = fc.tuple(fc.nat(), fc.nat());
    fc.assert(
      fc.property(shapes, dtypes, fc.array(cut, { minLength: 4, maxLength: 4 }), (shape, dtype, cuts) => {
        const begin = shape.map((length, axis) => cuts[axis][0] % (length + 1));
        const size = shape.map((length, axis) => cuts[axis][1] % (length - begin[axis] + 1));
        expectMoved(
          () => tf.slice(counted(shape, dtype), begin, size),
          size,
          (index) =>
            placeOf(
              shape,
              index.map((i, axis) => begin[axis] + i),
            ),
        );
      }),
      { seed, numRuns: 100 },
    );
  });

  it('split along any axis, and join the parts again', () => {
    fc.assert(
      fc.property(shapes, dtypes, fc.nat(), fc.nat(), (shape, dtype, where, at) => {
        const axis = where % shape.length;
        const first = at % (shape[axis] + 1);
        const lengths = [first, 0, shape[axis] - first];
        for (const [part, offset] of [0, first, first].entries()) {
          expectMoved(
            () => tf.split(counted(shape, dtype), lengths, axis)[part],
            shape.with(axis, lengths[part]),
            (index) => placeOf(shape, index.with(axis, index[axis] + offset)),
          );
        }
        expectMoved(
          () => tf.concat(tf.split(counted(shape, dtype), lengths, axis), axis),
          shape,
          (index) => placeOf(shape, index),
        );
      }),
      { seed, numRuns: 60 },
    );
  });

  it('tile axes, of length 1 or longer', () => {
    const reps = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(shapes, dtypes, reps, fc.boolean(), (lengths, dtype, times, single) => {
        const repeated = times.slice(0, lengths.length).with(lengths.length - 1, single ? 1 : times[0]);
        const shape = single ? lengths.map((length, axis) => (repeated[axis] > 1 ? 1 : length)) : lengths;
        expectMoved(
          () => tf.tile(counted(shape, dtype), repeated),
          shape.map((length, axis) => length * repeated[axis]),
          (index) =>
            placeOf(
              shape,
              index.map((i, axis) => i % shape[axis]),
            ),
        );
      }),
      { seed, numRuns: 60 },
    );
  });

  it('transpose, the last axis among those that move or not', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
    fc.assert(
      fc.property(shapes, dtypes, order, fc.boolean(), (shape, dtype, all, still) => {
        const last = shape.length - 1;
        const moving = all.filter((axis) => axis < (still ? last : shape.length));
        const perm = still ? [...moving, last] : moving;
        const to = perm.map((axis) => shape[axis]);
        expectMoved(
          () => tf.transpose(counted(shape, dtype), perm),
          to,
          (index) => {
            const source = new Array<number>(shape.length);
            for (const [at, axis] of perm.entries()) source[axis] = index[at];
            return placeOf(shape, source);
          },
        );
      }),
      { seed, numRuns: 60 },
    );
  });
});
