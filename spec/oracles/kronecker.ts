import { claims } from '../subjects/claims.js';
import { shaped } from '../subjects/point.js';
import type { Moment, Optimizer, OptimizerSubject } from '../subjects/subject.js';

/*
 * What methods with a factor for each axis have in common, by brute force: a block is a list of places in its leaf, its
 * preconditioner the whole Kronecker product, entry by entry.
 */

/** A block: its sides, and where in the leaf its entries lie, the last axis running fastest. */
export interface Places {
  readonly sides: readonly number[];
  readonly at: readonly number[];
}

/** The index along each side of the k-th entry. */
export function indices(sides: readonly number[], k: number): number[] {
  const found: number[] = [];
  let rest = k;
  for (let axis = sides.length - 1; axis >= 0; axis--) {
    found[axis] = rest % sides[axis];
    rest = Math.floor(rest / sides[axis]);
  }
  return found;
}

/** A leaf of at most two axes longer than 1, cut into blocks with sides of at most `longest`. */
export function blocksOf(shape: readonly number[], longest: number): Places[] {
  const sides = shape.filter((n) => n !== 1);
  if (sides.length === 0) sides.push(1);
  if (sides.length > 2) throw new RangeError('blocksOf(shape): no axes are merged here');
  const size = sides.reduce((a, b) => a * b, 1);
  const pieces = sides.map((n) => Math.max(1, Math.ceil(n / longest)));
  const found = new Map<string, { rows: Set<number>[]; at: number[] }>();
  for (let k = 0; k < size; k++) {
    const index = indices(sides, k);
    const block = index.map((i, axis) => {
      let piece = 0;
      while (i >= Math.round(((piece + 1) * sides[axis]) / pieces[axis])) piece++;
      return piece;
    });
    const key = block.join();
    if (!found.has(key)) found.set(key, { rows: sides.map(() => new Set()), at: [] });
    const one = found.get(key)!;
    one.at.push(k);
    index.forEach((i, axis) => {
      one.rows[axis].add(i);
    });
  }
  return [...found.values()].map(({ rows, at }) => ({ sides: rows.map(({ size: n }) => n), at }));
}

/** Σ gₐgᵦ over entries that differ along this axis alone. */
export function gramOf(g: readonly number[], sides: readonly number[], axis: number): Float64Array {
  const n = sides[axis];
  const gram = new Float64Array(n * n);
  for (let a = 0; a < g.length; a++) {
    for (let b = 0; b < g.length; b++) {
      const [i, j] = [indices(sides, a), indices(sides, b)];
      if (i.every((value, k) => k === axis || value === j[k])) gram[i[axis] * n + j[axis]] += g[a] * g[b];
    }
  }
  return gram;
}

/** (M₀ ⊗ M₁ ⊗ …)x, or its transpose's, every entry of the product formed. */
export function kronecker(
  matrices: readonly Float64Array[],
  x: readonly number[],
  sides: readonly number[],
  transposed = false,
): number[] {
  return x.map((_, a) =>
    x.reduce((total, value, b) => {
      const [i, j] = transposed
        ? [indices(sides, b), indices(sides, a)]
        : [indices(sides, a), indices(sides, b)];
      return total + value * matrices.reduce((p, m, k) => p * m[i[k] * sides[k] + j[k]], 1);
    }, 0),
  );
}

/** A method that treats each leaf by itself, given its shape. */
export interface LeafMethod<S> {
  start(shape: readonly number[]): S;
  /** `t` counts from 1. */
  step(state: S, g: readonly number[], t: number): { readonly update: readonly number[]; readonly state: S };
}

export function leafOptimizer<S>({ start, step }: LeafMethod<S>): Optimizer {
  return {
    init: (parameters) => ({ t: 0, leaves: parameters.map(({ shape }) => start(shape)) }),
    step(state, { parameters, gradient }: Moment) {
      const { t, leaves } = state as { t: number; leaves: S[] };
      const made = leaves.map((leaf, i) => step(leaf, [...gradient[i].data], t + 1));
      return {
        update: shaped(
          parameters,
          made.flatMap(({ update }) => update),
        ),
        state: { t: t + 1, leaves: made.map((one) => one.state) },
      };
    },
    save: (state) => structuredClone(state),
    restore: (saved) => structuredClone(saved),
  };
}

export function leafSubject<S>(
  method: string,
  create: (options: Record<string, unknown>) => LeafMethod<S>,
): OptimizerSubject {
  return {
    kind: 'optimizer',
    name: `${method} (naive)`,
    method,
    epsilon: 2 ** -52,
    claims: [...(claims[method] ?? []), 'A'],
    create: (options) => leafOptimizer(create(options as Record<string, unknown>)),
    scope: (body) => body(),
  };
}
