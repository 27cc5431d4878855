import { sizeOf } from '../algebra/flatten.js';
import { leaves, mapTree } from '../algebra/tree.js';
import type { Solution } from '../curvature/linear-operator.js';
import { lu, luSolve } from '../linalg/lu.js';
import { linearizationOf } from './fisher-diagonal.js';
import type { Context } from './transform.js';

/**
 * (JᵀHJ + λI)⁻¹u with H = (diag p − ppᵀ)/T, p the softmax of each of T examples, but all of them one vector: what
 * published code takes for the curvature of softmax cross-entropy, where each example has a block of its own. H is
 * indefinite, since the entries of p add up to T. Kept to show the difference; use 'exact'.
 *
 * By Woodbury's identity as (u − Jᵀ(λI + HJJᵀ)⁻¹HJu)/λ, on the host.
 */
export function flattenedSoftmaxSolve<T>(context: Context<T>, damping: number): Solution<T> {
  if (damping === 0) return { kind: 'singular', message: 'a matrix of low rank: damp it' };
  const { algebra, update } = context;
  const { outputs, examples, pullRows } = linearizationOf('flattenedSoftmax', context);
  const m = sizeOf(algebra, outputs);
  const classes = m / examples;
  const z = algebra.values(outputs);
  const unit = (entry: number) => Float64Array.from(z, (_, at) => (at % classes === entry ? 1 : 0));
  const rows = pullRows(
    Array.from({ length: classes }, (_, entry) => algebra.array(unit(entry), algebra.shape(outputs))),
  );
  // Rows of J: of all examples by their first output, then by their second.
  const p = Float64Array.from({ length: m }, (_, row) => {
    const [entry, example] = [Math.floor(row / examples), row % examples];
    const own = z.subarray(example * classes, (example + 1) * classes);
    const most = Math.max(...own);
    return Math.exp(own[entry] - most) / own.reduce((sum, zj) => sum + Math.exp(zj - most), 0);
  });
  const jacobian = leaves(algebra, rows).map((leaf) => algebra.reshape(leaf, [m, sizeOf(algebra, leaf) / m]));
  const total = (parts: readonly T[]) => parts.reduce((sum, part) => algebra.add(sum, part));
  const gram = algebra.values(total(jacobian.map((j) => algebra.matmul(j, j, false, true))));
  const flat = leaves(algebra, update).map((u) => algebra.reshape(u, [sizeOf(algebra, u), 1]));
  const along = algebra.values(total(jacobian.map((j, i) => algebra.matmul(j, flat[i]))));
  const weighted = (v: Float64Array) => {
    const inner = v.reduce((sum, vi, i) => sum + p[i] * vi, 0);
    return v.map((vi, i) => (p[i] * (vi - inner)) / examples);
  };
  const matrix = new Float64Array(m * m);
  for (let j = 0; j < m; j++) {
    const column = weighted(Float64Array.from({ length: m }, (_, i) => gram[i * m + j]));
    for (let i = 0; i < m; i++) matrix[i * m + j] = column[i] + (i === j ? damping : 0);
  }
  const factored = lu(matrix, m);
  if (factored.kind === 'nonFinite') return { kind: 'nonFinite', message: 'a row is not finite' };
  if (factored.kind === 'singular') return { kind: 'singular', message: 'no pivot was found' };
  const inside = algebra.array(luSolve(factored, weighted(along)), [m, 1]);
  let next = 0;
  const solved = (u: T): T => {
    const back = algebra.reshape(algebra.matmul(jacobian[next++], inside, true), algebra.shape(u));
    return algebra.combine(1 / damping, u, -1 / damping, back);
  };
  return { kind: 'solved', x: mapTree(algebra, solved, update) };
}
