import fc from 'fast-check';
import { expect } from 'vitest';
import type { Algebra } from '../../../src/index.js';
import { seed } from '../../seed.js';

/** Boxes: a shape, and along each axis where the box begins and how long it is. */
const boxes = fc
  .array(
    fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.nat(4), fc.nat(4))
      .map(([length, a, b]) => ({ length, begin: a % length, size: 1 + (b % (length - (a % length))) })),
    { minLength: 0, maxLength: 4 },
  )
  .map((axes) => ({
    shape: axes.map(({ length }) => length),
    begin: axes.map(({ begin }) => begin),
    size: axes.map(({ size }) => size),
  }));

const count = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
/** Place of an index in a row-major array. */
const place = (shape: readonly number[], index: readonly number[]) =>
  index.reduce((at, i, axis) => at * shape[axis] + i, 0);
/** Index of a place in a row-major array. */
const indexOf = (shape: readonly number[], at: number) => {
  const index: number[] = [];
  let rest = at;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
};

/** What is cut out is what was there, and put together again it is what it was. */
export function cutsBoxes<T>(algebra: Algebra<T>): void {
  fc.assert(
    fc.property(boxes, ({ shape, begin, size }) =>
      algebra.scope(() => {
        const values = Array.from({ length: count(shape) }, (_, i) => i + 1);
        const x = algebra.array(values, shape);
        const part = algebra.slice(x, begin, size);
        expect(algebra.shape(part)).toEqual(size);
        expect([...algebra.values(part)]).toEqual(
          Array.from({ length: count(size) }, (_, at) => {
            return values[
              place(
                shape,
                indexOf(size, at).map((i, axis) => i + begin[axis]),
              )
            ];
          }),
        );
        // Cut in two along each axis and put together again it is what it was.
        shape.forEach((length, axis) => {
          const cut = begin[axis];
          const [first, rest] = [
            [0, cut],
            [cut, length - cut],
          ].map(([from, long]) =>
            algebra.slice(
              x,
              shape.map((_, i) => (i === axis ? from : 0)),
              shape.map((n, i) => (i === axis ? long : n)),
            ),
          );
          const whole = algebra.concat(cut === 0 ? [rest] : [first, rest], axis);
          expect(algebra.shape(whole)).toEqual(shape);
          expect([...algebra.values(whole)]).toEqual(values);
        });
      }),
    ),
    { seed, numRuns: 60 },
  );
}

/** Boxes that reach out of the array, and arrays that do not fit, are refused by name. */
export function refusesBoxes<T>(algebra: Algebra<T>): void {
  algebra.scope(() => {
    const x = algebra.fill([2, 3], 1);
    for (const [begin, size] of [
      [[0], [1]],
      [
        [0, 2],
        [1, 2],
      ],
      [
        [-1, 0],
        [1, 1],
      ],
    ]) {
      expect(() => algebra.slice(x, begin, size)).toThrow(
        `${algebra.name}.slice: expected a box inside shape [2,3], got begin [${begin}] and size [${size}]`,
      );
    }
    const y = algebra.fill([3, 2], 1);
    for (const [xs, axis] of [
      [[x, y], 0],
      [[x], 2],
      [[], 0],
    ] as const) {
      expect(() => algebra.concat(xs, axis)).toThrow(`${algebra.name}.concat: expected shapes equal but`);
    }
  });
}
