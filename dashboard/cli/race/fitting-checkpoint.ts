import { type Algebra, entries, type SavedArray, type Tree } from '../../../src/index.js';
import type { Chain } from '../../../src/transforms/index.js';
import type { Checkpoint } from '../../../streams/index.js';
import { sameOperator } from '../../../streams/saved-slots.js';
import { namedArrays } from '../../record/checkpoint/index.js';

/**
 * Compares a checkpoint's parameters with those a problem starts with.
 *
 * @throws TypeError naming the first one that is missing, or whose shape differs
 */
export function checkFit<T>(
  checkpoint: Checkpoint,
  problem: string,
  algebra: Algebra<T>,
  start: Tree<T>,
): void {
  const shapes = (pairs: Iterable<[string, readonly number[]]>) =>
    new Map([...pairs].map(([path, shape]) => [path, `[${shape}]`]));
  const saved = shapes(
    [...namedArrays(checkpoint.parameters)].map(([path, { shape }]: [string, SavedArray]) => [path, shape]),
  );
  const fresh = shapes(
    entries(algebra, start, '').map(([path, leaf]) => [path || root, algebra.shape(leaf)]),
  );
  for (const path of new Set([...saved.keys(), ...fresh.keys()])) {
    if (saved.get(path) === fresh.get(path)) continue;
    throw new TypeError(
      `the checkpoint is of another model: '${path}' has shape ${fresh.get(path) ?? 'none'} in ` +
        `${problem}, ${saved.get(path) ?? 'none'} in the checkpoint`,
    );
  }
}

/**
 * Compares a checkpoint's pipeline with a method's: `gradient` and then its parts.
 *
 * @throws TypeError naming the first operator that differs
 */
export function checkPipeline({ pipeline }: Checkpoint, { parts }: Chain): void {
  const operators = [{ name: 'gradient', options: {} }, ...parts];
  const length = Math.max(pipeline.length, operators.length);
  for (let i = 0; i < length; i++) sameOperator(i, pipeline[i], operators[i]);
}

/**
 * Compares a checkpoint with the record it lies in: what the record says of its method.
 *
 * @throws TypeError where it is another run's
 */
export function checkRun(
  checkpoint: Checkpoint,
  record: { readonly seed: number; readonly taken: number },
): void {
  const { seed = record.seed, step } = checkpoint;
  if (seed !== record.seed) {
    throw new TypeError(
      `the checkpoint is of seed ${seed}, the record of seed ${record.seed}: it is another run's`,
    );
  }
  if (step > record.taken) {
    throw new TypeError(
      `the checkpoint is at step ${step}, but the record ends at step ${record.taken}: it is another run's, or the ` +
        'record was cut; without the checkpoint the run begins at its start',
    );
  }
}

/** The name of parameters that are one array. */
const root = 'value';
