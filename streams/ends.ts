import type { Outcome, State } from '../src/index.js';
import { allFinite, remembersNonFinite } from '../src/transforms/memory.js';
import type { Control } from './control.js';
import type { Run } from './run.js';

/** How a run ends that neither its method nor its numbers ended. */
export const stopped = ({ why }: Control): Outcome => ({ kind: 'stopped', message: why });
export const pipelineCompleted: Outcome = { kind: 'stopped', message: 'the pipeline completed' };
export const batchesUsedUp: Outcome = { kind: 'budget', message: 'the batches are used up' };
export const allStepsTaken = (steps: number): Outcome => ({
  kind: 'budget',
  message: `all ${steps} steps were taken`,
});
export const aborted = (reason: unknown): Outcome => ({
  kind: 'stopped',
  message: `aborted: ${reason instanceof Error ? reason.message : String(reason)}`,
});

/** Why a run ends between the last step and the next; undefined where it goes on. */
export function endBetweenSteps<T>(
  run: Run<T, unknown>,
  { steps, control }: { readonly steps: number; readonly control?: Control },
  completed: boolean,
): Outcome | undefined {
  if (run.ending !== null) return run.ending;
  if (control?.state === 'stopped') return stopped(control);
  if (completed) return pipelineCompleted;
  return run.step >= steps ? allStepsTaken(steps) : undefined;
}

/** An end, or the trouble that was not seen before it. */
export function endOrTrouble<T, E extends Outcome | undefined>(run: Run<T, unknown>, ending: E): Outcome | E {
  return (ending?.kind === 'budget' || ending?.kind === 'stopped' ? spoilt(run) : undefined) ?? ending;
}

/** The end of a run an operator of which remembers a NaN or ∞; undefined where none does. */
function spoilt<T>({ algebra, slots, step }: Run<T, unknown>): Outcome | undefined {
  const { all } = slots;
  const states: readonly State<T>[] = all.map(({ state }) => state);
  if (allFinite(algebra, states)) return undefined;
  const slot = all.find(({ state }) => !allFinite(algebra, state));
  return slot && remembersNonFinite(slot.name, step - 1, 'the last ones, finite');
}
