import { basename, dirname, resolve } from 'node:path';
import {
  type Algebra,
  releaseExcept,
  type Saved,
  type SavedArray,
  save,
  savedArray,
  type Tree,
} from '../../../src/index.js';
import type { Method } from '../../../src/methods/index.js';
import type { Checkpoint } from '../../../streams/index.js';
import { readCheckpoint } from '../../record/checkpoint/index.js';
import { DiskError } from '../../record/disk/disk-error.js';
import type { MethodDescription, RunStarted } from '../../record/events.js';
import { LogError, readLog } from '../../record/log/index.js';
import { fileName } from '../../record/recording/checkpoint-store.js';
import { RunState } from '../../record/run-state.js';
import { adjustedText } from '../arguments/adjusted-method.js';
import { asMisuse, Misuse } from '../arguments/misuse.js';

/** A checkpoint of a race from which another one begins, and what that race was. */
export interface Branch {
  readonly checkpoint: Checkpoint;
  readonly run: RunStarted;
  readonly method: MethodDescription;
  /** The method as typed, with what was changed of it up to the checkpoint. */
  readonly asked: string;
}

/**
 * Reads a checkpoint in the record of a race, `runs/a/checkpoints/adam.safetensors`.
 *
 * @throws Misuse where it is none, or lies in no record of a race on a model
 */
export function readBranch(file: string): Branch {
  const path = resolve(file);
  const directory = dirname(dirname(path));
  try {
    const checkpoint = readCheckpoint(path);
    const state = stateOf(directory);
    const method = state?.methods.find(({ description }) => fileName(description.label) === basename(path));
    const { asked } = method?.description ?? {};
    if (state === undefined || method === undefined || asked === undefined || state.run.asked === undefined) {
      throw new Misuse(
        `--from: expected a checkpoint in the record of a race, such as runs/a/checkpoints/adam.safetensors`,
      );
    }
    const changes = method.adjustments.filter(({ step }) => step <= checkpoint.step);
    const changed = Object.fromEntries(changes.map(({ option, value }) => [option, value]));
    return { checkpoint, run: state.run, method: method.description, asked: adjustedText(asked, changed) };
  } catch (error) {
    if (error instanceof RangeError || error instanceof LogError || error instanceof DiskError)
      throw asMisuse(error, '--from: ');
    throw error;
  }
}

function stateOf(directory: string): RunState | undefined {
  let state: RunState | undefined;
  for (const { event } of readLog(directory)) {
    if (state !== undefined) state.take(event);
    else if (event.kind === 'run') state = RunState.of(event);
  }
  return state;
}

/**
 * The checkpoint for another method to begin at: parameters, step, batches and random numbers as they are, and of the
 * states those that fit: of an operator of the same name in the same place whose state is built alike. The others begin
 * afresh.
 */
export function checkpointFor<T>(
  { checkpoint }: Branch,
  { parts }: Method,
  algebra: Algebra<T>,
  start: Tree<T>,
): Checkpoint {
  const before = checkpoint.pipeline;
  const kept = before.every(({ inner = 0 }) => inner === 0);
  const own = parts.map(({ name, options, init }, i) => {
    const made = algebra.scope(() => init(start, algebra));
    const fresh = save(algebra, made);
    releaseExcept(algebra, made, start);
    const there = kept ? before[i + 1] : undefined;
    const old = checkpoint.slots[i + 1];
    const isSame = there?.name === name && JSON.stringify(there.options) === JSON.stringify(options);
    const fits = isSame || (there?.name === name && structure(old) === structure(fresh));
    return { entry: { name, options }, state: fits ? old : fresh };
  });
  return {
    ...checkpoint,
    pipeline: [before[0], ...own.map(({ entry }) => entry)],
    slots: [checkpoint.slots[0], ...own.map(({ state }) => state)],
  };
}

/** How a state is built: names and shapes, no numbers. */
function structure(saved: Saved): string {
  const array: SavedArray | undefined = savedArray(saved);
  if (array !== undefined) return `[${array.shape}]`;
  if (saved === null || typeof saved !== 'object') return typeof saved;
  return `{${Object.entries(saved).map(([name, part]) => `${name}:${structure(part as Saved)}`)}}`;
}
