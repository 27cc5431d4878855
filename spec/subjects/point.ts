import { SavedArray } from '../../src/index.js';
import type { Point } from './subject.js';

/** A point of one vector. */
export function vector(values: ArrayLike<number>): Point {
  return [new SavedArray([values.length], Float64Array.from(values))];
}

/** All entries of a point, array after array, as a copy. */
export function flat(point: Point): Float64Array {
  if (point.length === 1) return new Float64Array(point[0].data);
  const values = new Float64Array(sizeOf(point));
  let at = 0;
  for (const { data } of point) {
    values.set(data, at);
    at += data.length;
  }
  return values;
}

/** The same to be read alone: of a point of one array, its own. */
export function entriesOf(point: Point): ArrayLike<number> {
  return point.length === 1 ? point[0].data : flat(point);
}

export function sizeOf(point: Point): number {
  let size = 0;
  for (const { data } of point) size += data.length;
  return size;
}

/** A point with the shapes of `like` and these entries. */
export function shaped(like: Point, values: ArrayLike<number>): Point {
  let at = 0;
  return like.map(({ shape, data }) => {
    const own = new Float64Array(data.length);
    for (let i = 0; i < own.length; i++) own[i] = values[at + i];
    at += own.length;
    return new SavedArray(shape, own);
  });
}

export function mapPoint(point: Point, f: (entry: number, i: number) => number): Point {
  let at = 0;
  return point.map(({ shape, data }) => {
    const own = new Float64Array(data.length);
    for (let i = 0; i < own.length; i++) own[i] = f(data[i], at++);
    return new SavedArray(shape, own);
  });
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
