import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** The folder of the .wasm files, ending in a slash. */
export function wasmFolder(): string {
  return `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`;
}
