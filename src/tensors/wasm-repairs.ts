import * as tf from '@tensorflow/tfjs';

type Config = NonNullable<ReturnType<typeof tf.getKernel>>;
type Kernel = (params: Parameters<Config['kernelFunc']>[0]) => tf.TensorInfo;

/** What the repairs use of the backend. */
interface WasmBackend {
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array;
  disposeData(dataId: object): boolean;
}

const repaired = new WeakSet<Config>();

/**
 * Mends what the WebAssembly backend of TensorFlow.js 4.22 does slowly or wrongly. Idempotent.
 *
 * - A product with a transposed operand takes a scalar loop there, 10–20 times slower than transposing first.
 * - `oneHot` of dtype float32 writes the bits of int32.
 */
export function repairWasm(): void {
  const transposed: Kernel = ({ inputs, backend }) => {
    const { x } = inputs as { x: tf.TensorInfo };
    const perm = x.shape.map((_, axis) => axis);
    perm.push(perm.splice(-2, 1)[0]);
    return run('Transpose', { inputs: { x }, attrs: { perm }, backend });
  };
  for (const name of ['BatchMatMul', '_FusedMatMul']) {
    replace(name, (stock) => ({ inputs, attrs, backend }) => {
      let { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
      if (transposeA) a = transposed({ inputs: { x: a }, backend });
      if (transposeB) b = transposed({ inputs: { x: b }, backend });
      const product = stock({
        inputs: { ...inputs, a, b },
        attrs: { ...attrs, transposeA: false, transposeB: false },
        backend,
      });
      if (transposeA) (backend as WasmBackend).disposeData(a.dataId);
      if (transposeB) (backend as WasmBackend).disposeData(b.dataId);
      return product;
    });
  }
  replace('OneHot', (stock) => (params) => {
    const { indices } = params.inputs as { indices: tf.TensorInfo };
    const { depth, onValue, offValue, dtype } = params.attrs as unknown as tf.OneHotAttrs;
    if (dtype === 'int32') return stock(params);
    const backend = params.backend as WasmBackend;
    const output = backend.makeOutput([...indices.shape, depth], 'float32');
    const classes = backend.typedArrayFromHeap(indices);
    const entries = backend.typedArrayFromHeap(output).fill(offValue);
    for (let row = 0; row < classes.length; row++) {
      const own = classes[row];
      if (own >= 0 && own < depth) entries[row * depth + own] = onValue;
    }
    return output;
  });
}

function run(name: string, params: Parameters<Kernel>[0]): tf.TensorInfo {
  return tf.getKernel(name, 'wasm').kernelFunc(params) as tf.TensorInfo;
}

function replace(name: string, repair: (stock: Kernel) => Kernel): void {
  const config = tf.getKernel(name, 'wasm');
  if (repaired.has(config)) return;
  const mended = { ...config, kernelFunc: repair(config.kernelFunc as Kernel) };
  tf.unregisterKernel(name, 'wasm');
  tf.registerKernel(mended);
  repaired.add(mended);
}
