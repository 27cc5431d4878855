import { findMethod, type Method } from '../../../src/methods/index.js';
import { argumentsOf } from './chosen-methods.js';
import { made } from './made.js';
import { type Call, parseCall, parseMethods, type Value } from './method-list.js';

type Changes = Readonly<Record<string, Value>>;

/**
 * The method of a text with some options changed: `adam(beta2=0.99)` with `{ learningRate: 0.01 }`.
 *
 * @throws RangeError or TypeError where the method has no such option, or the value is not allowed
 * @example adjustedMethod('gradientDescent(0.1)', { learningRate: 0.01 })
 */
export function adjustedMethod(asked: string, changes: Changes): Method {
  const call = adjustedCall(asked, changes);
  return made(call, findMethod(call.name)) as Method;
}

/** The text with which that method is asked for: `gradientDescent(learningRate=0.01)`. */
export function adjustedText(asked: string, changes: Changes): string {
  const call = adjustedCall(asked, changes);
  const given = argumentsOf(call);
  return given.length === 0 ? call.name : `${call.name}(${given.join(',')})`;
}

function adjustedCall(asked: string, changes: Changes): Call {
  const [call] = parseMethods(asked);
  const [first] = Object.keys(findMethod(call.name).options);
  const { argument, ...rest } = call;
  const isReplaced = first in changes && typeof argument !== 'object';
  return { ...rest, ...(!isReplaced && { argument }), options: { ...call.options, ...readChanges(changes) } };
}

/** A text such as `cosine(from=0.1,steps=500)` is a call, which cannot reach beyond its own brackets. */
function readChanges(changes: Changes): Changes {
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => [
      name,
      typeof value === 'string' && value.includes('(') ? parseCall(value, name) : value,
    ]),
  );
}
