import type { Algebra } from '../algebra/algebra.js';
import { sizeOf, treeSize } from '../algebra/flatten.js';
import { replaced } from '../algebra/part.js';
import { entries, mapTree, type Tree } from '../algebra/tree.js';
import { dampedFactors } from './kronecker-damping.js';
import type { KroneckerFactors } from './kronecker-factors.js';
import {
  applyKronecker,
  inverseFromHost,
  invertKronecker,
  type KroneckerDamping,
  type KroneckerInverse,
  type KroneckerInversion,
} from './kronecker-inverse.js';
import { joinedBlock, type LayerBlock, leavesByPath, partBlock } from './layer-block.js';
import type { LinearOperator, Solution } from './linear-operator.js';

export interface KroneckerOptions {
  /** λ ≥ 0, default 0. */
  damping?: number;
  /** How λ is added, default 'factored'. */
  form?: KroneckerDamping;
}

/**
 * Block-diagonal curvature, A ⊗ G for each layer: V ↦ AVG, its solve A⁻¹VG⁻¹, V [in, out] with the bias as its last
 * row. Parameters of no block have λ times the identity.
 *
 * With a damping it is (A + π√λI) ⊗ (G + √λ/πI), or A ⊗ G + λI where the form is 'exact'.
 * Source: Martens and Grosse 2015, sections 4.2 and 6.3.
 *
 * @param like a tree of all parameters' shapes
 * @example kroneckerOperator(float64, [{ kernel: 'w', a, g }], parameters, { damping: 1e-3 }).solve(gradient)
 */
export function kroneckerOperator<T>(
  algebra: Algebra<T>,
  blocks: readonly (LayerBlock & KroneckerFactors<T>)[],
  like: Tree<T>,
  { damping = 0, form = 'factored' }: KroneckerOptions = {},
): LinearOperator<T> {
  const sides = blocks.map((block) => ({
    ...block,
    n: algebra.shape(block.a)[0],
    m: algebra.shape(block.g)[0],
  }));
  const host = (x: T) => algebra.values(x);
  const added = form === 'exact' ? damping : 0;
  /** The factors as they are multiplied. What is remembered stays on the host: no scope frees it. */
  const multiplied: { a: Float64Array; g: Float64Array }[] = [];
  const factorsOf = (at: number) => {
    const { a, g, n, m } = sides[at];
    multiplied[at] ??=
      form === 'exact' || damping === 0
        ? { a: host(a), g: host(g) }
        : dampedFactors(host(a), n, host(g), m, damping);
    return multiplied[at];
  };
  const inverses: KroneckerInversion<Float64Array>[] = [];
  const inverseOf = (at: number) => {
    const { a, g, n, m } = sides[at];
    inverses[at] ??= invertKronecker(host(a), n, host(g), m, damping, form);
    return inverses[at];
  };
  /** Applies one map to every block, and another to the parameters of none. */
  const mapped = (v: Tree<T>, block: (v: T, at: number) => T, other: (leaf: T) => T): Tree<T> => {
    const leaves = leavesByPath(algebra, v);
    const found: { [path: string]: T } = {};
    for (const [path, leaf] of leaves) found[path] = other(leaf);
    sides.forEach((side, at) => {
      partBlock(algebra, block(joinedBlock(algebra, leaves, side, side.m), at), side, leaves, found);
    });
    return replaced(algebra, v, found);
  };
  return {
    name: 'kronecker',
    algebra,
    symmetric: true,
    positiveSemidefinite: true,
    apply: (v) =>
      algebra.scope(() =>
        mapped(
          v,
          (x, at) => {
            const { n, m } = sides[at];
            const { a, g } = factorsOf(at);
            const product = algebra.matmul(
              algebra.matmul(algebra.array(a, [n, n]), x),
              algebra.array(g, [m, m]),
            );
            return added === 0 ? product : algebra.combine(1, product, added, x);
          },
          (leaf) => algebra.mul(leaf, damping),
        ),
      ),
    solve(b): Solution<T> {
      const ready: KroneckerInverse<Float64Array>[] = [];
      for (const [at, { kernel }] of sides.entries()) {
        const one = inverseOf(at);
        if (one.kind !== 'inverted') return { kind: one.kind, message: `${kernel}: ${one.message}` };
        ready.push(one.inverse);
      }
      const blocked = new Set(
        blocks.flatMap(({ kernel, bias }) => (bias === undefined ? [kernel] : [kernel, bias])),
      );
      if (damping === 0 && entries(algebra, like).some(([path]) => !blocked.has(path))) {
        return { kind: 'singular', message: 'some parameters are of no layer: damp the operator' };
      }
      const x = algebra.scope(() =>
        mapped(
          b,
          (v, at) => applyKronecker(algebra, inverseFromHost(algebra, ready[at]), v),
          (leaf) => algebra.div(leaf, damping),
        ),
      );
      return { kind: 'solved', x };
    },
    diagonal: () =>
      algebra.scope(() =>
        mapped(
          mapTree(algebra, (leaf) => algebra.fill(algebra.shape(leaf), damping), like),
          (_, at) => {
            const { n, m } = sides[at];
            const { a, g } = factorsOf(at);
            const entry = (i: number, k: number) => a[i * (n + 1)] * g[k * (m + 1)] + added;
            const values = Float64Array.from({ length: n * m }, (_, ik) => entry(Math.floor(ik / m), ik % m));
            return algebra.array(values, [n, m]);
          },
          (leaf) => leaf,
        ),
      ),
    dense: () => denseKronecker(algebra, sides, factorsOf, like, damping, added),
  };
}

/** Entry by entry over the flattened parameters. */
function denseKronecker<T>(
  algebra: Algebra<T>,
  sides: readonly (LayerBlock & { n: number; m: number })[],
  factorsOf: (at: number) => { readonly a: Float64Array; readonly g: Float64Array },
  like: Tree<T>,
  damping: number,
  added: number,
): Float64Array {
  const size = treeSize(algebra, like);
  const matrix = new Float64Array(size * size);
  const begins = new Map<string, number>();
  let at = 0;
  for (const [path, leaf] of entries(algebra, like)) {
    begins.set(path, at);
    at += sizeOf(algebra, leaf);
  }
  for (let i = 0; i < size; i++) matrix[i * (size + 1)] = damping;
  sides.forEach(({ kernel, bias, n, m }, block) => {
    const { a, g } = factorsOf(block);
    const place = (i: number, k: number) =>
      bias !== undefined && i === n - 1 ? begins.get(bias)! + k : begins.get(kernel)! + i * m + k;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < m; k++) {
          for (let l = 0; l < m; l++) {
            const shift = i === j && k === l ? added : 0;
            matrix[place(i, k) * size + place(j, l)] = a[i * n + j] * g[k * m + l] + shift;
          }
        }
      }
    }
  });
  return matrix;
}
