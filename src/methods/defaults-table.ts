import { type CatalogueEntry, catalogue } from './catalogue.js';
import { leastSquaresCatalogue, solverCatalogue } from './solver-catalogue.js';

/** The table of defaults as Markdown: a method, its options, what they may be and what they mean. */
export function defaultsTable(): string {
  const lines = ['| method | option | default | allowed | meaning |', '|---|---|---|---|---|'];
  const all = new Map<string, CatalogueEntry<unknown>>([
    ...catalogue,
    ...solverCatalogue,
    ...leastSquaresCatalogue,
  ]);
  for (const { name, options } of all.values()) {
    for (const [option, { default: value, domain, meaning }] of Object.entries(options)) {
      lines.push(`| \`${name}\` | \`${option}\` | \`${shownDefault(value)}\` | ${domain} | ${meaning} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A default as it would be typed: `strongWolfe(c1=0.0001,c2=0.9)`. */
export function shownDefault(value: unknown): string {
  if (typeof value === 'function') return value.name;
  if (value === null || typeof value !== 'object' || !('name' in value)) return String(value);
  const options = Object.entries((value as { options?: object }).options ?? {});
  if (options.length === 0) return String(value.name);
  return `${value.name}(${options.map(([option, of]) => `${option}=${of}`).join(',')})`;
}
