import { basename, dirname, resolve } from 'node:path';
import type { SliceDirections, SliceSampled } from '../../record/events.js';
import { stringifyExact } from '../../record/exact-json.js';
import { LogError, RunLog } from '../../record/log/index.js';
import { recordedState } from '../../record/recording/recorded-state.js';
import { asMisuse, Misuse } from '../arguments/misuse.js';
import { readBranch } from '../race/branch.js';
import { lossSlice } from '../race/loss-slice.js';
import { findProblem } from '../race/problem.js';
import { exitCodes } from './exit-codes.js';

export interface SliceCommandOptions {
  readonly along: SliceDirections;
  readonly side: number;
  readonly json?: boolean;
}

/** Steps that are drawn from the checkpoint on, and batches whose mean loss is shown. */
const drawn = { steps: 10, batches: 4 };

/** `fluxion slice`; returns the exit code. */
export async function sliceCommand(
  file: string,
  { along, side, json }: SliceCommandOptions,
): Promise<number> {
  const branch = readBranch(file);
  const setting = await findProblem(branch.run.asked!, branch.run);
  if (setting.kind !== 'model')
    throw new Misuse(`slice(checkpoint): expected one of a model, got ${setting.name}`);
  const directory = dirname(dirname(resolve(file)));
  const state = recordedState(directory);
  const method =
    state?.methods.findIndex(({ description }) => description.label === branch.method.label) ?? 0;
  const slice = await lossSlice(setting, branch, { along, side, ...drawn });
  const event: SliceSampled = { kind: 'slice', method, seconds: state?.seconds ?? 0, ...slice };
  if (json) {
    process.stdout.write(`${stringifyExact(event)}\n`);
    return exitCodes.done;
  }
  record(directory, event);
  process.stdout.write(
    `The loss around step ${event.step} of ${branch.method.label} is recorded in ${directory}; look at it by: ` +
      `npx fluxion watch ${basename(directory) === directory ? '.' : directory}\n`,
  );
  return exitCodes.done;
}

/** @throws Misuse where another process writes the record */
function record(directory: string, event: SliceSampled): void {
  let log: RunLog;
  try {
    log = RunLog.reopen(directory);
  } catch (error) {
    throw error instanceof LogError ? asMisuse(error, 'slice(checkpoint): ') : error;
  }
  log.append(event);
  log.close();
}
