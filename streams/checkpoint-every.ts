import { type MonoTypeOperatorFunction, tap } from 'rxjs';
import { knownOptions, wholeNumber } from '../src/algebra/argument.js';
import type { Checkpoint } from './checkpoint.js';
import type { Frame } from './frame.js';

/**
 * Hands a checkpoint to `write` after every so many steps; it stands behind `train`.
 *
 * ```
 * ──f₀──f₁──f₂──f₃──▶
 *      checkpoint({ every: 2 }, write)
 * ──f₀──f₁──f₂──f₃──▶   write is called at f₁ and f₃
 * ```
 *
 * A checkpoint is plain data that nothing changes later, so `write` may go on with it at leisure. What it
 * throws goes down the stream, and ends the run.
 *
 * @example train(problem, source, pipeline).pipe(checkpoint({ every: 100 }, (at) => saved.push(at)))
 */
export function checkpoint<T>(
  options: { readonly every: number },
  write: (checkpoint: Checkpoint) => void,
): MonoTypeOperatorFunction<Frame<T>> {
  knownOptions('checkpoint', options, ['every']);
  const { every } = options;
  wholeNumber('checkpoint', 'every', every, '[1, ∞)');
  return tap((frame) => {
    if (frame.stepped && (frame.step + 1) % every === 0) write(frame.checkpoint());
  });
}
