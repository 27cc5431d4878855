import type { Disk } from '../../dashboard/record/disk/disk.js';
import { readLog } from '../../dashboard/record/log/index.js';
import { RunState } from '../../dashboard/record/run-state.js';
import { directory } from './world.js';

/** What the record says, where it has begun. */
export function recordedState(disk: Disk): RunState | undefined {
  if (!disk.existsSync(`${directory}/events.log`)) return undefined;
  let state: RunState | undefined;
  for (const { event } of readLog(directory, { disk })) {
    if (state !== undefined) state.take(event);
    else if (event.kind === 'run') state = RunState.of(event);
  }
  return state;
}
