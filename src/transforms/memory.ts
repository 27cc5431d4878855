import type { Algebra } from '../algebra/algebra.js';
import { leaves, type State } from '../algebra/tree.js';
import type { Outcome } from '../objective/outcome.js';
import { isChain } from './chain.js';
import type { Transform } from './transform.js';

/** What can be told of a step without looking at each entry. */
export interface StepSize {
  /** Counts from 0. */
  readonly step: number;
  readonly gradientNorm: number;
  readonly updateNorm: number;
}

/**
 * Whether a step may have left a NaN or ∞ in what a method remembers, so that it is worth looking.
 *
 * A second moment of ∞ divides its entry's updates to 0 for good, and no update, loss or gradient shows it. It comes of
 * squares that overflow: of the gradient, told by its norm (‖g‖²·(step + 1) with a margin of 2¹⁰, sums over all steps
 * included), or of curvatures and features that nothing here tells of; for these the memory is looked at every 64 steps.
 * An update of exactly 0 where the gradient is not is suspicious too.
 */
export function memoryAtRisk(
  { epsilon }: { readonly epsilon: number },
  { step, gradientNorm, updateNorm }: StepSize,
): boolean {
  const largest = epsilon > 2 ** -30 ? 2 ** 128 : Number.POSITIVE_INFINITY;
  if (!(gradientNorm ** 2 * (step + 1) * 2 ** 10 < largest)) return true;
  return step % 64 === 63 || (updateNorm === 0 && gradientNorm !== 0);
}

/** Whether no entry of a state is NaN or ±∞; reads one number. */
export function allFinite<T>(algebra: Algebra<T>, state: State<T>): boolean {
  return algebra.scope(() => {
    const verdicts = leaves(algebra, state).map((leaf) => algebra.finite(leaf));
    return (
      verdicts.length === 0 || algebra.number(verdicts.reduce((all, one) => algebra.mul(all, one))) === 1
    );
  });
}

/** The end of a run whose method remembers a NaN or ∞, naming the part of a chain that does; undefined where none does. */
export function spoiltMemory<T>(
  algebra: Algebra<T>,
  method: Transform,
  state: State<T>,
  step: number,
): Outcome | undefined {
  if (allFinite(algebra, state)) return undefined;
  const parts: readonly Transform[] = isChain(method) ? method.parts : [method];
  const states = (isChain(method) ? state : [state]) as readonly State<T>[];
  const spoilt = parts.find((_, i) => !allFinite(algebra, states[i]));
  return spoilt && remembersNonFinite(spoilt.name, step);
}

/** The outcome of a run one of whose parts remembers a NaN or ∞. */
export function remembersNonFinite(stage: string, step: number, kept = 'those before it'): Outcome {
  return {
    kind: 'nonFinite',
    message: `${stage} remembers a NaN or ∞ at step ${step}; the parameters are ${kept}`,
    stage,
    step,
  };
}
