import type { State, Tree } from '../algebra/tree.js';
import { isChain } from './chain.js';
import type { Transform } from './transform.js';

/** Whether a transform of this name keeps an average of the parameters in its state. */
export function isAveraging(name: string): boolean {
  return name === 'weightAverage' || name === 'primalAverage';
}

/** Whether a transform, chain or method averages the parameters, so that the average is what to evaluate. */
export function averages(transform: Transform): boolean {
  return partsOf(transform).some(({ name }) => isAveraging(name));
}

/**
 * The averaged parameters in the state of a {@link weightAverage} or {@link primalAverage}, alone or as part of a
 * chain or method; of several, the last. They belong to the state: copy what should live longer.
 *
 * @throws TypeError where nothing in the transform averages
 * @example
 * const averaging = chain(adam(), weightAverage());
 * averagedParameters(averaging, averaging.init(float64.array([1, 2], [2]), float64)); // [1, 2]
 */
export function averagedParameters<T>(transform: Transform, state: State<T>): Tree<T> {
  const states = isChain(transform) ? (state as readonly State<T>[]) : [state];
  const at = partsOf(transform).findLastIndex(({ name }) => isAveraging(name));
  if (at < 0) {
    throw new TypeError(
      'averagedParameters(transform): expected a weightAverage or primalAverage in it, got none',
    );
  }
  return (states[at] as { average: Tree<T> }).average;
}

function partsOf(transform: Transform): readonly Transform[] {
  return isChain(transform) ? transform.parts : [transform];
}
