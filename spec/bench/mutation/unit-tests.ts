import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Site } from './site.js';

const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));

/**
 * Whether the tests of the file's room, and those of the methods, which are made of all rooms, notice a mutant.
 *
 * Tests of laws are left out: the laws have let it pass.
 */
export function noticedByUnitTests(root: string, site: Site): Promise<boolean> {
  const room = site.file.split('/')[1];
  const tests = [room, 'methods']
    .map((name) => `spec/tests/${name}`)
    .filter((path) => existsSync(`${root}/${path}`));
  const { file, start, end, after, statement } = site;
  return new Promise((resolve, reject) => {
    const vitest = `${root}/node_modules/vitest/vitest.mjs`;
    const child = spawn(
      process.execPath,
      [vitest, 'run', '--config', config, '--bail', '1', ...new Set(tests)],
      {
        cwd: root,
        env: { ...process.env, FLUXION_MUTANT: JSON.stringify({ file, start, end, after, statement }) },
        stdio: 'ignore',
        timeout: 300_000,
      },
    );
    child.on('error', reject);
    child.on('close', (code) => resolve(code !== 0));
  });
}
