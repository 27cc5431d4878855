import { named } from '../algebra/nearest-name.js';
import type { CatalogueEntry, Runner } from './catalogue-entry.js';
import { firstOrder } from './first-order-family.js';
import { minimizers } from './minimizer-family.js';
import { preconditioned } from './preconditioned-family.js';
import { residualMethods } from './residual-family.js';

/** Every named method: the one table from which help, documentation and tests over all methods are made. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  [
    ...running('train', [...firstOrder, ...preconditioned]),
    ...running('minimize', minimizers),
    ...running('leastSquares', residualMethods),
  ].map((one) => [one.name, one]),
);

/** The methods that run in one place, by name. */
export function methodsIn<R extends Runner>(place: R): ReadonlyMap<string, CatalogueEntry<R>> {
  return new Map(
    [...catalogue].filter((named): named is [string, CatalogueEntry<R>] => named[1].runsIn === place),
  );
}

/**
 * Finds a method by its name or an alias, wherever it runs or in one place.
 *
 * @throws RangeError naming the nearest method there is
 * @example findMethod('sgd', 'train').create({ learningRate: 0.1 })
 */
export function findMethod(name: string): CatalogueEntry;
export function findMethod<R extends Runner>(name: string, place: R): CatalogueEntry<R>;
export function findMethod(name: string, place?: Runner): CatalogueEntry {
  const table = new Map(place === undefined ? catalogue : methodsIn(place));
  for (const one of [...table.values()]) for (const alias of one.aliases) table.set(alias, one);
  return named('method', name, table);
}

function running<R extends Runner>(
  runsIn: R,
  entries: readonly Omit<CatalogueEntry<R>, 'runsIn'>[],
): readonly CatalogueEntry<R>[] {
  return entries.map((one) => ({ ...one, runsIn }));
}
