import { catalogue } from './catalogue.js';

/** The table of defaults as Markdown: a method, its options, what they may be and what they mean. */
export function defaultsTable(): string {
  const lines = ['| method | option | default | allowed | meaning |', '|---|---|---|---|---|'];
  for (const { name, options } of catalogue.values()) {
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
