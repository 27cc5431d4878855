import { catalogue } from '../../src/methods/index.js';
import { table } from '../terminal/table.js';
import { testFunctions } from './test-functions.js';

/** The methods with their options, what those may be and their defaults, and the problems. */
export function methodsHelp(): string {
  const rows = [['Method', 'option', 'default', 'allowed', 'meaning']];
  for (const { name, aliases, options } of catalogue.values()) {
    let shown = aliases.length === 0 ? name : `${name} (${aliases.join(', ')})`;
    for (const [option, { default: value, domain, meaning }] of Object.entries(options)) {
      rows.push([shown, option, String(value), domain, meaning]);
      shown = '';
    }
    if (shown !== '') rows.push([shown, '', '', '', '']);
  }
  const problems = ['mnist', ...testFunctions.keys()].join(', ');
  return `${table(rows, [0, 1, 3, 4])}\n\nProblems: ${problems}\n`;
}
