import { type AnyMethod, findMethod } from '../../../src/methods/index.js';
import { made } from './made.js';
import { type Call, parseMethods } from './method-list.js';
import { blamingInput } from './misuse.js';

/** A method of a race. */
export interface Contestant {
  readonly method: AnyMethod;
  /** The export's name; with its options where the race has that method twice. */
  readonly label: string;
  /** As typed: enough to make the method again. */
  readonly asked: string;
}

/**
 * Makes the methods of a list as typed after `--methods`.
 *
 * @throws Misuse on a method or option that does not exist, naming the nearest, or on a value not allowed
 * @example chosenMethods('gradientDescent(learningRate=0.1),bfgs(search=strongWolfe(c2=0.5))')
 */
export function chosenMethods(list: string): Contestant[] {
  const calls = parseMethods(list);
  const methods = calls.map((call) => blamingInput(() => made(call, findMethod(call.name)), '--methods: '));
  return calls.map(({ text }, i) => ({ method: methods[i], asked: text, label: label(calls, methods, i) }));
}

function label(calls: readonly Call[], methods: readonly AnyMethod[], i: number): string {
  const name = (j: number) => methods[j].name;
  const full = (j: number) => name(j) + calls[j].text.slice(calls[j].name.length);
  const others = calls.map((_, j) => j).filter((j) => j !== i);
  if (others.every((j) => name(j) !== name(i))) return name(i);
  const copies = others.filter((j) => j < i && full(j) === full(i)).length;
  return copies === 0 ? full(i) : `${full(i)} ${copies + 1}`;
}
