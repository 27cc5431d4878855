import type { Checkpoint } from '../../../streams/index.js';
import { RunLog } from '../../record/log/index.js';
import type { Recorder } from '../../record/recording/recorder.js';
import { discardRunDirectory } from '../../record/recording/run-directory.js';
import type { Contestant } from '../arguments/chosen-methods.js';
import { asMisuse } from '../arguments/misuse.js';
import type { Setting } from '../race/setting.js';

export interface RaceOptions {
  readonly methods?: string;
  readonly steps?: number;
  readonly seed?: number;
  readonly seeds?: number;
  readonly target?: number;
  readonly batch?: number;
  readonly backend?: string;
  readonly look?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly from?: string;
  readonly plot?: string;
  readonly port?: number;
  readonly asPublished?: boolean;
  readonly json?: boolean;
  readonly open: boolean;
}

/** A race of which everything that was asked for is known to be there. */
export interface Prepared {
  readonly setting: Setting;
  readonly contestants: readonly Contestant[];
  readonly checkpoints: readonly (Checkpoint | undefined)[];
  /** Of a race that goes on: what a person should know of it. */
  readonly notes?: readonly string[];
  /** Opens the record, for the first time or again. */
  record(onFailure: (error: Error) => void): { readonly directory: string; readonly recorder: Recorder };
  readonly isNew: boolean;
}

/** @throws Misuse where no log can be made, of which no trace is left then */
export function begunLog(directory: string, onFailure: (error: Error) => void): RunLog {
  try {
    return RunLog.create(directory, { onFailure });
  } catch (error) {
    discardRunDirectory(directory);
    throw asMisuse(error, '--out: ');
  }
}
