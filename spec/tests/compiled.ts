import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformWithOxc } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const floors = ['src', 'streams', 'spec', 'dashboard'];
/** What is no part of the command: pages are built by vite, tests run in vitest. */
const apart = /^(dashboard\/(page|learn)|spec\/tests)\//;

/** The package as it is run from JavaScript: with its description, so that it can be imported by its name. */
export const compiledPackage = join(root, 'coverage/compiled');

/** Where a file of the sources is as JavaScript, as in `dist`. */
export const compiledFile = (source: string): string =>
  join(compiledPackage, 'dist', source.replace(/\.ts$/, '.js'));

/**
 * Writes the sources as JavaScript, those that have changed since: what tests start as processes and threads then
 * starts in half a second of processor, where tsx takes two. A file comes into its place whole, so that test runs
 * may go side by side.
 */
export default async function compile(): Promise<void> {
  const sources = floors
    .flatMap((floor) =>
      readdirSync(join(root, floor), { recursive: true, encoding: 'utf8' }).map((path) => join(floor, path)),
    )
    .filter((path) => path.endsWith('.ts') && !apart.test(path));
  await Promise.all(sources.map(write));
  mkdirSync(compiledPackage, { recursive: true });
  cpSync(join(root, 'package.json'), join(compiledPackage, 'package.json'));
  for (const page of ['page', 'learn'])
    link(join(root, 'dist/dashboard', page), join(compiledPackage, 'dist/dashboard', page));
  process.env.FLUXION_COMPILED = join(compiledPackage, 'dist/');
}

async function write(source: string): Promise<void> {
  const [from, to] = [join(root, source), compiledFile(source)];
  const { atime, mtime, mtimeMs } = statSync(from);
  if (statSync(to, { throwIfNoEntry: false })?.mtimeMs === mtimeMs) return;
  const { code } = await transformWithOxc(readFileSync(from, 'utf8'), from, { tsconfig: false });
  mkdirSync(dirname(to), { recursive: true });
  const whole = `${to}.${process.pid}`;
  writeFileSync(whole, code);
  utimesSync(whole, atime, mtime);
  renameSync(whole, to);
}

function link(to: string, at: string): void {
  if (!lstatSync(at, { throwIfNoEntry: false })) symlinkSync(to, at);
}
