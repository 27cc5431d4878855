import type { Minimization } from '../../../src/index.js';
import { inner, jacobi, plus } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';
import type { SolverSubject } from '../../subjects/second-order/subject.js';
import { bounded, type Deviation } from '../tolerance.js';

export type Options = Readonly<Record<string, unknown>>;
export type Known = Required<Pick<Minimization, 'value' | 'gradient' | 'hessian'>>;

/** One step of a run, with all there was before it. */
export interface Seen {
  readonly k: number;
  readonly points: readonly Float64Array[];
  readonly s: Float64Array;
  readonly g: Float64Array;
  readonly h: Float64Array;
  readonly problem: Known;
  readonly options: Options;
  /** What rounding of the points does to s. */
  readonly lost: number;
  readonly epsilon: number;
}

/** Deviations of one step from those that the method can make, or 'stop' where right methods part from here on. */
export type Judge = (seen: Seen) => readonly Deviation[] | 'stop';

/** The judge of one run, which may have to see all its points first. */
export type Judging = (subject: SolverSubject, problem: Known, points: readonly Float64Array[]) => Judge;

export const unit = (v: Float64Array) => v.map((vi) => vi / norm(v));
export const apart = (v: Float64Array, w: Float64Array) => norm(plus(unit(v), unit(w), -1));

export function direction(what: string, s: Float64Array, p: Float64Array, allowed: number): Deviation {
  const told = bounded(`direction of ${what}`, apart(s, p), allowed);
  return told.ratio <= 1 ? told : { ...told, expected: `[${[...unit(p)]}]`, got: `[${[...unit(s)]}]` };
}

export function definite(h: Float64Array, n: number): boolean {
  const { values } = jacobi(h, n);
  return Math.min(...values) > 1e-4 * Math.max(...values);
}

export function regular(h: Float64Array, n: number): boolean {
  const sizes = [...jacobi(h, n).values].map(Math.abs);
  const rows = Array.from({ length: n }, (_, i) => h.subarray(i * n, (i + 1) * n));
  const entries = rows.flatMap((row, i) => [Math.abs(row[i]), Math.abs(row.reduce((sum, e) => sum + e, 0))]);
  return Math.min(...sizes, ...entries) > 1e-3 * Math.max(...sizes);
}

export function curved(problem: Known, points: readonly Float64Array[], k: number): boolean {
  const s = plus(points[k], points[k - 1], -1);
  const y = plus(problem.gradient(points[k]), problem.gradient(points[k - 1]), -1);
  return inner(s, y) > 1e-3 * norm(s) * norm(y);
}
