import { type Factory, shownDefault } from '../../../src/algebra/option.js';
import { methodsIn, type Runner } from '../../../src/methods/index.js';
import { functions } from '../../../src/problems/functions.js';
import { searches } from '../../../src/search/index.js';
import { schedules } from '../../../src/transforms/schedule.js';
import { subproblems } from '../../../src/trust-region/index.js';
import { table } from '../terminal/table.js';

/** The methods with their options, what those may be and their defaults, and the problems. */
export function methodsHelp(): string {
  const problems = [...functions.values()];
  const functionRows = problems.map(({ name, options, sentence }) => [
    `  ${called(name, options)}`,
    sentence,
  ]);
  return `Methods for models and functions:
${optionsOf(methods('train'))}

Methods for functions:
${optionsOf(methods('minimize'))}

Methods for functions that are sums of squares:
${optionsOf(methods('leastSquares'))}

Schedules, in place of a learning rate:
${optionsOf(schedules)}

Line searches:
${optionsOf(searches)}

Subproblems of trust regions:
${optionsOf(subproblems)}

A number for the first option needs no name, nor does a search, a subproblem or a schedule:
newton(0.8) is newton(learningRate=0.8), bfgs(fixedStep(0.15)) is bfgs(search=fixedStep(alpha=0.15)).

Problems:
${table([...models, ...functionRows], [0, 1])}

Options of problems:
${optionsOf(problems.filter(({ options }) => Object.keys(options).length > 0))}
`;
}

const models = [
  ['  mnist', 'A multilayer perceptron on 60,000 handwritten digits.'],
  ['  autoencoder', 'The deep autoencoder 784-1000-500-250-30 on the same digits, in batches of 1,000.'],
  ['  cifar10', 'A vision transformer on 50,000 photographs, by the methods of a published example.'],
];

/** A call with its defaults: `rosenbrock(n=2)`. */
function called(name: string, options: Factory<unknown>['options']): string {
  const known = Object.entries(options).map(
    ([option, { default: value }]) => `${option}=${shownDefault(value)}`,
  );
  return known.length === 0 ? name : `${name}(${known.join(',')})`;
}

function methods(place: Runner): readonly (Factory<unknown> & { readonly aliases: readonly string[] })[] {
  return [...methodsIn(place).values()];
}

function optionsOf(
  factories: readonly (Factory<unknown> & { readonly aliases?: readonly string[] })[],
): string {
  const rows = [['  name', 'option', 'default', 'allowed', 'meaning']];
  for (const { name, aliases = [], options } of factories) {
    let shown = `  ${[name, ...aliases].join(' or ')}`;
    for (const [option, { default: value, domain, meaning }] of Object.entries(options)) {
      rows.push([shown, option, shownDefault(value), domain, meaning]);
      shown = '';
    }
    if (shown !== '') rows.push([shown, '', '', '', '']);
  }
  return table(rows, [0, 1, 2, 3, 4]);
}
