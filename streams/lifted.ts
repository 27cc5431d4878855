import type { Observable } from 'rxjs';
import { isChain } from '../src/transforms/chain.js';
import type { Transform } from '../src/transforms/transform.js';
import type { Frame } from './frame.js';
import { type FrameOperator, lift } from './lift.js';

/**
 * A whole method as an operator: its parts lifted one after the other, each an operator with a slot of its own.
 *
 * ```
 * ──update u──────────────────────▶
 *      lifted(chain(t₁, t₂, t₃))
 * ──update t₃(t₂(t₁(u)))──────────▶
 * ```
 *
 * @example train(problem, source, pipe(gradient(), lifted(adam())), { steps: 1_000 })
 */
export function lifted(method: Transform): FrameOperator {
  const operators = isChain(method) ? method.parts.map(lift) : [lift(method)];
  return <T>(source: Observable<Frame<T>>) =>
    operators.reduce((stream, operator) => operator(stream), source);
}
