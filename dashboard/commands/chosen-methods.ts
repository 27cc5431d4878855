import { named } from '../../src/algebra/nearest-name.js';
import { findMethod, type Method } from '../../src/methods/index.js';
import { type Call, parseMethods, type Value } from './method-list.js';
import { blamingInput } from './misuse.js';
import { schedule } from './schedule.js';

/** A method of a race. */
export interface Contestant {
  readonly method: Method;
  /** The export's name; with its options where the race has that method twice. */
  readonly label: string;
  /** As typed: enough to make the method again. */
  readonly asked: string;
}

/**
 * Makes the methods of a list as typed after `--methods`.
 *
 * @throws Misuse on a method or option that does not exist, naming the nearest, or on a value not allowed
 * @example chosenMethods('gradientDescent(learningRate=0.1),adam')
 */
export function chosenMethods(list: string): Contestant[] {
  const calls = parseMethods(list);
  const methods = calls.map((call) => blamingInput(() => create(call), '--methods: '));
  return calls.map(({ text }, i) => ({ method: methods[i], asked: text, label: label(calls, methods, i) }));
}

function create({ name, options }: Call): Method {
  const entry = findMethod(name);
  const known = new Map(Object.entries(entry.options));
  for (const option of Object.keys(options)) named(`${entry.name}(${option})`, option, known);
  const given = Object.entries(options).map(([option, value]) => [option, meaning(value)]);
  return entry.create(Object.fromEntries(given));
}

/** A call in place of a value is a schedule; all else is what it says. */
function meaning(value: Value): unknown {
  return typeof value === 'object' ? schedule(value) : value;
}

function label(calls: readonly Call[], methods: readonly Method[], i: number): string {
  const name = (j: number) => methods[j].name;
  const full = (j: number) => name(j) + calls[j].text.slice(calls[j].name.length);
  const others = calls.map((_, j) => j).filter((j) => j !== i);
  if (others.every((j) => name(j) !== name(i))) return name(i);
  const copies = others.filter((j) => j < i && full(j) === full(i)).length;
  return copies === 0 ? full(i) : `${full(i)} ${copies + 1}`;
}
