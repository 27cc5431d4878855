import { map } from 'rxjs';
import { stateless } from '../src/transforms/transform.js';
import type { Frame } from './frame.js';
import type { FrameOperator } from './lift.js';

/**
 * Measures loss and gradient of the frame's batch at its parameters; the gradient is the first update.
 *
 * ```
 * ──frame────────────────▶
 *      gradient()
 * ──frame, with loss,────▶
 *   gradient and update
 * ```
 *
 * @example pipe(gradient(), momentum(0.9), learningRate(0.05))
 */
export function gradient(): FrameOperator {
  return (source) => source.pipe(map((frame) => differentiate(frame)));
}

function differentiate<T>(frame: Frame<T>): Frame<T> {
  frame.perform(frame.slot('gradient', noState), evaluate);
  return frame;
}

const noState = () => stateless;

function evaluate<T>(frame: Frame<T>) {
  const { value, gradient, kept } = frame.objective.valueAndGradient(frame.parameters, frame.needs);
  return { update: gradient, state: stateless, loss: value, ...(kept && { kept }) };
}
