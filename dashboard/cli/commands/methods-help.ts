import { catalogue, shownDefault } from '../../../src/methods/index.js';
import { functions } from '../../../src/problems/functions.js';
import type { Form } from '../arguments/form.js';
import { schedules } from '../arguments/schedule.js';
import { searches, subproblems } from '../arguments/step-length.js';
import { table } from '../terminal/table.js';

/** The methods with their options, what those may be and their defaults, and the problems. */
export function methodsHelp(): string {
  const rows = [['Method', 'option', 'default', 'allowed', 'meaning']];
  for (const { name, aliases, options } of catalogue.values()) {
    let shown = aliases.length === 0 ? name : `${name} (${aliases.join(', ')})`;
    for (const [option, { default: value, domain, meaning }] of Object.entries(options)) {
      rows.push([shown, option, shownDefault(value), domain, meaning]);
      shown = '';
    }
    if (shown !== '') rows.push([shown, '', '', '', '']);
  }
  const problems = [...functions.values()].map(({ name, summary, options }) => {
    const allowed = Object.entries(options).map(([option, { default: value }]) => `${option}=${value}`);
    return [`  ${name}${allowed.length > 0 ? `(${allowed.join(',')})` : ''}`, summary];
  });
  return `${table(rows, [0, 1, 2, 3, 4])}

In place of a learning rate may stand a schedule:
${listed(schedules)}

The searches, and the subproblems of trust regions:
${listed(searches)}
${listed(subproblems)}

A number for the first option needs no name, nor does a search, a subproblem or a schedule:
newton(0.8) is newton(learningRate=0.8), bfgs(fixedStep(0.15)) is bfgs(search=fixedStep(alpha=0.15)).

Problems:
${table([['  mnist', 'A multilayer perceptron on 60,000 handwritten digits.'], ...problems], [0, 1])}
`;
}

function listed(forms: ReadonlyMap<string, Form>): string {
  return [...forms].map(([name, { names }]) => `  ${name}(${names.join(', ')})`).join('\n');
}
