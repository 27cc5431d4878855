import * as tf from '@tensorflow/tfjs';
import { type Call, replaceKernel } from '../kernel.js';
import type { WasmBackend } from '../wasm-backend.js';
import { addressOf, entriesOf, made } from './addresses.js';
import { columnsOfItem } from './column-kernels.js';
import { elementwise, overRows } from './elementwise.js';
import type { Team } from './team.js';

/** Rows so long, where there are few of them, are summed in pieces. */
const longRow = 2 ** 16;
const piecesOfRow = 64;
/** Rows so narrow are laid side by side, where there are many of them. */
const narrow = 512;
const manyRows = 4096;

/**
 * Puts our sums and means in the place of the stock ones, where axes are the leading ones or the last: on all threads,
 * and to the end where a sum in one float32 stands still, as one of ones at 2²⁴.
 */
export function quickenSums(team: () => Team): void {
  const replace = (name: string, finish: (sum: tf.TensorInfo, terms: number, address: number) => void) =>
    replaceKernel(name, 'wasm', (stock) => (call) => {
      const sum = summed(team(), call);
      if (sum === null) return stock(call);
      const address = addressOf(call.backend as WasmBackend, sum);
      finish(sum, entriesOf(call.inputs.x) / entriesOf(sum), address);
      return sum;
    });
  replace(tf.Sum, () => undefined);
  replace(tf.Mean, (sum, terms, at) =>
    elementwise(team(), 'divNumber', [at, at, at], entriesOf(sum), [terms]),
  );
}

/** The sum over the leading axes or the last ones; null where the axes are others, or there is nothing to sum. */
function summed(team: Team, { inputs: { x }, attrs, backend: given }: Call): tf.TensorInfo | null {
  const rank = x.shape.length;
  const axes = tf.util.parseAxisParam(attrs.axis as number | number[], [...x.shape]).sort((a, b) => a - b);
  const count = axes.length;
  if (x.dtype !== 'float32' || count === 0 || entriesOf(x) === 0) return null;
  const isLast = axes.every((axis, i) => axis === rank - count + i);
  if (!isLast && axes.some((axis, i) => axis !== i)) return null;
  const backend = given as WasmBackend;
  const rest = isLast ? x.shape.slice(0, rank - count) : x.shape.slice(count);
  const ones = new Array<number>(count).fill(1);
  const kept = isLast ? [...rest, ...ones] : [...ones, ...rest];
  const sum = made(backend, attrs.keepDims ? kept : rest);
  const results = entriesOf(sum);
  const terms = entriesOf(x) / results;
  const [from, to] = [x, sum].map((info) => addressOf(backend, info));
  if (isLast) sumRows(team, from, to, results, terms);
  else sumColumns(team, from, to, terms, results);
  return sum;
}

/** The sum of each of so many rows, of so many columns. */
function sumRows(team: Team, from: number, to: number, rows: number, columns: number): void {
  if (columns < longRow || rows >= piecesOfRow) {
    overRows(team, 'rowSums', [from, to, 4 * columns], rows, 4 * columns);
    return;
  }
  const length = Math.floor(columns / piecesOfRow);
  const rest = columns - length * piecesOfRow;
  team.withRoom(4 * (piecesOfRow + rest), (room) => {
    const left = { address: room + 4 * piecesOfRow, rowStride: 0 };
    for (let row = 0; row < rows; row++) {
      const begin = from + 4 * row * columns;
      overRows(team, 'rowSums', [begin, room, 4 * length], piecesOfRow, 4 * length);
      team.copyRows(left, { address: begin + 4 * length * piecesOfRow, rowStride: 0 }, 1, 4 * rest);
      team.run('rowSums', [room, to + 4 * row, 4 * (piecesOfRow + rest)], 1);
    }
  });
}

/** The sum of each of so many columns, of so many rows. */
function sumColumns(team: Team, from: number, to: number, rows: number, columns: number): void {
  if (rows < manyRows || columns > narrow) {
    const worthwhile = Math.max(1, Math.ceil(2 ** 15 / (rows * columnsOfItem)));
    const words = [rows, 4 * columns, to, from, 0];
    team.run('columnSums', words, Math.ceil(columns / columnsOfItem), worthwhile);
    return;
  }
  const side = Math.floor((2 * narrow) / columns);
  const whole = Math.floor(rows / side);
  const rest = rows - whole * side;
  team.withRoom(4 * (side + rest) * columns, (room) => {
    sumColumns(team, from, room, whole, side * columns);
    const left = { address: room + 4 * side * columns, rowStride: 0 };
    const begin = from + 4 * whole * side * columns;
    team.copyRows(left, { address: begin, rowStride: 0 }, 1, 4 * rest * columns);
    sumColumns(team, room, to, side + rest, columns);
  });
}
