import { SavedArray } from '../../src/index.js';
import type { Point } from './subject.js';

/** A point of one vector. */
export function vector(values: ArrayLike<number>): Point {
  return [new SavedArray([values.length], Float64Array.from(values))];
}

/** All entries of a point, array after array. */
export function flat(point: Point): Float64Array {
  if (point.length === 1) return Float64Array.from(point[0].data);
  return Float64Array.from(point.flatMap(({ data }) => [...data]));
}

/** A point with the shapes of `like` and these entries. */
export function shaped(like: Point, values: ArrayLike<number>): Point {
  let at = 0;
  return like.map(({ shape, data }) => {
    const own = Float64Array.from({ length: data.length }, (_, i) => values[at + i]);
    at += data.length;
    return new SavedArray(shape, own);
  });
}

export function mapPoint(point: Point, f: (entry: number, i: number) => number): Point {
  return shaped(point, flat(point).map(f));
}

export function norm(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] * values[i];
  return Math.sqrt(total);
}

export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
