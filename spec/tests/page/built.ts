import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const built = new Map<string, Promise<string>>();

/** The folder of a page of `dashboard/`, built once for all test files of a process. */
export function builtPage(page: 'page' | 'learn'): Promise<string> {
  const known = built.get(page);
  if (known !== undefined) return known;
  const root = new URL(`../../../dashboard/${page}/`, import.meta.url).pathname;
  const folder = mkdtempSync(join(tmpdir(), `fluxion-${page}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const building = build({
    configFile: join(root, 'vite.config.ts'),
    root,
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  }).then(() => folder);
  built.set(page, building);
  return building;
}
