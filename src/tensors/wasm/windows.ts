import * as tf from '@tensorflow/tfjs';
import { largestKernel } from '../gradients/largest.js';
import { addWindowKernels } from '../gradients/window-kernels.js';
import { pixelsSeen } from '../gradients/window-loops.js';
import { imageShape, patchesShape, placesOf, rowsOf, type Windows } from '../gradients/window-shape.js';
import { foldKernel, patchesKernel } from '../gradients/windows.js';
import { replaceKernel } from '../kernel.js';
import type { WasmBackend } from '../wasm-backend.js';
import { addressOf, entriesOf, made } from './addresses.js';
import { overRows } from './elementwise.js';
import type { Team } from './team.js';

type Name = 'patches' | 'patchSums' | 'fold' | 'largest';

/** Puts kernels of the team, an image an item, in the place of the loops of `window-loops.ts`. */
export function quickenWindows(team: () => Team): void {
  addWindowKernels(tf);
  const replace = (
    name: string,
    kernel: (backend: WasmBackend, x: tf.TensorInfo, windows: Windows) => tf.TensorInfo,
  ) =>
    replaceKernel(name, 'wasm', (loops) => (call) => {
      const { x } = call.inputs;
      if (x.dtype !== 'float32' || entriesOf(x) === 0) return loops(call);
      return kernel(call.backend as WasmBackend, x, call.attrs as unknown as Windows);
    });
  const run = (
    kernel: Name,
    backend: WasmBackend,
    [images, rows]: readonly tf.TensorInfo[],
    windows: Windows,
    table: Int32Array,
  ) => {
    const held = backend.makeOutput([table.length], 'int32');
    backend.typedArrayFromHeap(held).set(table);
    const { batch, channels } = windows;
    const [imageBytes, rowsBytes] = [images, rows].map((info) => (4 * entriesOf(info)) / batch);
    const words = [
      ...[images, rows, held].map((info) => addressOf(backend, info)),
      ...[4 * table.length, imageBytes, rowsBytes, 4 * channels, 4 * placesOf(windows)],
    ];
    overRows(team(), kernel, words, batch, rowsBytes * (windows.summed ? placesOf(windows) : 1));
    backend.disposeData(held.dataId);
  };

  replace(patchesKernel, (backend, x, windows) => {
    const rows = made(backend, patchesShape(windows));
    run(windows.summed ? 'patchSums' : 'patches', backend, [x, rows], windows, runsOf(windows));
    return rows;
  });
  replace(foldKernel, (backend, x, windows) => {
    const images = made(backend, imageShape(windows));
    run('fold', backend, [images, x], windows, runsOf(windows));
    return images;
  });
  replace(largestKernel, (backend, x, windows) => {
    const places = backend.makeOutput([rowsOf(windows), windows.channels], 'int32');
    const table = pixelsSeen(windows).map((pixel) => (pixel < 0 ? -1 : 4 * windows.channels * pixel));
    run('largest', backend, [x, places], windows, table);
    return places;
  });
}

/** What `overRuns` of `window-kernels.ts` goes through: offset in the image, bytes, and how far the row goes on. */
function runsOf(windows: Windows): Int32Array {
  const { channels, summed } = windows;
  const [seen, places, pixelBytes] = [pixelsSeen(windows), placesOf(windows), 4 * channels];
  const runs: number[] = [];
  for (let first = 0, end = 1; first < seen.length; first = end++) {
    // A sum takes its places one by one; rows and images go on together otherwise.
    const step = seen[first] < 0 ? 0 : 1;
    while (!summed && end < seen.length && seen[end] === seen[end - 1] + step) end++;
    const bytes = (end - first) * pixelBytes;
    const isLast = end % places === 0;
    runs.push(step === 0 ? -1 : seen[first] * pixelBytes, bytes, summed && !isLast ? 0 : bytes);
  }
  return Int32Array.from(runs);
}
