import { includes } from '../../../../src/algebra/domain.js';
import type { Domain, Factory, Option } from '../../../../src/algebra/option.js';
import { findMethod } from '../../../../src/methods/index.js';
import { type Call, parseMethods, type Value } from '../../../cli/arguments/method-list.js';

/** The methods that the page offers, by what they know of f. */
export const offeredMethods: readonly { readonly kind: string; readonly names: readonly string[] }[] = [
  {
    kind: 'Gradient',
    names: ['gradientDescent', 'momentum', 'nesterov', 'nonlinearConjugateGradient'],
  },
  { kind: 'Adaptive', names: ['adagrad', 'rmsprop', 'adam', 'adabelief', 'lion', 'signDescent'] },
  {
    kind: 'Newton',
    names: [
      'newton',
      'dampedNewton',
      'lineSearchNewton',
      'modifiedNewton',
      'absoluteNewton',
      'diagonalNewton',
      'newtonConjugateGradient',
    ],
  },
  { kind: 'Newton, kept in bounds', names: ['trustRegion', 'levenbergMarquardtNewton'] },
  { kind: 'Quasi-Newton', names: ['bfgs', 'lbfgs', 'dfp', 'sr1', 'broyden'] },
  { kind: 'Residuals', names: ['gaussNewton', 'levenbergMarquardt'] },
  { kind: 'One variable', names: ['univariateNewton', 'secant', 'guardedNewton'] },
];

/** A list of methods as calls, in which every option has its name. */
export function callsOf(methods: string): Call[] {
  return parseMethods(methods).map((call) => named(call, findMethod(call.name).options));
}

/** The list as one would type it. */
export function typedList(calls: readonly Call[]): string {
  return calls.map(typed).join(',');
}

/** The call with another value for an option; one that is the default is left out. */
export function withOption(call: Call, option: string, value: Value | undefined): Call {
  const { [option]: _, ...others } = call.options;
  return { ...call, options: value === undefined ? others : { ...others, [option]: value } };
}

/** A call of a name without options. */
export function callOf(name: string): Call {
  return { name, options: {}, text: name };
}

/** The values of all options, given or not, to which the interval of another may refer. */
export function valuesOf({ options: given }: Call, options: Readonly<Record<string, Option<unknown>>>) {
  return {
    ...Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default])),
    ...given,
  };
}

/** The kinds of value an option may have that a page can ask for. */
export function partsOf(domain: Domain): Domain[] {
  if (domain.kind === 'either') return domain.of.flatMap(partsOf);
  return domain.kind === 'like' ? [] : [domain];
}

/** What makes the values of an option, such as line searches. */
export function factoriesOf(domain: Domain): readonly Factory<unknown>[] {
  return partsOf(domain).flatMap((part) => (part.kind === 'made' ? part.by() : []));
}

function typed({ name, options }: Call): string {
  const given = Object.entries(options).map(
    ([option, value]) => `${option}=${typeof value === 'object' ? typed(value) : value}`,
  );
  return given.length === 0 ? name : `${name}(${given.join(',')})`;
}

/** The value without a name gets that of the option which takes it. */
function named(call: Call, options: Readonly<Record<string, Option<unknown>>>): Call {
  const { argument } = call;
  const given: { [option: string]: Value } = {};
  if (argument !== undefined) {
    const names = Object.keys(options);
    const taker =
      typeof argument === 'object'
        ? names.find((option) =>
            factoriesOf(options[option].allows).some(({ name }) => name === argument.name),
          )
        : names[0];
    if (taker !== undefined) given[taker] = argument;
  }
  for (const [option, value] of Object.entries(call.options)) given[option] = value;
  for (const [option, value] of Object.entries(given)) {
    const allows = options[option]?.allows;
    if (allows === undefined) continue;
    const factory = factoriesOf(allows).find(
      ({ name }) => name === (typeof value === 'object' ? value.name : value),
    );
    if (factory === undefined || (typeof value !== 'object' && includes(allows, value))) continue;
    given[option] = named(typeof value === 'object' ? value : callOf(String(value)), factory.options);
  }
  return { name: call.name, options: given, text: call.text };
}
