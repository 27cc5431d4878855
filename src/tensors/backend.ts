import * as tf from '@tensorflow/tfjs';
import { oneOf, shown } from '../algebra/argument.js';
import { chosen as chosenOptions } from '../algebra/option.js';
import { addCrossEntropyKernel } from './cross-entropy-kernel.js';
import { repairGradients } from './gradients/repair-gradients.js';
import { repairNaN } from './nan-repairs.js';
import type { Missing } from './node-backend.js';
import { man, startBackend, teamOf, type WasmOptions, wasmOptions } from './wasm/start.js';
import type { WasmBackend } from './wasm-backend.js';
import { repairWasm } from './wasm-repairs.js';
import { deviceLost, startWebgpu } from './webgpu-backend.js';

/** Where TensorFlow.js computes, best first; after those that are chosen by themselves, those to be asked for. */
export const backendNames = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu', 'webgpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** What TensorFlow.js calls them. */
const engineNames: { readonly [name in BackendName]: string } = {
  'tfjs-node-gpu': 'tensorflow',
  'tfjs-node': 'tensorflow',
  wasm: 'wasm',
  cpu: 'cpu',
  webgpu: 'webgpu',
};

let chosen: BackendName | undefined;

/** Whether this is Node, with a file system to load native packages and WebAssembly from. */
const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;

/**
 * Chooses where `tensors` computes, and makes it ready.
 *
 * Without a choice: the one in use, else the first of `backendNames` that starts. `tfjs-node-gpu` is tried
 * only where a graphics card is listed. The WebAssembly backend is repaired (`repairWasm`), and computes on as
 * many threads as there are cores, small arrays on one; the workers do not keep the process alive.
 * 'webgpu', in a browser or through the npm packages `webgpu` and `@tensorflow/tfjs-backend-webgpu` in Node, is taken
 * only where it is asked for: each value that a step reads waits for the card.
 * Graphics cards since Ampere multiply in TF32 (10 bits of mantissa): start the process with
 * `NVIDIA_TF32_OVERRIDE=0` for full float32 products.
 *
 * @param options of 'wasm'; asked for later, they change the threads of the backend in use
 * @throws Error where the backend asked for is absent, with the reason and what to do about it
 * @throws RangeError | TypeError on an option that is not allowed, or for another backend than 'wasm'
 * @example
 * await useBackend(); // 'wasm', say
 * await useBackend('wasm', { threads: 2 });
 * await useBackend('cpu');
 */
export function useBackend(choice?: BackendName, options: WasmOptions = {}): Promise<BackendName> {
  // One at a time: of two backends that TensorFlow.js starts at once it drops the first.
  const answer = queue.then(() => choose(choice, options));
  queue = answer.catch(() => undefined);
  return answer;
}

let queue: Promise<unknown> = Promise.resolve();

async function choose(choice: BackendName | undefined, options: WasmOptions): Promise<BackendName> {
  const { threads, deterministic } = chosenOptions('useBackend', wasmOptions, options);
  const asked = threads !== undefined || deterministic !== undefined;
  if (asked && choice !== 'wasm') {
    throw new TypeError(`useBackend(choice): expected 'wasm', which has options, got ${shown(choice)}`);
  }
  // Someone may have called tf.setBackend since.
  const inUse = chosen !== undefined && tf.engine().backendName === engineNames[chosen];
  const current = inUse && !(chosen === 'webgpu' && deviceLost()) ? chosen : undefined;
  if (choice !== undefined) {
    oneOf('useBackend', 'choice', choice, backendNames);
    if (choice === current && !asked) return choice;
    const missing = await start(choice, options);
    if (missing !== null) {
      throw new Error(`useBackend('${choice}'): ${missing.reason}; ${missing.advice}`);
    }
    return (chosen = choice);
  }
  if (current !== undefined) return current;
  for (const name of backendNames) if ((await start(name)) === null) return (chosen = name);
  throw new Error('useBackend(): no backend of TensorFlow.js starts here');
}

/**
 * What computes now, in words: on a fused kernel another last bit comes out than on one without.
 *
 * @example
 * await useBackend('wasm', { threads: 2 });
 * kernelsInUse(); // 'wasm, 2 threads, fma'
 */
export function kernelsInUse(): string {
  const engine = tf.engine();
  const name = backendNames.find((known) => known === chosen && engineNames[known] === engine.backendName);
  const team = engine.backendName === 'wasm' ? teamOf(tf.backend()) : undefined;
  if (team === undefined) return name === undefined ? engine.backendName : withPrecision(name);
  const threads = team.threads === 1 ? '1 thread' : `${team.threads} threads`;
  return ['wasm', threads, ...(team.manner.fused ? ['fma'] : [])].join(', ');
}

/** The backend, and where its products are not of whole float32 numbers, of which. */
function withPrecision(name: BackendName): string {
  return roundsProducts(name) ? `${name}, TF32` : name;
}

/** Whether a backend's products are of TF32, 10 bits of mantissa, on the cards that have it: on all since Ampere. */
export function roundsProducts(name: BackendName, environment = inNode ? process.env : {}): boolean {
  return name === 'tfjs-node-gpu' && environment.NVIDIA_TF32_OVERRIDE !== '0';
}

/** Makes a backend the current one; or says what stands in the way, leaving the current one as it was. */
export async function start(name: BackendName, options: WasmOptions = {}): Promise<Missing | null> {
  const before = tf.engine().backendName;
  const missing = await ready[name](options);
  if (missing === null) {
    repairNaN(tf.getBackend());
    repairGradients();
  }
  if (missing !== null && before && tf.engine().backendName !== before) await tf.setBackend(before);
  return missing;
}

const ready: { readonly [name in BackendName]: (options: WasmOptions) => Promise<Missing | null> } = {
  async 'tfjs-node-gpu'() {
    if (!inNode) return noNode;
    const { graphicsCards, loadNative } = await import('./node-backend.js');
    if (graphicsCards().length === 0) {
      return {
        reason: 'no NVIDIA graphics card is listed on this machine',
        advice: "use 'tfjs-node' or 'wasm', or install the NVIDIA driver",
      };
    }
    return loadNative(['@tensorflow/tfjs-node-gpu']);
  },
  async 'tfjs-node'() {
    if (!inNode) return noNode;
    const { graphicsCards, loadNative, loadedNative } = await import('./node-backend.js');
    if (graphicsCards().length > 0 && loadedNative() === '@tensorflow/tfjs-node-gpu') {
      return {
        reason: "a process holds one native package, and this one has loaded 'tfjs-node-gpu'",
        advice: "ask for 'tfjs-node' first in a process of its own, with CUDA_VISIBLE_DEVICES empty",
      };
    }
    return loadNative(['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']);
  },
  async wasm(options) {
    try {
      const wasm = await import('@tensorflow/tfjs-backend-wasm');
      if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
        return {
          reason: 'this JavaScript engine lacks WebAssembly SIMD',
          advice: "use a newer one, or 'cpu'",
        };
      }
      if (inNode) {
        const { wasmFolder } = await import('./node-wasm-folder.js');
        wasm.setWasmPaths(wasmFolder());
      }
      if (await startBackend(tf)) {
        await man(tf.backend() as unknown as WasmBackend, options);
        addCrossEntropyKernel();
        repairWasm(tf.backend() as unknown as WasmBackend);
        return null;
      }
      return { reason: 'the WebAssembly module did not start', advice: 'see the warning above' };
    } catch (error) {
      return {
        reason: `@tensorflow/tfjs-backend-wasm did not load: ${firstLine(error)}`,
        advice: 'run npm install @tensorflow/tfjs-backend-wasm',
      };
    }
  },
  async cpu() {
    await tf.setBackend('cpu');
    // Keeps TensorFlow.js from advertising its native package on standard error.
    (tf.backend() as { firstUse?: boolean }).firstUse = false;
    return null;
  },
  webgpu: startWebgpu,
};

const noNode: Missing = { reason: 'native packages load in Node only', advice: "use 'wasm'" };

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
