import type { Outcome } from '../../src/index.js';

/** What one method did. */
export interface PlotPath {
  readonly label: string;
  /** x_k, from the start on. */
  readonly points: readonly ArrayLike<number>[];
  /** f(x_k). */
  readonly values: readonly number[];
  /** How many evaluations it had made at x_k. */
  readonly evaluations?: readonly number[];
  readonly outcome?: Outcome;
}

/** @throws RangeError where a path has another number of values or evaluations than of points, or no points */
export function checkPaths(where: string, paths: readonly PlotPath[]): void {
  for (const { label, points, values, evaluations } of paths) {
    if (points.length === 0)
      throw new RangeError(`${where}(paths): expected at least one point of ${label}, got none`);
    for (const [name, list] of Object.entries({ values, evaluations })) {
      if (list !== undefined && list.length !== points.length) {
        throw new RangeError(
          `${where}(paths): expected ${points.length} ${name} of ${label}, as many as points, got ${list.length}`,
        );
      }
    }
  }
}
