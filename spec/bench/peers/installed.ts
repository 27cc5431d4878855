import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** An npm package that is installed here or in the folder `FLUXION_PEERS`; undefined where it is not. */
export async function installed<Package>(name: string): Promise<Package | undefined> {
  const folder = process.env.FLUXION_PEERS;
  const require = createRequire(folder === undefined ? import.meta.url : join(folder, 'package.json'));
  try {
    return (await import(pathToFileURL(require.resolve(name)).href)) as Package;
  } catch {
    return undefined;
  }
}
