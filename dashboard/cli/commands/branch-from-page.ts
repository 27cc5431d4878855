import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileName } from '../../record/recording/checkpoint-store.js';
import { recordFiles } from '../../record/recording/run-directory.js';
import type { BranchListener, BranchMade } from '../../server/index.js';
import { adjustedMethod, adjustedText } from '../arguments/adjusted-method.js';

/**
 * Begins what the page asks for, `fluxion race --from`, in a process of its own: it does not slow this one down, and
 * goes on when this one ends. Its record lies beside that of the run it comes from.
 *
 * @param told of each that has begun
 * @param fluxion the command, this process's own by default
 */
export function branchFromPage(
  told: (made: BranchMade) => void,
  fluxion: readonly string[] = [process.execPath, ...process.execArgv, process.argv[1]],
): BranchListener {
  return async ({ directory, label, asked, changes, steps }) => {
    const methods = adjustedText(asked, changes);
    adjustedMethod(asked, changes); // says at once what is wrong with a value
    const checkpoint = join(directory, recordFiles.checkpoints, fileName(label));
    if (!existsSync(checkpoint)) throw new RangeError(`${label} has no checkpoint yet`);
    const race = ['race', '--from', checkpoint, '--methods', methods, '--steps', String(steps)];
    const [program, ...leading] = fluxion;
    const made = await begun(
      spawn(program, [...leading, ...race, '--out', freeBeside(directory), '--no-open', '--json'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true, // what ends this process from the terminal does not end it
      }),
    );
    told(made);
    return made;
  };
}

/** Waits until a race says where it is shown; from then on nobody listens to it. */
function begun(race: ChildProcess): Promise<BranchMade> {
  const complaints: string[] = [];
  race.stderr!.on('data', (text) => complaints.push(String(text)));
  return new Promise((resolve, reject) => {
    race.on('error', reject);
    race.on('close', () => {
      const why = complaints.join('').trim().split('\n')[0];
      reject(new Error(why === '' ? 'the new race ended before it began' : why.replace(/^error: /, '')));
    });
    createInterface(race.stdout!).on('line', (line) => {
      const said = JSON.parse(line) as { readonly event: string } & BranchMade;
      if (said.event !== 'dashboard') return;
      resolve({ directory: said.directory, url: said.url });
      race.stdout!.destroy();
      race.stderr!.destroy();
      race.unref();
    });
  });
}

/** A folder that is not there yet: `a-branch`, `a-branch-2`, … */
function freeBeside(directory: string): string {
  for (let copy = 1; ; copy++) {
    const free = `${directory}-branch${copy === 1 ? '' : `-${copy}`}`;
    if (!existsSync(free)) return free;
  }
}
