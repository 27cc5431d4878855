import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { asMisuse, Misuse } from './misuse.js';

/** The file of a module that was given by its path. `where` is the argument it was given for. */
export function moduleFile(path: string, where: string): string {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new Misuse(`${where}: expected a module, got '${path}', but there is no file ${file}`);
  }
  return file;
}

/**
 * What a user's module exports by default, TypeScript too.
 *
 * @throws Misuse where the file is absent or does not load
 */
export async function loadModule(path: string, where: string): Promise<unknown> {
  const file = moduleFile(path, where);
  // The module's TensorFlow.js must be the very copy whose gradients are repaired, wherever the file lies.
  const tfjs = '@tensorflow/tfjs';
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    nativeModules: [tfjs],
    alias: { [tfjs]: createRequire(import.meta.url).resolve(tfjs) },
  });
  try {
    return await jiti.import(pathToFileURL(file).href, { default: true });
  } catch (error) {
    throw asMisuse(error, `${where}: ${path} does not load: `);
  }
}
