import { type BatchLbfgsParts, naiveBatchLbfgs } from '../oracles/batch-lbfgs.js';
import { type Mutant, naiveMutant } from './mutant.js';

const batchLbfgs = (id: string, mistake: string, parts: BatchLbfgsParts): Mutant =>
  naiveMutant({ id, mistake, killedBy: '27b', method: 'batchLbfgs' }, (options) =>
    naiveBatchLbfgs(options, parts),
  );

/** Mistakes of L-BFGS on batches. */
export const secantStepsMutants: readonly Mutant[] = [
  batchLbfgs('batch-lbfgs-newest-left-out', 'the second loop runs over all pairs but the newest', {
    second: (count) => Array.from({ length: Math.max(0, count - 1) }, (_, i) => i),
  }),
  batchLbfgs('batch-lbfgs-order', 'the second loop runs from the newest pair to the oldest', {
    second: (count) => Array.from({ length: count }, (_, i) => count - 1 - i),
  }),
  batchLbfgs('batch-lbfgs-damping-sign', 'the damping taken off y', {
    learn: (change, s, damping) => change.map((c, i) => c - (damping / 4) * s[i]),
  }),
  batchLbfgs('batch-lbfgs-halved', 'the change of the gradient halved', {
    learn: (change, s, damping) => change.map((c, i) => c / 2 + damping * s[i]),
  }),
];
