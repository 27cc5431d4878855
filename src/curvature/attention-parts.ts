import type { Algebra } from '../algebra/algebra.js';
import type { Leaves } from './layer-block.js';

/*
 * A kernel [in, 3·n] that makes queries, keys and values in one product is three layers x·W with one x: each part has
 * statistics of its own, under paths that end in its name.
 */

const names = ['query', 'key', 'value'] as const;

export const attentionParts = (path: string): readonly string[] => names.map((name) => `${path}/${name}`);

/** What a layer's parts are made of; see the objective's `Layer`. */
interface Splittable<T> {
  readonly kernel: string;
  readonly bias?: string;
  readonly errors: T;
}

/** The layers with those of merged kernels as three; the inputs are the same array. */
export function partLayers<T, L extends Splittable<T>>(
  algebra: Algebra<T>,
  layers: readonly L[],
  merged: (kernel: string, outputs: number) => boolean,
): readonly L[] {
  return layers.flatMap((layer) => {
    const [, outputs] = algebra.shape(layer.errors);
    if (!merged(layer.kernel, outputs)) return [layer];
    const { bias } = layer;
    return attentionParts(layer.kernel).map(
      (kernel, i): L => ({
        ...layer,
        kernel,
        ...(bias !== undefined && { bias: attentionParts(bias)[i] }),
        errors: lastAxis(algebra, layer.errors, i),
      }),
    );
  });
}

/** The leaves, and the parts of those that are taken apart. */
export function withParts<T>(algebra: Algebra<T>, leaves: Leaves<T>, apart: ReadonlySet<string>): Leaves<T> {
  const all = new Map(leaves);
  for (const path of apart) {
    for (const [i, part] of attentionParts(path).entries())
      all.set(part, lastAxis(algebra, leaves.get(path)!, i));
  }
  return all;
}

/** Puts what was found for the parts in the place of the whole. */
export function rejoined<T>(
  algebra: Algebra<T>,
  found: { readonly [path: string]: T },
  apart: ReadonlySet<string>,
): { readonly [path: string]: T } {
  const whole: { [path: string]: T } = { ...found };
  for (const path of apart) {
    const parts = attentionParts(path);
    const [first] = parts.map((part) => found[part]);
    whole[path] = algebra.concat(
      parts.map((part) => found[part]),
      algebra.shape(first).length - 1,
    );
    for (const part of parts) delete whole[part];
  }
  return whole;
}

/** The i-th third along the last axis. */
function lastAxis<T>(algebra: Algebra<T>, x: T, i: number): T {
  const shape = algebra.shape(x);
  const width = shape[shape.length - 1] / names.length;
  const begin = shape.map((_, axis) => (axis === shape.length - 1 ? i * width : 0));
  return algebra.slice(x, begin, [...shape.slice(0, -1), width]);
}
