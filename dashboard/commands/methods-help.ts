import { catalogue } from '../../src/methods/index.js';
import { functions } from '../../src/problems/functions.js';
import { table } from '../terminal/table.js';
import { schedules } from './schedule.js';

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
  const problems = [...functions.values()].map(({ name, summary, options }) => {
    const allowed = Object.entries(options).map(([option, { default: value }]) => `${option}=${value}`);
    return [`  ${name}${allowed.length > 0 ? `(${allowed.join(',')})` : ''}`, summary];
  });
  const rates = [...schedules].map(([name, { names }]) => `  ${name}(${names.join(', ')})`);
  return `${table(rows, [0, 1, 3, 4])}

In place of a learning rate may stand a schedule:
${rates.join('\n')}

Problems:
${table([['  mnist', 'A multilayer perceptron on 60,000 handwritten digits.'], ...problems], [0, 1])}
`;
}
