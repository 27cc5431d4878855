import { type HostArray, make } from './host-array.js';

/**
 * The shape of a slice, checked.
 *
 * @throws RangeError where the box has other axes than the array, or reaches beyond it
 */
export function box(
  where: string,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): readonly number[] {
  const inside =
    begin.length === shape.length &&
    size.length === shape.length &&
    shape.every((length, axis) => begin[axis] >= 0 && size[axis] >= 0 && begin[axis] + size[axis] <= length);
  if (inside) return size;
  throw new RangeError(
    `${where}.slice: expected a box inside shape [${shape}], got begin [${begin}] and size [${size}]`,
  );
}

/**
 * The shape of arrays put one behind the other, checked.
 *
 * @throws RangeError where there is no array, no such axis, or other axes differ
 */
export function joined(
  where: string,
  shapes: readonly (readonly number[])[],
  axis: number,
): readonly number[] {
  const [first] = shapes;
  const fit =
    first !== undefined &&
    Number.isInteger(axis) &&
    axis >= 0 &&
    axis < first.length &&
    shapes.every(
      (shape) => shape.length === first.length && shape.every((n, i) => i === axis || n === first[i]),
    );
  if (!fit) {
    const told = shapes.map((shape) => `[${shape}]`).join(', ') || 'none';
    throw new RangeError(`${where}.concat: expected shapes equal but for axis ${axis}, got ${told}`);
  }
  const total = shapes.reduce((sum, shape) => sum + shape[axis], 0);
  return first.map((length, i) => (i === axis ? total : length));
}

export function slice(x: HostArray, begin: readonly number[], size: readonly number[]): HostArray {
  const result = make([...box('float64', x.shape, begin, size)]);
  copyBox(x.data, x.shape, begin, result.data, size, [], size);
  return result;
}

export function concat(xs: readonly HostArray[], axis: number): HostArray {
  const shape = joined(
    'float64',
    xs.map((x) => x.shape),
    axis,
  );
  const result = make(shape);
  let offset = 0;
  for (const x of xs) {
    const to = shape.map((_, i) => (i === axis ? offset : 0));
    copyBox(x.data, x.shape, [], result.data, shape, to, x.shape);
    offset += x.shape[axis];
  }
  return result;
}

/** Copies a box of `size` from one row-major array to another, run by run along the last axis. */
function copyBox(
  from: Float64Array,
  fromShape: readonly number[],
  fromBegin: readonly number[],
  to: Float64Array,
  toShape: readonly number[],
  toBegin: readonly number[],
  size: readonly number[],
): void {
  const last = size.length - 1;
  if (size.includes(0)) return;
  const copyAxis = (axis: number, source: number, target: number): void => {
    if (axis > last) {
      to[target] = from[source];
      return;
    }
    source = source * fromShape[axis] + (fromBegin[axis] ?? 0);
    target = target * toShape[axis] + (toBegin[axis] ?? 0);
    if (axis === last) {
      for (let i = 0; i < size[axis]; i++) to[target + i] = from[source + i];
    } else {
      for (let i = 0; i < size[axis]; i++) copyAxis(axis + 1, source + i, target + i);
    }
  };
  copyAxis(0, 0, 0);
}
