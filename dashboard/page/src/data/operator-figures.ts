import type { OperatorsMeasured } from '../../../record/events.js';

/** What an operator costs and holds now. */
export interface OperatorFigures {
  /** Its part of the time of all operators. */
  readonly share: number;
  readonly millisecondsPerFrame: number;
  readonly frames: number;
  readonly milliseconds: number;
  readonly arrays: number;
  readonly bytes: number;
  /** Steps since the oldest array of its state was made anew. */
  readonly age?: number;
}

/**
 * The figures of each operator over the stretch between two measurements, or since the start where there is but one, or
 * no frame came between them.
 */
export function operatorFigures(
  now: OperatorsMeasured | undefined,
  before: OperatorsMeasured | undefined,
): readonly OperatorFigures[] {
  if (now === undefined) return [];
  const isLater = before !== undefined && before.step < now.step;
  const spent = now.operators.map(({ frames, milliseconds }, i) => {
    const past = isLater ? before.operators[i] : undefined;
    return {
      frames: frames - (past?.frames ?? 0),
      milliseconds: Math.max(0, milliseconds - (past?.milliseconds ?? 0)),
    };
  });
  const whole = spent.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return now.operators.map((operator, i) => {
    const { frames, milliseconds } = spent[i]!;
    return {
      ...operator,
      share: whole > 0 ? milliseconds / whole : 0,
      millisecondsPerFrame: milliseconds / Math.max(1, frames),
    };
  });
}
