import { resolve } from 'node:path';
import { LogReader } from '../../record/log/index.js';
import { findRecord } from '../../record/recording/run-directory.js';
import { asMisuse, blamingInput } from '../arguments/misuse.js';
import { branchFromPage } from './branch-from-page.js';
import { exitCodes } from './exit-codes.js';
import { untilInterrupted } from './interrupt.js';
import { openBrowser } from './open-browser.js';
import { listedAround, shownDashboard } from './shown-dashboard.js';
import { sliceFromPage } from './slice-from-page.js';
import { watchInTerminal } from './watch-terminal.js';

export interface WatchOptions {
  readonly port?: number;
  readonly terminal?: boolean;
  readonly open: boolean;
}

/** `fluxion watch`; returns the exit code. */
export async function watchCommand(folder: string, options: WatchOptions): Promise<number> {
  const directory = blamingInput(() => findRecord('watch(dir)', folder));
  const isOne = directory === resolve(folder);
  if (isOne || options.terminal === true) refuseDamage(directory);
  if (options.terminal === true) return watchInTerminal(directory);
  const shown = isOne ? { directory, folder: listedAround(directory) } : { folder: resolve(folder) };
  const dashboard = await shownDashboard({
    ...shown,
    port: options.port,
    slice: sliceFromPage(undefined),
    standBack: false,
    branch: branchFromPage(({ directory: made, url }) =>
      process.stdout.write(`Branched from the page into ${made}: ${url}\n`),
    ),
  });
  const interrupted = untilInterrupted(); // from the first word on
  process.stdout.write(
    `${isOne ? directory : resolve(folder)}\nDashboard: ${dashboard.url}\nTo look only: ${dashboard.readOnlyUrl}\nCtrl-C ends.\n`,
  );
  if (options.open) openBrowser(dashboard.url);
  await interrupted;
  await dashboard.close();
  return exitCodes.done;
}

/** What is behind a damage cannot be shown, so a half record is not passed off as a whole one. */
function refuseDamage(directory: string): void {
  const reader = blamingInput(() => new LogReader(directory), 'watch(dir): ');
  const { fault } = reader;
  reader.close();
  if (fault !== undefined) throw asMisuse(fault, 'watch(dir): ');
}
