import { named } from '../../../src/algebra/nearest-name.js';
import {
  type CatalogueEntry,
  catalogue,
  leastSquaresCatalogue,
  type Method,
  solverCatalogue,
} from '../../../src/methods/index.js';
import type { LeastSquaresSolver, Solver } from '../../../src/objective/index.js';

/** Whatever may take part in a race: a method of transforms, a solver, or both in one. */
export type AnyMethod = Method | Solver | LeastSquaresSolver;

/** All that `--methods` may name. */
export const allMethods: ReadonlyMap<string, CatalogueEntry<AnyMethod>> = new Map<
  string,
  CatalogueEntry<AnyMethod>
>([...catalogue, ...solverCatalogue, ...leastSquaresCatalogue]);

/**
 * Finds a method or solver by its name or an alias.
 *
 * @throws RangeError naming the nearest one there is
 */
export function findAnyMethod(name: string): CatalogueEntry<AnyMethod> {
  const table = new Map(allMethods);
  for (const one of allMethods.values()) for (const alias of one.aliases) table.set(alias, one);
  return named('method', name, table);
}
