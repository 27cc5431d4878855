import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';
import { largestKernel } from './largest.js';
import { addPatches, copyPatches, findLargest } from './window-loops.js';
import { imageShape, patchesShape, rowsOf, type Windows } from './window-shape.js';
import { foldKernel, patchesKernel } from './windows.js';

type Info = tensorflow.TensorInfo;
type Values = Float32Array | Int32Array;

/** How a backend that keeps its numbers in this process's memory lends them. */
interface Memory {
  read(x: Info): Values;
  make(shape: readonly number[], dtype: 'float32' | 'int32', write: (values: Values) => void): Info;
}

const memories: { readonly [backend: string]: (backend: object) => Memory } = {
  cpu(given) {
    const backend = given as {
      data: { get(dataId: object): { values: Values } };
      makeTensorInfo(shape: readonly number[], dtype: string, values: Values): Info;
    };
    return {
      read: (x) => backend.data.get(x.dataId).values,
      make(shape, dtype, write) {
        const length = shape.reduce((size, n) => size * n, 1);
        const values = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
        write(values);
        return backend.makeTensorInfo(shape, dtype, values);
      },
    };
  },
  wasm(given) {
    const backend = given as {
      typedArrayFromHeap(x: Info): Values;
      makeOutput(shape: readonly number[], dtype: string): Info;
    };
    return {
      read: (x) => backend.typedArrayFromHeap(x),
      make(shape, dtype, write) {
        const made = backend.makeOutput(shape, dtype);
        write(backend.typedArrayFromHeap(made));
        return made;
      },
    };
  },
};

/** Adds the kernels `FluxionPatches`, `FluxionFold` and `FluxionLargest` to the backends of this process's memory. */
export function addWindowKernels(tf: Tf): void {
  for (const backendName in memories) {
    const add = (kernelName: string, kernel: (memory: Memory, x: Info, windows: Windows) => Info) => {
      if (tf.getKernel(kernelName, backendName)) return;
      tf.registerKernel({
        kernelName,
        backendName,
        kernelFunc: ({ inputs, backend, attrs }) =>
          kernel(memories[backendName](backend as object), inputs.x as Info, attrs as unknown as Windows),
      });
    };
    add(patchesKernel, (memory, x, windows) => {
      const write = (to: Values) => copyPatches(memory.read(x), to.fill(0), windows);
      return memory.make(patchesShape(windows), 'float32', write);
    });
    add(foldKernel, (memory, x, windows) =>
      memory.make(imageShape(windows), 'float32', (to) => addPatches(memory.read(x), to.fill(0), windows)),
    );
    add(largestKernel, (memory, x, windows) =>
      memory.make([rowsOf(windows), windows.channels], 'int32', (to) =>
        findLargest(memory.read(x), to as Int32Array, windows),
      ),
    );
  }
}
