import type fc from 'fast-check';
import { SavedArray } from '../../src/index.js';
import { sizeOf } from '../subjects/point.js';
import type { Point } from '../subjects/subject.js';
import type { Course } from '../subjects/trajectory.js';
import { composed, type Draw } from './composed.js';
import { drawDyadics, drawNonzeroDyadics } from './dyadic.js';

type Shapes = readonly (readonly number[])[];

const awkward: Shapes = [[], [1], [3], [0], [1, 1], [2, 1], [1, 3], [2, 2], [2, 0]];

/** Lists of shapes, the awkward ones included: 0-d, axes of length 1, empty. Shrinks to `least` 0-d arrays. */
export function drawShapes(draw: Draw, least = 1): Shapes {
  return draw.list(draw.integer(least, 3), () => draw.from(awkward));
}

export function shapeLists(): fc.Arbitrary<Shapes> {
  return composed(drawShapes);
}

/** A point with these shapes, of dyadic numbers. */
export function drawPoint(draw: Draw, shapes: Shapes, zeros = true): Point {
  return draw.list(shapes.length, (i) => {
    const shape = shapes[i];
    let length = 1;
    for (const axis of shape) length *= axis;
    const values = zeros ? drawDyadics(draw, length) : drawNonzeroDyadics(draw, length);
    return new SavedArray(shape, new Float64Array(values));
  });
}

/** The same as an arbitrary. */
export function points(shapes: Shapes, { zeros = true } = {}): fc.Arbitrary<Point> {
  return composed((draw) => drawPoint(draw, shapes, zeros));
}

export interface CourseOptions {
  /** Default: any list of shapes, the awkward ones included. */
  shapes?: (draw: Draw) => Shapes;
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
  const { shapes = drawShapes, steps = { min: 1, max: 4 }, zeros = true } = options;
  return composed((draw) => {
    const count = draw.integer(steps.min, steps.max);
    const chosen = shapes(draw);
    const start = drawPoint(draw, chosen);
    const gradients = draw.list(count, () => drawPoint(draw, chosen, zeros));
    return { start, gradients, hessian: diagonalHessian(start) };
  });
}

/** Courses of one vector of 1 … 4 entries. */
export function vectorCourses(options: Omit<CourseOptions, 'shapes'> = {}): fc.Arbitrary<Course> {
  return courses({ ...options, shapes: (draw) => [[draw.integer(1, 4)]] });
}

/** diag(1, 2, 4, 1, 2, 4, …). */
function diagonalHessian(start: Point): Float64Array {
  const n = sizeOf(start);
  const hessian = new Float64Array(n * n);
  for (let i = 0; i < n; i++) hessian[i * n + i] = 2 ** (i % 3);
  return hessian;
}
