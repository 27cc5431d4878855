import type { Outcome } from '../src/index.js';

/** How a run ends that neither its method nor its numbers ended. */
export const stopped: Outcome = { kind: 'stopped', message: 'stopped by its control' };
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
