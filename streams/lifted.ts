import type { Observable } from 'rxjs';
import { chosen, type OptionsOf, option, workedOut } from '../src/algebra/option.js';
import { inRole } from '../src/objective/role.js';
import { isChain } from '../src/transforms/chain.js';
import { isRefreshed } from '../src/transforms/refreshed.js';
import type { Transform } from '../src/transforms/transform.js';
import type { Frame } from './frame.js';
import { type FrameOperator, lift } from './lift.js';
import { refreshInThread, type Workplace } from './refresh-in-thread.js';

export interface LiftedOptions {
  /** Where the long work of those parts is done that are refreshed with a delay; left out, in the step itself. */
  readonly thread?: () => Workplace;
}

export const liftedOptions: OptionsOf<LiftedOptions> = {
  thread: workedOut(
    option<NonNullable<LiftedOptions['thread']>>(
      undefined as never,
      {
        kind: 'like',
        what: 'a function that opens a workplace, such as linalgThread',
        includes: (value) => typeof value === 'function',
      },
      'where the long work of parts is done that are refreshed with a delay',
    ),
    'in the step itself',
  ),
};

/**
 * A whole method as an operator: its parts lifted one after the other, each an operator with a slot of its own.
 *
 * ```
 * ──update u──────────────────────▶
 *      lifted(chain(t₁, t₂, t₃))
 * ──update t₃(t₂(t₁(u)))──────────▶
 * ```
 *
 * @throws TypeError where `method` is none, or where a thread is given and no part is refreshed
 * @example train(problem, source, pipe(gradient(), lifted(adam())), { steps: 1_000 })
 */
export function lifted(method: Transform, options: LiftedOptions = {}): FrameOperator {
  inRole('lifted', 'method', 'method', method);
  const { thread }: LiftedOptions = chosen('lifted', liftedOptions, options);
  const parts = isChain(method) ? method.parts : [method];
  if (thread !== undefined && !parts.some(isRefreshed)) {
    throw new TypeError(`lifted(thread): expected a method with a refreshed part, got ${method.name}`);
  }
  const operators = parts.map((part) =>
    thread !== undefined && isRefreshed(part) ? refreshInThread(part, thread) : lift(part),
  );
  return <T>(source: Observable<Frame<T>>) =>
    operators.reduce((stream, operator) => operator(stream), source);
}
