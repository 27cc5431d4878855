import type { State } from '../../../src/index.js';
import type { Method } from '../../../src/methods/index.js';
import { type Context, isRefreshed, type Refreshed, type Transform } from '../../../src/transforms/index.js';
import type { Adjusted } from '../../record/events.js';
import { adjustedMethod } from '../arguments/adjusted-method.js';

/**
 * A method whose options can be changed between two steps. Its parts are pure and their state is the run's, so that the
 * parts of the method with another rate or damping go on with the state of those before. A checkpoint names the parts
 * as they were at the start of the run; from which step on others were taken stands in the log.
 */
export class AdjustableMethod {
  readonly method: Method;
  #now: Method;
  #changed: { readonly [option: string]: number } = {};

  constructor(
    method: Method,
    readonly asked: string,
    /** What is added to the method as asked for. */
    readonly completed: (method: Method) => Method = (method) => method,
  ) {
    this.#now = method;
    const parts = method.parts.map((part, i) => this.#following(part, i));
    this.method = Object.create(method, { parts: { value: parts, enumerable: true } }) as Method;
  }

  /** @throws Misuse, RangeError or TypeError where the option cannot have this value */
  adjust({ option, value }: Pick<Adjusted, 'option' | 'value'>): void {
    const changed = { ...this.#changed, [option]: value };
    const next = this.completed(adjustedMethod(this.asked, changed));
    if (next.parts.length !== this.#now.parts.length) throw new RangeError(`${option}: makes another method`);
    this.#changed = changed;
    this.#now = next;
  }

  #following(part: Transform, i: number): Transform {
    const update = <T>(context: Context<T>, state: State<T>) => this.#now.parts[i].update(context, state);
    const own = { update: { value: update, enumerable: true } };
    if (!isRefreshed(part)) return Object.create(part, own) as Transform;
    const updateBy: Refreshed['updateBy'] = (...given) =>
      (this.#now.parts[i] as Refreshed).updateBy(...given);
    return Object.create(part, { ...own, updateBy: { value: updateBy, enumerable: true } }) as Transform;
  }
}
