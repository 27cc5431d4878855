import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Where a built page is: beside this file once compiled, in `dist` when run from source. */
function built(page: 'page' | 'learn'): string {
  const above = import.meta.url.endsWith('.ts') ? '../../dist/dashboard/' : '../';
  return fileURLToPath(new URL(`${above}${page}/`, import.meta.url));
}

/** The page of runs, and the one that teaches. */
export const builtPage = built('page');
export const builtLearningPage = built('learn');

/**
 * All files below a folder, by the path a browser asks for; `/` is `/index.html`. They are read once, and
 * nothing else is ever served, whatever path is asked for. Empty where there is no such folder.
 */
export function pageFiles(folder: string, firstView: 'run' | 'runs' = 'run'): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const path of below(folder)) {
    const type = types[extname(path)] ?? 'application/octet-stream';
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { type, bytes: readFileSync(path) });
  }
  const index = files.get('/index.html');
  if (index !== undefined)
    files.set('/', firstView === 'run' ? index : { ...index, bytes: opensWith(index.bytes) });
  return files;
}

/** The page as it is told to begin with the list of runs. */
function opensWith(html: Buffer): Buffer {
  return Buffer.from(html.toString().replace('<html ', '<html data-first="runs" '));
}

function below(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile()) // no links: they may lead out of the folder
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
