import fc from 'fast-check';
import { SavedArray } from '../../src/index.js';
import type { Point } from '../subjects/subject.js';
import type { Course } from '../subjects/trajectory.js';
import { dyadic, nonzeroDyadic } from './dyadic.js';

/** Lists of shapes, the awkward ones included: 0-d, axes of length 1, empty. Shrinks to one 0-d array. */
export function shapeLists(): fc.Arbitrary<readonly (readonly number[])[]> {
  const shape = fc.constantFrom<readonly number[]>([], [1], [3], [0], [1, 1], [2, 1], [1, 3], [2, 2], [2, 0]);
  return fc.array(shape, { minLength: 1, maxLength: 3 });
}

/** A point with these shapes. */
export function points(
  shapes: readonly (readonly number[])[],
  entry: fc.Arbitrary<number>,
): fc.Arbitrary<Point> {
  const sizes = shapes.map((shape) => shape.reduce((product, length) => product * length, 1));
  return fc
    .tuple(...sizes.map((size) => fc.array(entry, { minLength: size, maxLength: size })))
    .map((values) => values.map((own, i) => new SavedArray(shapes[i], Float64Array.from(own))));
}

export interface CourseOptions {
  /** Default: any list of shapes, the awkward ones included. */
  shapes?: fc.Arbitrary<readonly (readonly number[])[]>;
  /** Steps, default 1 … 4. */
  steps?: { min: number; max: number };
  /** Whether gradients may have entries 0, default true. */
  zeros?: boolean;
}

/**
 * A start and the gradients an optimizer is fed, with a diagonal Hessian of powers of two for those that ask.
 * Shrinks to one step of one number.
 */
export function courses(options: CourseOptions = {}): fc.Arbitrary<Course> {
  const { shapes = shapeLists(), steps = { min: 1, max: 4 }, zeros = true } = options;
  return fc.tuple(shapes, fc.integer(steps)).chain(([chosen, count]) =>
    fc
      .tuple(
        points(chosen, dyadic()),
        fc.array(points(chosen, zeros ? dyadic() : nonzeroDyadic()), {
          minLength: count,
          maxLength: count,
        }),
      )
      .map(([start, gradients]) => ({ start, gradients, hessian: diagonalHessian(start) })),
  );
}

/** Courses of one vector of 1 … 4 entries. */
export function vectorCourses(options: Omit<CourseOptions, 'shapes'> = {}): fc.Arbitrary<Course> {
  return courses({ ...options, shapes: fc.integer({ min: 1, max: 4 }).map((n) => [[n]]) });
}

/** diag(1, 2, 4, 1, 2, 4, …). */
function diagonalHessian(start: Point): Float64Array {
  const n = start.reduce((total, { data }) => total + data.length, 0);
  const hessian = new Float64Array(n * n);
  for (let i = 0; i < n; i++) hessian[i * n + i] = 2 ** (i % 3);
  return hessian;
}
