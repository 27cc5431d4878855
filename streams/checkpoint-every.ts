import { type MonoTypeOperatorFunction, tap } from 'rxjs';
import { chosen, type OptionsOf, required, whole } from '../src/algebra/option.js';
import type { Checkpoint } from './checkpoint.js';
import type { Frame } from './frame.js';

export const checkpointOptions: OptionsOf<{ every: number }> = {
  every: required(whole(1, '[1, ∞)', 'steps between two checkpoints')),
};

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
  const { every } = chosen('checkpoint', checkpointOptions, options);
  return tap((frame) => {
    if (frame.stepped && (frame.step + 1) % every === 0) write(frame.checkpoint());
  });
}
