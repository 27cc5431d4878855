import { addKernel } from './kernel.js';
import type { WasmBackend } from './wasm-backend.js';

/** Inputs logits [n, classes] and labels int32 [n]; outputs the mean loss and softmax(z) − onehot(y). */
export const crossEntropyKernel = 'FluxionCrossEntropy';

/**
 * Softmax cross-entropy in one pass over WebAssembly's memory: a batch's logits are so few that calling a
 * dozen kernels on them costs ten times the arithmetic.
 */
export function addCrossEntropyKernel(): void {
  addKernel(crossEntropyKernel, 'wasm', ({ inputs: { logits, labels }, backend: given }) => {
    const backend = given as WasmBackend;
    const [examples, classes] = logits.shape;
    const loss = backend.makeOutput([], 'float32');
    const residual = backend.makeOutput(logits.shape, 'float32');
    const z = backend.typedArrayFromHeap(logits);
    const own = backend.typedArrayFromHeap(labels);
    const r = backend.typedArrayFromHeap(residual);
    let sum = 0;
    for (let row = 0, first = 0; row < examples; row++, first += classes) {
      let most = z[first];
      for (let j = 1; j < classes; j++) most = Math.max(most, z[first + j]);
      let total = 0;
      for (let j = 0; j < classes; j++) total += r[first + j] = Math.exp(z[first + j] - most);
      for (let j = 0; j < classes; j++) r[first + j] /= total;
      const label = own[row];
      sum += Math.log(total) + most - z[first + label];
      r[first + label] -= 1;
    }
    backend.typedArrayFromHeap(loss)[0] = sum / examples;
    return [loss, residual];
  });
}
