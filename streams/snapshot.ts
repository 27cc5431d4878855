import { map, type OperatorFunction } from 'rxjs';
import { type Outcome, type Readings, type Saved, save } from '../src/index.js';
import type { Evaluation } from '../src/objective/problem.js';
import type { Frame } from './frame.js';

/** What lives longer than a frame: plain data, free to keep, compare and send. */
export interface Snapshot {
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly updateNorm: number;
  /** What the operators measured, by name. */
  readonly measures: Readings;
  readonly milliseconds: number;
  /** After the step. */
  readonly parameters: Saved;
  readonly evaluation?: Evaluation;
  readonly outcome?: Outcome;
}

/**
 * Copies what should outlive the frame; it stands behind `train`.
 *
 * ```
 * ──frame₀────────frame₁────▶   lent, until the next frame
 *      snapshot()
 * ──snapshot₀──snapshot₁────▶   plain data
 * ```
 *
 * @example const last = await lastValueFrom(train(problem, source, pipeline, { steps: 100 }).pipe(snapshot()));
 */
export function snapshot<T>(): OperatorFunction<Frame<T>, Snapshot> {
  return map((frame) => ({
    step: frame.step,
    loss: frame.lossValue,
    gradientNorm: frame.gradientNorm,
    updateNorm: frame.updateNorm,
    measures: frame.measures,
    milliseconds: frame.milliseconds,
    parameters: save(frame.algebra, frame.nextParameters),
    ...(frame.evaluation && { evaluation: frame.evaluation }),
    ...(frame.outcome && { outcome: frame.outcome }),
  }));
}
