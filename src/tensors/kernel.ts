import * as tf from '@tensorflow/tfjs';

export type Config = NonNullable<ReturnType<typeof tf.getKernel>>;
export interface Call {
  readonly inputs: { readonly [name: string]: tf.TensorInfo };
  readonly attrs: { readonly [name: string]: unknown };
  readonly backend: object;
}
export type Kernel = (call: Call) => tf.TensorInfo;

const repaired = new WeakSet<Config>();

/** Puts a repaired kernel in place of the stock one, once. */
export function replaceKernel(name: string, backend: string, repair: (stock: Kernel) => Kernel): void {
  const config = tf.getKernel(name, backend);
  if (!config || repaired.has(config)) return;
  const mended = { ...config, kernelFunc: repair(stockOf(config)) as Config['kernelFunc'] };
  tf.unregisterKernel(name, backend);
  tf.registerKernel(mended);
  repaired.add(mended);
}

/** Adds a kernel of our own, or replaces the one added before. */
export function addKernel(
  name: string,
  backend: string,
  kernel: (call: Call) => tf.TensorInfo | tf.TensorInfo[],
): void {
  if (tf.getKernel(name, backend)) tf.unregisterKernel(name, backend);
  tf.registerKernel({
    kernelName: name,
    backendName: backend,
    kernelFunc: kernel as Config['kernelFunc'],
  });
}

/** Runs another kernel from within one: outside the tape, its result to be disposed of by the caller. */
export function callKernel(name: string, backend: string, call: Call): tf.TensorInfo {
  return stockOf(tf.getKernel(name, backend))(call);
}

function stockOf(config: Config): Kernel {
  return config.kernelFunc as unknown as Kernel;
}
