import type * as tf from '@tensorflow/tfjs';

/** What we use of the WebAssembly backend of TensorFlow.js. */
export interface WasmBackend {
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array;
  disposeData(dataId: object): boolean;
  incRef(dataId: object): void;
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  readonly wasm: {
    readonly asm?: { readonly memory?: object };
    /** The threaded build's memory, which is given to it. */
    readonly wasmMemory?: object;
    _malloc: (bytes: number) => number;
    _free(address: number): void;
  };
}
