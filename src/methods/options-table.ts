import { type Factory, shownDefault } from '../algebra/option.js';

/** A table of options as Markdown: what each belongs to, its default, what it may be and what it means. */
export function optionsTable(
  what: string,
  factories: Iterable<Pick<Factory<unknown>, 'name' | 'options'>>,
): string {
  const lines = [`| ${what} | option | default | allowed | meaning |`, '|---|---|---|---|---|'];
  for (const { name, options } of factories) {
    for (const [option, { default: value, domain, meaning }] of Object.entries(options)) {
      const shown = value === undefined ? '' : `\`${shownDefault(value)}\``;
      lines.push(`| \`${name}\` | \`${option}\` | ${shown} | ${domain} | ${meaning} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
