import { leaves } from '../../../src/index.js';
import type { Frame } from '../../../streams/index.js';
import { bytesOf } from '../../../streams/slot.js';
import type { OperatorDescription, OperatorsMeasured } from '../events.js';
import { StateAges } from './state-ages.js';

/** Follows the operators of one method from frame to frame: what they have cost, what they hold, how old that is. */
export class MeasuredOperators<T> {
  #ages: StateAges<T> | undefined;

  /** Takes note of a frame that took its step. */
  take({ algebra, operators, step }: Frame<T>): void {
    this.#ages ??= new StateAges(algebra);
    this.#ages.take(operators, step);
  }

  /** As the record holds it. */
  measured({
    algebra,
    operators,
    step,
    nextParameters,
  }: Frame<T>): Pick<OperatorsMeasured, 'operators' | 'parameters'> {
    return {
      operators: operators.map(({ name, frames, milliseconds, arrays, bytes }, i) => {
        const age = this.#ages?.of(i, step);
        return { name, frames, milliseconds, arrays, bytes, ...(age !== undefined && { age }) };
      }),
      parameters: { arrays: leaves(algebra, nextParameters).length, bytes: bytesOf(algebra, nextParameters) },
    };
  }
}

/** The pipeline of a run as its frames show it. */
export function describedOperators<T>({ operators }: Frame<T>): OperatorDescription[] {
  return operators.map(({ name, options, inner, measures }) => ({
    name,
    options,
    ...(inner.length > 0 && { inner: within(inner) }),
    ...(measures.length > 0 && { measures: measures.map((measure) => measure.name) }),
  }));
}

interface Nested {
  readonly inner: readonly Nested[];
}

const within = (inner: readonly Nested[]): number =>
  inner.reduce((count, one) => count + 1 + within(one.inner), 0);
