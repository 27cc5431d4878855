import { setTimeout } from 'node:timers/promises';
import { isBeingWritten, LogReader, readLog } from '../../record/log/index.js';
import { RunState } from '../../record/run-state.js';
import { duration } from '../terminal/figures.js';
import { LiveLines } from '../terminal/live-lines.js';
import { sparkTable } from '../terminal/sparklines.js';
import { exitCodes } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';

/** How often the log is looked at, and into how many stretches a course is put. */
const lookMilliseconds = 250;
const stretches = 40;

/** `fluxion watch --terminal`: follows a run in the terminal until it ends; returns the exit code. */
export async function watchInTerminal(directory: string): Promise<number> {
  const stop = new AbortController();
  const restore = onInterrupt(() => stop.abort());
  const reader = new LogReader(directory);
  const live = new LiveLines(process.stdout);
  let state: RunState | undefined;
  let next = 1;
  try {
    for (;;) {
      const isWritten = isBeingWritten(directory); // asked first: what it wrote before it ended is read below
      for (const { seq, event } of readLog(directory, { from: next })) {
        if (state !== undefined) state.take(event);
        else if (event.kind === 'run') state = RunState.of(event);
        next = seq + 1;
      }
      reader.refresh();
      const shown = state;
      const isOver = !isWritten || stop.signal.aborted;
      if (shown !== undefined) {
        const lines = () => [standing(shown, isWritten), ...sparkTable(shown, courses(reader, shown))];
        if (isOver) live.drawNow(lines());
        else live.draw(lines);
      }
      if (isOver) break;
      await setTimeout(lookMilliseconds, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    if (state === undefined) process.stdout.write(`${directory}: nothing has been written to this run yet\n`);
    return stop.signal.aborted ? exitCodes.interrupted : exitCodes.done;
  } finally {
    reader.close();
    restore();
  }
}

function standing(state: RunState, isWritten: boolean): string {
  const { run, seconds, ended, paused } = state;
  const how = ended !== undefined ? 'ended' : !isWritten ? 'cut off' : paused ? 'paused' : 'live';
  return `${run.problem} · ${run.run} · ${how} · ${duration(seconds)}`;
}

/** The means of each method's losses, from the summaries of the log. */
function courses(reader: LogReader, { methods }: RunState): number[][] {
  const known = reader.methods();
  return methods.map((_, method) => {
    if (!known.includes(method)) return [];
    const [first, end] = reader.extent(method);
    return Array.from(reader.summary(method, 'loss', first, end, stretches).mean);
  });
}
