import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';

const require = createRequire(import.meta.url);

/** A backend that could not be had: what stood in the way, and what to do about it. */
export interface Missing {
  readonly reason: string;
  readonly advice: string;
}

/** NVIDIA's graphics cards on this machine: as the Linux driver lists them, else as nvidia-smi does. */
export function graphicsCards(): string[] {
  try {
    return readdirSync('/proc/driver/nvidia/gpus');
  } catch {
    // not Linux, or a container without the driver's folder
  }
  try {
    const listed = execFileSync('nvidia-smi', ['-L'], {
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    return listed.split('\n').filter((line) => line.startsWith('GPU '));
  } catch {
    return []; // no driver
  }
}

let loaded: string | undefined;

/** The native package this process has loaded: it can hold but one. */
export function loadedNative(): string | undefined {
  return loaded;
}

/** Loads the first of these packages that is there and whole, and makes its backend the current one. */
export async function loadNative(packages: readonly string[]): Promise<Missing | null> {
  restoreUtil();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // else TensorFlow tells about instruction sets on standard error
  const faults: string[] = [];
  for (const name of packages) {
    try {
      require.resolve(`${name}/package.json`);
    } catch {
      faults.push(`${name} is not installed`);
      continue;
    }
    try {
      await import(name);
      if (await tf.setBackend('tensorflow')) {
        loaded ??= name;
        return null;
      }
      faults.push(`${name} is installed but did not start`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      faults.push(`${name} is installed but broken: ${message.split('\n')[0]}`);
    }
  }
  return {
    reason: faults.join(', and '),
    advice: `run npm install ${packages[0]} (it downloads libtensorflow) or npx fluxion doctor --fix, or use 'wasm'`,
  };
}

/** The native packages of 2024 still call what Node 23 removed from `util`. */
function restoreUtil(): void {
  const old = util as { isNullOrUndefined?(x: unknown): boolean; isArray?(x: unknown): boolean };
  old.isNullOrUndefined ??= (x) => x === null || x === undefined;
  old.isArray ??= Array.isArray;
}
