import type * as tf from '@tensorflow/tfjs';
import { flag, type OptionsOf, whole, workedOut } from '../../algebra/option.js';
import type { WasmBackend } from '../wasm-backend.js';
import { hasFusedMultiplyAdd } from './multiply-add.js';
import { type Heap, type StartWorker, Team } from './team.js';
import { withoutWorkers } from './without-workers.js';

/** The threads and the arithmetic of the WebAssembly backend. */
export interface WasmOptions {
  /** Threads that compute. One where Workers or shared memory are forbidden. */
  threads?: number;
  /**
   * The same bits on every engine: products without fused multiply-add, which some engines lack.
   * The number of threads never changes a bit.
   */
  deterministic?: boolean;
}

export const wasmOptions: OptionsOf<WasmOptions> = {
  threads: workedOut(whole(1, '[1, 256]', "of 'wasm': threads that compute"), 'one for each core'),
  deterministic: workedOut(
    flag(false, "of 'wasm': the same bits on every engine, by products without fused multiply-add"),
    'false',
  ),
};

/** What runs workers here, and how many cores they would share. */
interface Workplace {
  cores(): number;
  startWorker: StartWorker;
}

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;
const workplace = (): Promise<Workplace> =>
  inNode ? import('./node-workers.js') : import('./web-workers.js');

const teams = new WeakMap<object, Team>();

/** The threads of a backend that has been manned. */
export const teamOf = (backend: object): Team | undefined => teams.get(backend);

/** The memory of a backend; null for a threaded build that keeps its memory to itself. */
export function heapOf({ wasm }: WasmBackend): Heap | null {
  const memory = wasm.wasmMemory ?? wasm.asm?.memory;
  if (memory === undefined) return null;
  return {
    memory,
    allocate: (bytes) => wasm._malloc(bytes) >>> 0,
    free: (address) => wasm._free(address),
  };
}

/**
 * Starts the stock backend over a memory that threads can share, where there can be one.
 *
 * That is its threaded build, told to keep to one thread: its own threads look for work in a loop for milliseconds
 * after each operation, on cores that ours need. In Node it is switched off, since it hands its workers a script
 * that Node refuses; with none to start, it starts.
 */
export async function startBackend(tensorflow: typeof tf): Promise<boolean> {
  const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  const env = tensorflow.env();
  const starting = async () => {
    const started = await tensorflow.setBackend('wasm');
    if (started) refuseWithoutRoom(tensorflow.backend() as unknown as WasmBackend);
    return started;
  };
  if (!inNode || typeof SharedArrayBuffer === 'undefined') return starting();
  setThreadsCount(1);
  env.set('WASM_HAS_MULTITHREAD_SUPPORT', true);
  return withoutWorkers(starting);
}

const guarded = new WeakSet<object>();

/**
 * Has memory that is not to be had refused: stock, an array for which there is none lies at address 0, over all that is
 * there, and one beyond 2 GiB is read from a negative address.
 */
function refuseWithoutRoom({ wasm }: WasmBackend): void {
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  wasm._free(wasm._malloc(16)); // at its first call Emscripten puts another function in this one's place
  const own = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = bytes < 2 ** 31 ? own(bytes) >>> 0 : 0; // longer ones are taken for negative, and give memory back
    // An address whose array would end beyond 4 GiB is given too.
    if (bytes === 0 || (address !== 0 && address + bytes <= 2 ** 32)) return address;
    const mebibytes = Math.round(bytes / 2 ** 20);
    throw new Error(
      `wasm: no room for an array of ${mebibytes} MiB, of 2 GiB at most each and 4 GiB together: dispose of tensors, ` +
        "take smaller batches, or useBackend('tfjs-node')",
    );
  };
}

/** Gives a backend the threads and the arithmetic asked for; what is not asked for stays as it is. */
export async function man(backend: WasmBackend, options: WasmOptions): Promise<void> {
  const heap = heapOf(backend);
  if (heap === null) return;
  const before = teams.get(backend);
  const { cores, startWorker } = await workplace();
  const threads = options.threads ?? before?.manner.threads ?? cores();
  const deterministic = options.deterministic ?? before?.manner.deterministic ?? false;
  if (before?.manner.threads === threads && before.manner.deterministic === deterministic) return;
  const fused = !deterministic && hasFusedMultiplyAdd();
  teams.set(backend, new Team(heap, { threads, deterministic, fused }, startWorker));
  await before?.dismiss();
}
