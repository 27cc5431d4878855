import * as tf from '@tensorflow/tfjs';
import { DeviceLost } from '../algebra/device-lost.js';
import type { Missing } from './node-backend.js';
import type { GpuBuffer } from './node-webgpu.js';

/** What we use of the WebGPU backend of TensorFlow.js. */
interface WebgpuBackend {
  readonly device: {
    readonly lost: Promise<{ readonly message: string }>;
    addEventListener(name: 'uncapturederror', listener: (event: Refusal) => void): void;
  };
  readonly tensorMap: { get(dataId: object): Held };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GpuBuffer;
    releaseBuffer(buffer: GpuBuffer, reuse?: boolean): void;
  };
  readonly commandEncoder: {
    copyBufferToBuffer(from: object, at: number, to: object, begin: number, size: number): void;
  };
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  readSync(dataId: object): tf.BackendValues;
}

interface Held {
  readonly dtype: tf.DataType;
  readonly resource?: { readonly size: number };
  values?: tf.BackendValues | null;
}

interface Refusal {
  readonly error: { readonly message: string };
  preventDefault(): void;
}

interface Adapters {
  requestAdapter(options: object): Promise<object | null>;
}

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;

/** Makes WebGPU the current backend; or says what stands in the way. After a loss it begins on a new device. */
export async function startWebgpu(): Promise<Missing | null> {
  if (inNode) {
    const { addDawn } = await import('./node-webgpu.js');
    const missing = await addDawn();
    if (missing !== null) return missing;
  }
  const place = globalThis as { navigator?: { gpu?: Adapters } };
  const gpu = place.navigator?.gpu;
  if (gpu === undefined) {
    return { reason: 'this browser has no WebGPU', advice: "use a newer one over https, or 'wasm'" };
  }
  if ((await gpu.requestAdapter({ powerPreference: 'high-performance' })) === null) {
    return {
      reason: 'WebGPU finds no graphics card, and none in software',
      advice:
        "install the card's driver (in Node on Linux its Vulkan driver; apt-get install mesa-vulkan-drivers has " +
        "one in software), or use 'wasm'",
    };
  }
  try {
    await import('@tensorflow/tfjs-backend-webgpu');
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    return {
      reason: `@tensorflow/tfjs-backend-webgpu did not load: ${told.split('\n')[0]}`,
      advice: 'run npm install @tensorflow/tfjs-backend-webgpu',
    };
  }
  forget();
  if (!(await tf.setBackend('webgpu'))) {
    return { reason: 'the WebGPU device did not start', advice: 'see the warning above' };
  }
  if (await readSafely(tf.backend() as unknown as WebgpuBackend)) return null;
  return {
    reason: 'values cannot be read back within a step here: a canvas of this browser shows zeros',
    advice: "use 'wasm', or a browser that composes its pages on the graphics card",
  };
}

let loss: string | undefined;

/** Whether the device in use was lost: `useBackend('webgpu')` begins on a new one. */
export const deviceLost = (): boolean => loss !== undefined;

/** Takes out a backend whose device was lost, so that the next one starts anew. */
function forget(): void {
  if (loss === undefined) return;
  const factory = tf.findBackendFactory('webgpu')!;
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', factory, 3);
  loss = undefined;
}

/** Whether a backend whose reads are safe gives what it has computed. */
const readable = new WeakMap<object, boolean>();

/**
 * Has values read without a canvas in Node, where stock TensorFlow.js can read none in a step; and has a lost device
 * said, and a kernel that did not compile, of which stock TensorFlow.js gives what the memory held.
 *
 * @returns whether what is computed can be read at all
 */
async function readSafely(backend: WebgpuBackend): Promise<boolean> {
  const known = readable.get(backend);
  if (known !== undefined) return known;
  backend.device.lost.then(({ message }) => {
    loss = message || 'the graphics device was lost';
  });
  let refused: string | undefined;
  backend.device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    refused ??= event.error.message;
  });
  const stock = backend.readSync.bind(backend);
  const mappedNow = inNode ? (await import('./node-webgpu.js')).mappedNow : undefined;

  const download = (held: Held, dataId: object): tf.BackendValues | undefined => {
    if (mappedNow === undefined || held.dtype === 'complex64') return stock(dataId);
    const { resource } = held;
    const size = resource!.size;
    const [toRead, toCopyInto] = [1, 8]; // GPUBufferUsage.MAP_READ, COPY_DST
    const staging = backend.bufferManager.acquireBuffer(size, toRead | toCopyInto);
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.commandEncoder.copyBufferToBuffer(resource!, 0, staging, 0, size);
    backend.submitQueue();
    const bytes = mappedNow(staging);
    backend.bufferManager.releaseBuffer(staging, bytes !== undefined);
    if (bytes === undefined) return undefined;
    return (held.values = ofType(bytes, held.dtype));
  };

  /** Whether the device still computes: of a lost one the loss may not have been told yet. */
  const answers = (): boolean => {
    const one = tf.fill([1], 1);
    const [read] = (download(backend.tensorMap.get(one.dataId), one.dataId) ?? [0]) as Float32Array;
    one.dispose();
    return read === 1;
  };

  backend.readSync = (dataId) => {
    const held = backend.tensorMap.get(dataId);
    if (held.values != null || held.dtype === 'string') return stock(dataId);
    if (loss !== undefined) throw new DeviceLost(`the graphics device was lost: ${loss}`);
    let values: tf.BackendValues | undefined;
    try {
      values = download(held, dataId);
    } catch {
      values = undefined; // asked again below
    }
    if (refused !== undefined) {
      const told = refused;
      refused = undefined;
      throw new Error(`webgpu: a kernel of TensorFlow.js was refused, its values are not known: ${told}`);
    }
    const empty = values === undefined || (values as Float32Array).every((value) => value === 0);
    if (empty && !answers()) throw new DeviceLost('the graphics device was lost');
    return values ?? download(held, dataId)!;
  };
  const sees = answers();
  readable.set(backend, sees);
  return sees;
}

function ofType(bytes: ArrayBuffer, dtype: tf.DataType): tf.BackendValues {
  if (dtype === 'float32') return new Float32Array(bytes);
  const whole = new Int32Array(bytes);
  return dtype === 'bool' ? Uint8Array.from(whole) : whole;
}
