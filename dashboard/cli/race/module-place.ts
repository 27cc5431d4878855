import { relative } from 'node:path';

/** The files of the user's modules that were loaded. */
const modules = new Set<string>();

export function remember(file: string): void {
  modules.add(file);
}

/**
 * Where in a user's module an error, or what caused it, was thrown: ` (at model.ts:5)`; nothing where elsewhere, or where
 * its message tells it. Columns are those of the compiled code, and left out.
 */
export function placeInModule(error: unknown): string {
  for (let one = error; one instanceof Error; one = one.cause) {
    for (const line of one.stack?.split('\n') ?? []) {
      const [, row] = line.match(/:(\d+):\d+\)?$/) ?? [];
      const file = row && [...modules].find((candidate) => line.includes(`${candidate}:${row}`));
      if (!file || (error as Error).message.includes(`${file}:`)) continue;
      return ` (at ${relative('.', file)}:${row})`;
    }
  }
  return '';
}
