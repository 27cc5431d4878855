import { relative } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { ObjectiveError } from '../../../src/index.js';
import { Control, StageError } from '../../../streams/index.js';
import { CheckpointStore } from '../../record/recording/checkpoint-store.js';
import type { Recorder } from '../../record/recording/recorder.js';
import { discardRunDirectory } from '../../record/recording/run-directory.js';
import type { Adjustment, Dashboard } from '../../server/index.js';
import { asMisuse, Misuse } from '../arguments/misuse.js';
import { Acting } from '../race/acting.js';
import { placeInModule } from '../race/module-place.js';
import { raceEvents } from '../race/run-race.js';
import { branchFromPage } from './branch-from-page.js';
import { branchedRace } from './branched-race.js';
import { exitCodes } from './exit-codes.js';
import { onInterrupt, untilInterrupted } from './interrupt.js';
import { openBrowser } from './open-browser.js';
import { plotRace, plottedFile } from './plot.js';
import type { RaceOptions } from './prepared-race.js';
import { type RaceOutput, raceOutput } from './race-output.js';
import { racedAnew } from './raced-anew.js';
import { resumedRace } from './resumed-race.js';
import { listedAround, shownDashboard } from './shown-dashboard.js';
import { sliceFromPage } from './slice-from-page.js';

/** `fluxion race`; returns the exit code. */
export async function raceCommand(problem: string | undefined, options: RaceOptions): Promise<number> {
  const output = raceOutput(options.json === true);
  const { resume } = options;
  const prepared = await (resume !== undefined
    ? resumedRace(problem, resume, options)
    : options.from === undefined
      ? racedAnew(problem, options)
      : branchedRace(problem, options.from, options));
  const { setting, contestants, checkpoints, isNew } = prepared;
  const plot = options.plot === undefined ? undefined : plottedFile(options.plot, setting);
  const control = new Control();
  let interrupted = '';
  let stoppedByPage = false;
  let dashboard: Dashboard | undefined;
  const failures: string[] = [];
  const onFailure = ({ message }: Error) => {
    failures.push(message);
    output.trouble(message);
  };
  const { directory, recorder } = prepared.record(onFailure);
  const acting = new Acting(recorder);
  const restore = onInterrupt((signal) => {
    interrupted = signal;
    recorder.append({ kind: 'control', action: 'stop', by: 'terminal', seconds: recorder.seconds });
    control.stop(`stopped by ${signal}`);
  });
  try {
    dashboard = await shownDashboard({
      directory,
      folder: listedAround(directory),
      port: options.port,
      resume: resuming(directory),
      slice: sliceFromPage({
        directory,
        append: (slice) => recorder.append({ ...slice, seconds: recorder.seconds }),
      }),
      branch: branchFromPage(({ directory: made, url }) =>
        output.trouble(`Branched from the page into ${made}: ${url}`),
      ),
      control(action, adjustment) {
        if (control.state === 'stopped') return undefined;
        if (action === 'checkpoint') return acting.checkpoint();
        if (action === 'adjust') return adjust(acting, adjustment, output);
        stoppedByPage ||= action === 'stop';
        if (action === 'stop') control.stop('stopped from the page');
        else control[action]();
        recorder.append({ kind: 'control', action, by: 'page', seconds: recorder.seconds });
        return undefined;
      },
    });
    if (setting.note !== undefined) output.note(setting.note);
    for (const note of prepared.notes ?? []) output.note(note);
    const { tornBytes = 0 } = recorder.log ?? {};
    if (tornBytes > 0) {
      output.note(
        `${directory}: the last ${tornBytes} bytes of the log were an event half-written; they are cut off`,
      );
    }
    output.dashboard(dashboard.url, directory, recorder.run);
    if (options.open) openBrowser(dashboard.url);
    const store = new CheckpointStore(directory, { onFailure });
    const events = raceEvents({ setting, contestants, recorder, checkpoints, store, control, acting });
    await lastValueFrom(events.pipe(tap(() => output.progress(recorder.state))));
    output.result(recorder.state, directory);
    restore();
    if (plot !== undefined) {
      await plotRace(plot, recorder.state, directory);
      output.note(`Plotted in ${plot.file}`);
    }
    if (interrupted !== '') {
      output.note(`Stopped by ${interrupted}; go on by: ${resuming(directory)}`);
      return exitCodes.interrupted;
    }
    if (stoppedByPage) output.note(`Stopped from the page; go on by: ${resuming(directory)}`);
    if (options.open) {
      output.note('The dashboard stays up until Ctrl-C.');
      await untilInterrupted();
    }
    if (failures.length === 0) return exitCodes.done;
    output.note(`The record in ${directory} is not whole. ${wayOn(recorder, directory)}`);
    return exitCodes.failure;
  } catch (error) {
    recorder.leave();
    // Nothing was done yet: what stands in the way is what was asked for, and no trace is left of it.
    const begun = recorder.state.methods.some(({ taken }) => taken > 0);
    if (isNew && !begun) discardRunDirectory(directory);
    if (!(error instanceof StageError || error instanceof ObjectiveError)) throw error;
    if (!begun || error.message.includes('train(checkpoint)')) throw asMisuse(error);
    output.note(`The race ends: ${error.message}${placeInModule(error)}`);
    return exitCodes.failure;
  } finally {
    restore();
    await dashboard?.close();
  }
}

/** What the page asks for may not be possible: the race goes on as it is then. Returns why, for the page to say. */
function adjust(acting: Acting, adjustment: Adjustment | undefined, output: RaceOutput): string | undefined {
  if (adjustment === undefined) return undefined;
  try {
    acting.adjust(adjustment);
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError || error instanceof Misuse)) throw error;
    output.trouble(`Asked for on the page and not done: ${error.message}`);
    return error.message;
  }
}

/** What goes on with a race, to be typed where this one was. */
function resuming(directory: string): string {
  const below = relative(process.cwd(), directory);
  return `npx fluxion race --resume ${below.startsWith('..') ? directory : below || '.'}`;
}

/** What to do where the disk failed during a race. */
function wayOn({ log }: Recorder, directory: string): string {
  return log?.failure === undefined
    ? 'Make room, or take another disk by --out, and race again: the same seed makes the same run.'
    : `Make room, then go on from the newest checkpoints: npx fluxion race --resume ${directory}`;
}
