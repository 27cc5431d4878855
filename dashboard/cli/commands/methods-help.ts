import { type Factory, shownDefault } from '../../../src/algebra/option.js';
import { methodsIn, type Runner } from '../../../src/methods/index.js';
import { functions } from '../../../src/problems/functions.js';
import { searches } from '../../../src/search/index.js';
import { schedules } from '../../../src/transforms/schedule.js';
import { subproblems } from '../../../src/trust-region/index.js';
import { type Definition, definitions } from '../terminal/help-text.js';

/** The methods with their options as they are by default, what those mean and may be, and the problems. */
export function methodsHelp(columns: number): string {
  const problems = [...functions.values()];
  const optionsOf = (factories: readonly Named[]) => definitions(factories.flatMap(explained), columns);
  const functionRows = problems.map(({ name, options, sentence }) => [
    `  ${called(name, options)}`,
    sentence,
  ]) as Definition[];
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
${definitions([...models, ...functionRows], columns)}

Options of problems:
${optionsOf(problems.filter(({ options }) => Object.keys(options).length > 0))}
`;
}

const models: readonly Definition[] = [
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

type Named = Factory<unknown> & { readonly aliases?: readonly string[] };

function methods(place: Runner): readonly Named[] {
  return [...methodsIn(place).values()];
}

/** The name, and below it each option as it would be typed. */
function explained({ name, aliases = [], options }: Named): readonly Definition[] {
  return [
    [`  ${[name, ...aliases].join(' or ')}`, ''],
    ...Object.entries(options).map(([option, { default: value, domain, meaning }]): Definition => {
      const usual = shownDefault(value);
      return [`    ${option}${usual === '' ? '' : `=${usual}`}`, `${meaning}; ${domain}`];
    }),
  ];
}
