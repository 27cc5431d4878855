import { findMethod, type Method } from '../../../src/methods/index.js';
import { made } from './made.js';
import { parseMethods, type Value } from './method-list.js';

/**
 * The method of a text with some options changed: `adam(beta2=0.99)` with `{ learningRate: 0.01 }`.
 *
 * @throws RangeError or TypeError where the method has no such option, or the value is not allowed
 * @example adjustedMethod('gradientDescent(0.1)', { learningRate: 0.01 })
 */
export function adjustedMethod(asked: string, changes: Readonly<Record<string, Value>>): Method {
  const [call] = parseMethods(asked);
  const factory = findMethod(call.name);
  const [first] = Object.keys(factory.options);
  const { argument, ...rest } = call;
  const isReplaced = first in changes && typeof argument !== 'object';
  const options = { ...call.options, ...changes };
  return made({ ...rest, ...(!isReplaced && { argument }), options }, factory) as Method;
}
