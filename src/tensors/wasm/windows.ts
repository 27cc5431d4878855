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
    infos: readonly tf.TensorInfo[],
    windows: Windows,
    entries: Int32Array,
  ) => {
    const addresses = infos.map((info) => addressOf(backend, info));
    withTable(backend, entries, (table) => overWindows(team(), kernel, addresses, windows, table));
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

/** A table of `window-kernels.ts` in the backend's memory, and its bytes. */
export interface Table {
  readonly address: number;
  readonly bytes: number;
}

/** Lends a table's place in the backend's memory. */
export function withTable(backend: WasmBackend, entries: Int32Array, body: (table: Table) => void): void {
  const held = backend.makeOutput([entries.length], 'int32');
  backend.typedArrayFromHeap(held).set(entries);
  body({ address: addressOf(backend, held), bytes: 4 * entries.length });
  backend.disposeData(held.dataId);
}

/** Runs a kernel of `window-kernels.ts` over all images, from the addresses of the images and of what is seen. */
export function overWindows(
  team: Team,
  kernel: Name,
  [images, rows]: readonly number[],
  windows: Windows,
  table: Table,
): void {
  const { batch, channels, image, summed } = windows;
  const imageBytes = 4 * channels * image[0] * image[1] * image[2];
  const places = placesOf(windows);
  const ofPlaces = kernel === 'largest' || summed ? 1 : places;
  const rowsBytes = (4 * channels * ofPlaces * rowsOf(windows)) / batch;
  const words = [images, rows, table.address, table.bytes, imageBytes, rowsBytes, 4 * channels, 4 * places];
  overRows(team, kernel, words, batch, (rowsBytes * places) / ofPlaces);
}

/** What `overRuns` of `window-kernels.ts` goes through: offset in the image, bytes, and how far the row goes on. */
export function runsOf(windows: Windows): Int32Array {
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
