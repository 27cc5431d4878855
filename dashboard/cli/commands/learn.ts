import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { builtLearningPage, PortInUse, serveFiles } from '../../server/index.js';
import { Misuse } from '../arguments/misuse.js';
import { exitCodes } from './exit-codes.js';
import { untilInterrupted } from './interrupt.js';
import { openBrowser } from './open-browser.js';
import { portTaken } from './shown-dashboard.js';

export interface LearnOptions {
  readonly out?: string;
  readonly port?: number;
  readonly open: boolean;
}

/** `fluxion learn`; returns the exit code. */
export async function learnCommand({ out, port, open }: LearnOptions): Promise<number> {
  if (out !== undefined && port !== undefined) {
    throw new Misuse('learn(port): expected none with --out, which needs no server');
  }
  if (out === '') throw new Misuse('learn(out): expected the path of a folder, got nothing');
  if (!existsSync(join(builtLearningPage, 'index.html'))) {
    throw new Error(`the page is not built: expected it in ${builtLearningPage}; run npm run build`);
  }
  if (out !== undefined) {
    const index = writePage(builtLearningPage, out);
    process.stdout.write(`${index}\nOpen it in a browser, or put its folder on any web server.\n`);
    return exitCodes.done;
  }
  const served = await serveFiles(builtLearningPage, port ?? 0).catch((error) => {
    throw error instanceof PortInUse ? portTaken(port) : error;
  });
  const interrupted = untilInterrupted();
  process.stdout.write(`Lessons: ${served.url}\nCtrl-C ends.\n`);
  if (open) openBrowser(served.url);
  await interrupted;
  await served.close();
  return exitCodes.done;
}

/**
 * Copies the built page to a folder, which is made where there is none, and answers where to open it.
 *
 * @throws Misuse where something else stands there
 */
export function writePage(page: string, out: string): string {
  const folder = resolve(out);
  const files = readdirSync(page);
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) {
      throw new Misuse(`learn(out): expected a folder, got ${out}, which is a file`);
    }
    const strange = readdirSync(folder).find((name) => !files.includes(name));
    if (strange !== undefined) {
      throw new Misuse(
        `learn(out): expected an empty folder or a new one, got ${out}, which holds ${strange}`,
      );
    }
  }
  mkdirSync(folder, { recursive: true });
  for (const name of files) copyFileSync(join(page, name), join(folder, name));
  return join(folder, 'index.html');
}
