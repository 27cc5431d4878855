import { compile, compiledModule, isShared } from '../../wasm/module.js';
import { kernelsOf } from './kernels.js';
import { packedBytes } from './product-kernels.js';
import { place } from './team-kernels.js';

/** What a worker of a team is given: it instantiates the module over the memory, and calls `serve(team, thread)`. */
export interface Duty {
  readonly module: object;
  readonly memory: object;
  readonly team: number;
  readonly thread: number;
}

/** Starts a worker that does not keep the process alive; throws where there can be none. */
export type StartWorker = (duty: Duty) => { terminate(): unknown };

/** A WebAssembly memory and what gives out room in it. */
export interface Heap {
  readonly memory: object;
  /** So many bytes at an address that is a multiple of 16. */
  allocate(bytes: number): number;
  free(address: number): void;
}

/** Where rows begin, and how many bytes one is from the next. */
interface Rows {
  readonly address: number;
  readonly rowStride: number;
}

type Name = keyof ReturnType<typeof kernelsOf>;
type Exports = { readonly [name in Name]: (...operands: number[]) => void };

/** How a team is to compute. */
export interface Manner {
  /** How many threads are asked for. */
  readonly threads: number;
  /** Whether a person wants the same bits on every engine. */
  readonly deterministic: boolean;
  /** Whether products use fused multiply-add. */
  readonly fused: boolean;
}

/**
 * Threads that share the kernels and the memory; with one thread, the kernels alone. The kernels are compiled for the
 * first job, and workers begin with the first that is of several chunks: it and those that follow at once are done by
 * the threads that are there by then.
 */
export class Team {
  readonly manner: Manner;
  /** `packedBytes` a thread, for the kernels' own use. */
  readonly scratch: number;
  private readonly heap: Heap;
  private readonly start: StartWorker;
  private readonly functions: ReturnType<typeof kernelsOf>;
  private readonly places: { readonly [name in Name]: number };
  private kernels?: Exports;
  private readonly block: number;
  private readonly address: number;
  private workers?: readonly { terminate(): unknown }[];
  private words: Int32Array = new Int32Array(0);
  private numbers: Float32Array = new Float32Array(0);
  private readonly mayNap = mayBlock() ? 1 : 0;

  /** Of so many threads as are asked for where `start` can start that many, else of fewer. */
  constructor(heap: Heap, manner: Manner, start: StartWorker) {
    this.heap = heap;
    this.manner = manner;
    this.start = start;
    this.functions = kernelsOf(manner.fused);
    const names = Object.keys(this.functions) as Name[];
    this.places = Object.fromEntries(names.map((name, index) => [name, index])) as typeof this.places;
    this.scratch = heap.allocate(manner.threads * packedBytes);
    this.block = heap.allocate(place.bytes + 64);
    this.address = this.block + 63 - ((this.block + 63) % 64);
    this.refresh();
    this.words.fill(0);
  }

  /** How many compute, the one that asks among them. */
  get threads(): number {
    this.workers ??= this.hired();
    return 1 + this.workers.length;
  }

  /**
   * Runs a kernel over items 0…items−1, in chunks of `grain`, on all threads where there are several chunks.
   *
   * @param words what it reads as 32-bit words
   * @param numbers what it reads as float32
   */
  run(
    kernel: Name,
    words: readonly number[],
    items: number,
    grain = 1,
    numbers: readonly number[] = [],
  ): void {
    this.refresh();
    this.words.set(words, place.words >> 2);
    this.numbers.set(numbers, place.numbers >> 2);
    const chunks = Math.ceil(items / grain);
    this.kernels ??= compile<Exports>(this.functions, this.heap.memory);
    if (chunks <= 1 || this.threads === 1) {
      this.kernels[kernel](this.address + place.words, 0, items, 0);
      return;
    }
    this.words[place.kernel >> 2] = this.places[kernel];
    this.words[place.items >> 2] = items;
    this.words[place.grain >> 2] = grain;
    this.kernels.lead(this.address, chunks, this.mayNap);
  }

  /** Lends so many bytes of the memory to `body`. */
  withRoom(bytes: number, body: (address: number) => void): void {
    const address = this.heap.allocate(bytes);
    try {
      body(address);
    } finally {
      this.heap.free(address);
    }
  }

  /** Copies rows of so many bytes from one place of the memory to another. */
  copyRows(to: Rows, from: Rows, rows: number, bytes: number): void {
    const memory = new Uint8Array((this.heap.memory as { buffer: ArrayBuffer }).buffer);
    for (let row = 0; row < rows; row++) {
      const begin = from.address + row * from.rowStride;
      memory.copyWithin(to.address + row * to.rowStride, begin, begin + bytes);
    }
  }

  /** Ends the workers, and gives back what they worked in. */
  async dismiss(): Promise<void> {
    await Promise.all((this.workers ?? []).map((worker) => worker.terminate()));
    this.heap.free(this.scratch);
    this.heap.free(this.block);
  }

  private hired(): { terminate(): unknown }[] {
    const { memory } = this.heap;
    const workers: { terminate(): unknown }[] = [];
    for (let thread = 1; thread < this.manner.threads && isShared(memory); thread++) {
      try {
        const module = compiledModule(this.functions, true);
        workers.push(this.start({ module, memory, team: this.address, thread }));
      } catch {
        break; // Workers are forbidden here
      }
    }
    return workers;
  }

  /** A memory of one thread changes its buffer when it grows. */
  private refresh(): void {
    const { buffer } = this.heap.memory as { buffer: ArrayBuffer };
    if (this.words.buffer === buffer) return;
    this.words = new Int32Array(buffer, this.address, place.bytes >> 2);
    this.numbers = new Float32Array(buffer, this.address, place.bytes >> 2);
  }
}

/** Whether this thread may sleep over a memory: the main one of a browser may not. */
function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
