import { critical, type SeedComparison } from '../../record/seed-comparison.js';
import { seedVerdicts } from '../../record/seed-verdicts.js';
import { figure, percent } from './figures.js';
import { table } from './table.js';

/** The closing table of a race over several seeds: a row a method, then which is significantly faster than which. */
export function seedsTable(comparison: SeedComparison): string {
  const { head, rows, by, pairs } = seedVerdicts(comparison, { number: figure, percent });
  return [
    table([head, ...rows]),
    '',
    `Significantly faster (${by}; z ≥ ${critical})?`,
    table(
      pairs.map(({ faster, than, answer, z }) => [`  ${faster}`, 'than', than, answer, `z = ${z}`]),
      [0, 1, 2, 3, 4],
    ),
  ].join('\n');
}
