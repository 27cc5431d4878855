import type { Disk } from '../disk/disk.js';
import { readLog } from '../log/index.js';
import { RunState } from '../run-state.js';

/**
 * Where the run in a folder stands by its log; undefined where the log ends before the run begins.
 *
 * @throws LogError where there is no log, or it is damaged; DiskError where it cannot be read
 */
export function recordedState(directory: string, disk?: Disk): RunState | undefined {
  let state: RunState | undefined;
  for (const { event } of readLog(directory, { disk })) {
    if (state !== undefined) state.take(event);
    else if (event.kind === 'run') state = RunState.of(event); // a later one tells that it goes on
  }
  return state;
}
