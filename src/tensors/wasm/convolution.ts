import * as tf from '@tensorflow/tfjs';
import { type ConvolutionAttrs, windowsOf } from '../gradients/convolutions.js';
import { imageShape, patchesShape, type Windows } from '../gradients/window-shape.js';
import { isWhole } from '../gradients/windows.js';
import { type Call, replaceKernel } from '../kernel.js';
import type { WasmBackend } from '../wasm-backend.js';
import { addressOf, entriesOf, made } from './addresses.js';
import { multiply } from './product.js';
import type { Team } from './team.js';
import { overWindows, runsOf, withTable } from './windows.js';

/** Bytes of what windows see that are made at a time: they stay in the cache until they are multiplied. */
const seenBytes = 2 ** 20;

/** With fewer filters it costs more to lay out what the windows see than to multiply it, as the stock kernel does not. */
const fewFilters = 16;

/**
 * Puts products on all threads in the place of the stock convolutions of images, which compute on one: what the windows
 * see, some images at a time, by the filter as a matrix.
 */
export function quickenConvolutions(team: () => Team): void {
  for (const name of [tf.Conv2D, tf.FusedConv2D]) {
    replaceKernel(name, 'wasm', (stock) => (call) => {
      const { x, filter, bias } = call.inputs;
      const { activation = 'linear', dataFormat } = call.attrs;
      const all = [x, filter, ...(bias ? [bias] : [])];
      const plain =
        activation === 'linear' &&
        dataFormat !== 'NCHW' &&
        all.every((info) => info.dtype === 'float32' && entriesOf(info) > 0) &&
        (!bias || entriesOf(bias) === filter.shape[3]);
      if (!plain) return stock(call);
      const windows = windowsOf(tf, x.shape, filter.shape, call.attrs as unknown as ConvolutionAttrs);
      if (filter.shape[3] < fewFilters && !isWhole(windows)) return stock(call);
      return convolved(team(), call, windows);
    });
  }
}

function convolved(
  team: Team,
  { inputs: { x, filter, bias }, backend: given }: Call,
  windows: Windows,
): tf.TensorInfo {
  const backend = given as WasmBackend;
  const { batch, count } = windows;
  const columns = filter.shape[3];
  const [rows, inner] = patchesShape({ ...windows, batch: 1 });
  const y = made(backend, [batch, count[1], count[2], columns]);
  const at = (info: tf.TensorInfo) => addressOf(backend, info);
  const matrix = (address: number, width: number) => ({
    ...{ address, rowStride: 4 * width, columnStride: 4, matrixStride: 0 },
  });
  const product = (seen: number, first: number, images: number) =>
    multiply(team, {
      left: matrix(seen, inner),
      right: matrix(at(filter), columns),
      result: matrix(at(y) + 4 * first * rows * columns, columns),
      ...{ bias: bias ? at(bias) : 0, rows: images * rows, columns, inner, matrices: 1 },
    });
  if (entriesOf(y) === 0) return y;
  if (isWhole(windows)) {
    product(at(x), 0, batch);
    return y;
  }
  const most = Math.min(batch, Math.max(1, Math.floor(seenBytes / (4 * rows * inner))));
  const pixels = 4 * tf.util.sizeFromShape(imageShape({ ...windows, batch: 1 }));
  withTable(backend, runsOf(windows), (table) => {
    team.withRoom(4 * most * rows * inner, (room) => {
      for (let first = 0; first < batch; first += most) {
        const some: Windows = { ...windows, batch: Math.min(most, batch - first) };
        overWindows(team, 'patches', [at(x) + first * pixels, room], some, table);
        product(room, first, some.batch);
      }
    });
  });
  return y;
}
