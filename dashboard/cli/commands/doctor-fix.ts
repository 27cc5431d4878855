import { createInterface } from 'node:readline/promises';
import { makeNative, type NativePlan, nativePlan } from '../native/native-package.js';
import { wheel } from '../native/shared-library.js';
import { exitCodes } from './exit-codes.js';

/** What `fluxion doctor --fix` would do, in sentences. */
export function fixInWords({ version, cache, place, built }: NativePlan): string {
  const put = `puts it into ${place}`;
  if (built) return `takes @tensorflow/tfjs-node ${version}, built before, from ${cache} and ${put}`;
  return (
    `downloads ${wheel.project} ${wheel.version} from PyPI (${wheel.megabytes} MB; 620 MB of libraries are kept in ` +
    `${cache}), installs @tensorflow/tfjs-node ${version} without its scripts, compiles its binding with g++, and ${put}`
  );
}

/** `fluxion doctor --fix`: makes the native backend, having asked; returns the exit code. */
export async function fixNative({ yes = false }: { yes?: boolean }): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const plan = await nativePlan();
  if ('impossible' in plan) {
    say(`fluxion doctor --fix: the native backend cannot be made here: ${plan.impossible}`);
    return exitCodes.misuse;
  }
  say(`This ${fixInWords(plan)}.`);
  if (!yes && !(await agreed())) {
    say(
      process.stdin.isTTY ? 'Nothing was done.' : 'Nothing was done: add --yes to go on without a question.',
    );
    return exitCodes.misuse;
  }
  try {
    await makeNative(plan, (step) => say(`… ${step}`), downloadProgress());
  } catch (error) {
    say(`fluxion doctor --fix: ${(error as Error).message}`);
    return exitCodes.failure;
  }
  say('Done: fluxion doctor lists it, and races choose it.');
  return exitCodes.done;
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question('Go on? [y/N] ')).trim());
  } finally {
    asking.close();
  }
}

/** Shows how far a download is, on a terminal in place. */
function downloadProgress(): (done: number, all: number) => void {
  const begun = performance.now();
  let shown = 0;
  return (done, all) => {
    const now = performance.now();
    if (!process.stderr.isTTY || (now - shown < 200 && done !== all)) return;
    shown = now;
    const rate = done / ((now - begun) / 1_000);
    const left = Number.isFinite(all) ? `, ${Math.ceil((all - done) / rate)} s left` : '';
    const million = (bytes: number) => (bytes / 1e6).toFixed(0);
    process.stderr.write(`\r  ${million(done)} of ${million(all)} MB, ${million(rate)} MB/s${left}   `);
    if (done === all) process.stderr.write('\n');
  };
}
