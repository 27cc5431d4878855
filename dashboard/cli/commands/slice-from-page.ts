import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SliceSampled } from '../../record/events.js';
import { parseExact } from '../../record/exact-json.js';
import { fileName } from '../../record/recording/checkpoint-store.js';
import { recordFiles } from '../../record/recording/run-directory.js';
import type { SliceListener } from '../../server/index.js';

/**
 * Computes what the page asks for, `fluxion slice`, in a process of its own, which adds it to the record; to that of a
 * run that is under way here, `append` does.
 *
 * @param append told of a slice of the run whose record lies in `own`
 * @param fluxion the command, this process's own by default
 */
export function sliceFromPage(
  own: { readonly directory: string; append(slice: SliceSampled): void } | undefined,
  fluxion: readonly string[] = [process.execPath, ...process.execArgv, process.argv[1]],
): SliceListener {
  return async ({ directory, label, along }) => {
    const checkpoint = join(directory, recordFiles.checkpoints, fileName(label));
    if (!existsSync(checkpoint)) throw new RangeError(`${label} has no checkpoint yet`);
    const isOwn = directory === own?.directory;
    const [program, ...leading] = fluxion;
    const asked = ['slice', checkpoint, '--along', along, ...(isOwn ? ['--json'] : [])];
    const said = await output(program, [...leading, ...asked]);
    if (isOwn) own.append(parseExact(said) as SliceSampled);
  };
}

/** What a command prints. Rejects with what it complains of. */
function output(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, complaint] = ['', ''];
  child.stdout.on('data', (text) => (said += String(text)));
  child.stderr.on('data', (text) => (complaint += String(text)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(said);
      else
        reject(new Error((complaint.trim().split('\n')[0] || 'no slice came of it').replace(/^error: /, '')));
    });
  });
}
