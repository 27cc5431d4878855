import type { StepTaken } from './events.js';

/** What a step measures: each is a column in the log, a summary in its pyramid, a line in a chart. */
export const series = ['loss', 'gradientNorm', 'updateNorm', 'milliseconds', 'seconds'] as const;
export type Series = (typeof series)[number];

/** `step` events as columns of one length: how they are stored, sent and drawn. NaN and ±∞ are kept. */
export interface StepColumns {
  readonly method: Uint16Array;
  readonly step: Float64Array;
  readonly seconds: Float64Array;
  readonly loss: Float64Array;
  readonly gradientNorm: Float64Array;
  readonly updateNorm: Float64Array;
  readonly milliseconds: Float64Array;
}

/** The float64 columns in their order on disk and on the wire; `method` (uint16) follows them. */
const columns = ['step', 'seconds', 'loss', 'gradientNorm', 'updateNorm', 'milliseconds'] as const;

/** Six float64 and one uint16. */
export const bytesPerStep = 8 * columns.length + 2;

/** Views over `count` steps that begin at byte `offset` (a multiple of 8) of `buffer`. Nothing is copied. */
export function stepColumns(buffer: ArrayBufferLike, offset: number, count: number): StepColumns {
  const column = (i: number) => new Float64Array(buffer, offset + 8 * i * count, count);
  return {
    step: column(0),
    seconds: column(1),
    loss: column(2),
    gradientNorm: column(3),
    updateNorm: column(4),
    milliseconds: column(5),
    method: new Uint16Array(buffer, offset + 8 * columns.length * count, count),
  };
}

/** The `i`-th step as an event. */
export function stepAt(steps: StepColumns, i: number): StepTaken {
  return {
    kind: 'step',
    method: steps.method[i],
    step: steps.step[i],
    seconds: steps.seconds[i],
    loss: steps.loss[i],
    gradientNorm: steps.gradientNorm[i],
    updateNorm: steps.updateNorm[i],
    milliseconds: steps.milliseconds[i],
  };
}

/** Copies `count` steps of `from`, beginning with the `first`, to the front of `to`. */
export function copySteps(from: StepColumns, first: number, count: number, to: StepColumns): void {
  for (const name of columns) to[name].set(from[name].subarray(first, first + count));
  to.method.set(from.method.subarray(first, first + count));
}
