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
  return measuredFigures(now, before).operators;
}

/** What a function takes a step by itself, where it is told apart. */
export function sourceFigures(
  now: OperatorsMeasured | undefined,
  before: OperatorsMeasured | undefined,
): Pick<OperatorFigures, 'share' | 'millisecondsPerFrame'> | undefined {
  return measuredFigures(now, before).source;
}

function measuredFigures(now: OperatorsMeasured | undefined, before: OperatorsMeasured | undefined) {
  if (now === undefined) return { operators: [], source: undefined };
  const isLater = before !== undefined && before.step < now.step;
  const spent = now.operators.map(({ frames, milliseconds }, i) => {
    const past = isLater ? before.operators[i] : undefined;
    return {
      frames: frames - (past?.frames ?? 0),
      milliseconds: Math.max(0, milliseconds - (past?.milliseconds ?? 0)),
    };
  });
  const ofSource = now.source && now.source.milliseconds - (isLater ? (before.source?.milliseconds ?? 0) : 0);
  const whole = spent.reduce((sum, { milliseconds }) => sum + milliseconds, Math.max(0, ofSource ?? 0));
  const shareOf = (milliseconds: number) => (whole > 0 ? milliseconds / whole : 0);
  const source = ofSource !== undefined && {
    share: shareOf(ofSource),
    millisecondsPerFrame: ofSource / Math.max(1, spent[0]?.frames ?? 0),
  };
  const operators = now.operators.map((operator, i): OperatorFigures => {
    const { frames, milliseconds } = spent[i]!;
    return {
      ...operator,
      share: shareOf(milliseconds),
      millisecondsPerFrame: milliseconds / Math.max(1, frames),
    };
  });
  return { operators, source: source || undefined };
}
