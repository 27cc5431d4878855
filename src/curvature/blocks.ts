import type { Algebra } from '../algebra/algebra.js';

/** A tensor cut into a grid of blocks: the shape it is cut in, and along each of its axes where the cuts lie. */
export interface Blocking {
  readonly shape: readonly number[];
  /** For each axis 0, c₁, c₂, …, length. */
  readonly cuts: readonly (readonly number[])[];
}

/**
 * How a tensor is treated as blocks whose every side is at most `longest`.
 *
 * Axes of length 1 are dropped; of more than two axes, neighbours are merged as long as their product is at most
 * `longest`, from the first on, so that a convolution's kernel becomes a matrix and a matrix stays one. A longer axis
 * is cut into the fewest pieces, of equal length but for one entry. [3, 3, 16, 32] with 256 becomes 144×32,
 * [3, 3, 64, 128] 9×64×128, and [784, 128] four blocks of 196×128. A 0-d array becomes one of shape [1]. A matrix may be
 * said to be so many of equal width side by side, each of which is then cut by itself.
 *
 * Source: Anil et al. 2020 (merged axes and blocks).
 *
 * @example blocking([784, 128], 256) // { shape: [784, 128], cuts: [[0, 196, 392, 588, 784], [0, 128]] }
 */
export function blocking(shape: readonly number[], longest: number, sideBySide = 1): Blocking {
  const merged = shape.filter((length) => length !== 1);
  if (merged.length === 0) merged.push(1);
  for (let axis = 0; merged.length > 2 && axis + 1 < merged.length; ) {
    if (merged[axis] * merged[axis + 1] <= longest) merged.splice(axis, 2, merged[axis] * merged[axis + 1]);
    else axis++;
  }
  const cuts = merged.map((length) => cutsOf(length, longest));
  const [, width] = merged;
  if (sideBySide > 1 && merged.length === 2 && width % sideBySide === 0) {
    const own = cutsOf(width / sideBySide, longest).slice(1);
    cuts[1] = [
      0,
      ...Array.from({ length: sideBySide }, (_, i) =>
        own.map((end) => (i * width) / sideBySide + end),
      ).flat(),
    ];
  }
  return { shape: merged, cuts };
}

function cutsOf(length: number, longest: number): readonly number[] {
  const pieces = Math.max(1, Math.ceil(length / longest));
  return Array.from({ length: pieces + 1 }, (_, i) => Math.round((i * length) / pieces));
}

/** The shapes of the blocks, the last axis running fastest; none for an empty tensor. */
export function blockShapes({ shape, cuts }: Blocking): (readonly number[])[] {
  if (shape.includes(0)) return [];
  let shapes: (readonly number[])[] = [[]];
  for (const along of cuts) {
    const lengths = along.slice(1).map((end, i) => end - along[i]);
    shapes = shapes.flatMap((before) => lengths.map((length) => [...before, length]));
  }
  return shapes;
}

/** The blocks of a tensor, in the order of {@link blockShapes}; the tensor itself, reshaped, where there is one. */
export function split<T>(algebra: Algebra<T>, x: T, { shape, cuts }: Blocking): T[] {
  if (shape.includes(0)) return [];
  let parts = [algebra.reshape(x, shape)];
  cuts.forEach((along, axis) => {
    if (along.length === 2) return;
    parts = parts.flatMap((part) => {
      const size = algebra.shape(part);
      return along.slice(1).map((end, i) =>
        algebra.slice(
          part,
          size.map((_, other) => (other === axis ? along[i] : 0)),
          size.map((length, other) => (other === axis ? end - along[i] : length)),
        ),
      );
    });
  });
  return parts;
}

/** The inverse of {@link split}: the tensor of these blocks, in the shape it had. */
export function join<T>(
  algebra: Algebra<T>,
  blocks: readonly T[],
  { cuts }: Blocking,
  shape: readonly number[],
): T {
  let parts = blocks;
  for (let axis = cuts.length - 1; axis >= 0; axis--) {
    const pieces = cuts[axis].length - 1;
    if (pieces === 1) continue;
    parts = Array.from({ length: parts.length / pieces }, (_, i) =>
      algebra.concat(parts.slice(i * pieces, (i + 1) * pieces), axis),
    );
  }
  return algebra.reshape(parts[0], shape);
}
