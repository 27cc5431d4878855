import { shownDefault } from '../../../src/algebra/option.js';
import { type AnyMethod, catalogue, findMethod } from '../../../src/methods/index.js';
import { made } from './made.js';
import { type Call, parseMethods, type Value } from './method-list.js';
import { blamingInput } from './misuse.js';

/** A method of a race. */
export interface Contestant {
  readonly method: AnyMethod;
  /** The export's name; where the race has that method twice, with the options that tell it from the other. */
  readonly label: string;
  /** As typed: enough to make the method again; left out for what a program made. */
  readonly asked?: string;
  /** Of its start and batches, in a race over several seeds. */
  readonly seed?: number;
  /** The label that its runs under all seeds share. */
  readonly contestant?: string;
}

/** Each method once a seed, the labels telling which; all methods of one seed before those of the next. */
export function underSeeds(contestants: readonly Contestant[], seeds: readonly number[]): Contestant[] {
  return seeds.flatMap((seed) =>
    contestants.map((one) => ({
      ...one,
      label: `${one.label} seed ${seed}`,
      contestant: one.label,
      seed,
    })),
  );
}

/**
 * Makes the methods of a list as typed after `--methods`.
 *
 * @throws Misuse on a method or option that does not exist, naming the nearest, or on a value not allowed
 * @example chosenMethods('gradientDescent(learningRate=0.1),bfgs(search=strongWolfe(c2=0.5))')
 */
export function chosenMethods(list: string): Contestant[] {
  return contestantsOf([list]);
}

/** The same of methods as typed and of methods themselves, labelled as if those had been typed too. */
export function contestantsOf(given: readonly (string | AnyMethod)[]): Contestant[] {
  const entries = given.flatMap((one) =>
    typeof one === 'string'
      ? parseMethods(one).map((call) => ({ call, method: methodOf(call), asked: call.text }))
      : [{ call: asTyped(one), method: one }],
  );
  const calls = entries.map(({ call }) => call);
  const methods = entries.map(({ method }) => method);
  return entries.map(({ call: _, ...one }, i) => ({ ...one, label: label(calls, methods, i) }));
}

function methodOf(call: Call): AnyMethod {
  return blamingInput(() => made(call, findMethod(call.name)), '--methods: ');
}

/** A method as one would type it: with those of its options that are not as usual. */
function asTyped({ name, options }: AnyMethod): Call {
  const usual = catalogue.get(name)?.defaults ?? {};
  const own = Object.entries(options).flatMap(([option, value]): [string, Value][] => {
    const text = shownDefault(value);
    if (text === shownDefault(usual[option])) return [];
    return [[option, value !== null && typeof value === 'object' ? { name: text, options: {}, text } : text]];
  });
  return { name, options: Object.fromEntries(own), text: name };
}

/** The name, with those of its options that others of that name do not all have too. */
function label(calls: readonly Call[], methods: readonly AnyMethod[], i: number): string {
  const { name } = methods[i];
  const alike = calls.map((_, j) => j).filter((j) => methods[j].name === name);
  if (alike.length === 1) return name;
  const shared = argumentsOf(calls[i]).filter((one) =>
    alike.every((j) => argumentsOf(calls[j]).includes(one)),
  );
  const full = (j: number) => {
    const own = argumentsOf(calls[j]).filter((one) => !shared.includes(one));
    return own.length === 0 ? name : `${name}(${own.join(',')})`;
  };
  const copies = alike.filter((j) => j < i && full(j) === full(i)).length;
  return copies === 0 ? full(i) : `${full(i)} ${copies + 1}`;
}

/** What stands between the brackets of a call, each as typed. */
export function argumentsOf({ argument, options }: Call): string[] {
  const shown = (value: Value) => (typeof value === 'object' ? value.text : String(value));
  const named = Object.entries(options).map(([option, value]) => `${option}=${shown(value)}`);
  return argument === undefined ? named : [shown(argument), ...named];
}
