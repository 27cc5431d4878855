import type { Missing } from './node-backend.js';

/** What of WebGPU we use by name. */
export interface GpuBuffer {
  readonly mapState: 'unmapped' | 'pending' | 'mapped';
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
}

type Asynchronous = { [method: string]: (...args: unknown[]) => unknown };

interface Dawn {
  create(flags: readonly string[]): object;
  readonly globals: { readonly [name: string]: { readonly prototype: Asynchronous } };
}

/** Whoever asks for 'webgpu' installs it: 130 MB for five platforms. Named so, since its types may be absent too. */
const dawnPackage: string = 'webgpu';

/** Dawn's next look at what the card has finished, which it has asked `setImmediate` for. */
let look: { run(): void; readonly asked: NodeJS.Immediate } | undefined;

/**
 * Makes `navigator.gpu` of the package `webgpu` (Dawn) where there is none; or says what stands in the way. Idempotent.
 */
export async function addDawn(): Promise<Missing | null> {
  const place = globalThis as { navigator?: { gpu?: object } };
  if (place.navigator?.gpu !== undefined) return null;
  let dawn: Dawn;
  try {
    dawn = (await import(dawnPackage)) as Dawn;
  } catch (error) {
    const [told] = String((error as Error)?.message ?? error).split('\n');
    return {
      reason: `the package webgpu, which gives Node a graphics device, did not load: ${told}`,
      advice: "run npm install webgpu @tensorflow/tfjs-backend-webgpu (150 MB), or use 'wasm'",
    };
  }
  const { create, globals } = dawn;
  Object.assign(globalThis, globals);
  const asynchronous = {
    GPUAdapter: ['requestDevice'],
    GPUBuffer: ['mapAsync'],
    GPUDevice: ['createComputePipelineAsync', 'popErrorScope'],
    GPUQueue: ['onSubmittedWorkDone'],
  };
  for (const [type, methods] of Object.entries(asynchronous)) {
    const { prototype } = globals[type];
    for (const name of methods) {
      const own = prototype[name];
      prototype[name] = function (this: unknown, ...args) {
        return noted(() => own.apply(this, args));
      };
    }
  }
  const gpu = create([]);
  const userAgent = `Node.js/${process.versions.node.split('.')[0]}`; // as Node has it from 21 on
  if (place.navigator === undefined) Object.assign(globalThis, { navigator: { gpu, userAgent } });
  else Object.defineProperty(place.navigator, 'gpu', { value: gpu, configurable: true });
  return null;
}

/** Calls Dawn, and notes for when it asks to be called again. */
function noted<R>(call: () => R): R {
  const own = globalThis.setImmediate;
  const noting = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
    const run = () => {
      look = undefined;
      noted(() => callback(...args));
    };
    const asked = own(run);
    look = { run, asked };
    return asked;
  };
  globalThis.setImmediate = noting as typeof globalThis.setImmediate;
  try {
    return call();
  } finally {
    globalThis.setImmediate = own;
  }
}

/**
 * What a buffer holds, now: `mapAsync` tells of its end only once the program returns to the event loop, which a step
 * that needs the number cannot; so Dawn is called from here in place of the loop.
 *
 * @returns undefined where the device was lost
 */
export function mappedNow(buffer: GpuBuffer): ArrayBuffer | undefined {
  const read = 1; // GPUMapMode.READ
  buffer.mapAsync(read).catch(() => undefined); // that of a lost device
  while (buffer.mapState === 'pending' && look !== undefined) {
    clearImmediate(look.asked);
    look.run();
  }
  if (buffer.mapState !== 'mapped') return undefined;
  const values = buffer.getMappedRange().slice(0);
  buffer.unmap();
  return values;
}
