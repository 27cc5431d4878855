import * as tf from '@tensorflow/tfjs';
import { replaceKernel } from '../kernel.js';
import type { WasmBackend } from '../wasm-backend.js';
import { addressOf, entriesOf, made } from './addresses.js';
import { elementwise, type Rows, rowwise } from './elementwise.js';
import type { Team } from './team.js';

const operations = [
  { name: tf.Add, kernel: 'add', commutes: true },
  { name: tf.Sub, kernel: 'sub', commutes: false },
  { name: tf.Multiply, kernel: 'mul', commutes: true },
  { name: tf.RealDiv, kernel: 'div', commutes: false },
] as const;

/** Puts our +, −, × and ÷ in the place of the stock ones where the shapes are equal, or one is spread over rows. */
export function quickenArithmetic(team: () => Team): void {
  for (const { name, kernel, commutes } of operations) {
    replaceKernel(name, 'wasm', (stock) => (call) => {
      const { a, b } = call.inputs;
      if (a.dtype !== 'float32' || b.dtype !== 'float32') return stock(call);
      const backend = call.backend as WasmBackend;
      const at = (info: tf.TensorInfo) => addressOf(backend, info);
      if (tf.util.arraysEqual([...a.shape], [...b.shape])) {
        const result = made(backend, a.shape);
        elementwise(team(), kernel, [at(a), at(b), at(result)], entriesOf(result));
        return result;
      }
      const shape = tf.broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
      const full = (x: tf.TensorInfo) => entriesOf(x) === tf.util.sizeFromShape(shape);
      const [x, y] = full(a) || !commutes ? [a, b] : [b, a];
      const manner = full(x) ? spreading(y.shape, shape) : full(y) ? spreading(x.shape, shape) : null;
      if (manner === null || (manner.one && !full(x))) return stock(call);
      const { rows, columns, one } = manner;
      const result = made(backend, shape);
      const stride = (info: tf.TensorInfo) => (full(info) ? 4 * columns : 0);
      const right: Rows = { address: at(y), stride: one ? (entriesOf(y) === 1 ? 0 : 4) : stride(y) };
      const suffix = one ? 'One' : 'Row';
      rowwise(
        team(),
        `${kernel}${suffix}`,
        { address: at(x), stride: stride(x) },
        right,
        at(result),
        rows,
        columns,
      );
      return result;
    });
  }
}

/** How an array spreads over a shape: as one row for all rows, or as one entry for each row; null if neither. */
function spreading(
  from: readonly number[],
  to: readonly number[],
): { rows: number; columns: number; one: boolean } | null {
  const own = [...Array(to.length - from.length).fill(1), ...from];
  const entries = tf.util.sizeFromShape([...to]);
  const size = (lengths: readonly number[]) => tf.util.sizeFromShape([...lengths]);
  if (entries === 0) return null;
  let first = 0;
  while (first < to.length && own[first] === 1) first++;
  if (first === to.length) return { rows: entries / (to.at(-1) ?? 1), columns: to.at(-1) ?? 1, one: true };
  if (own.slice(first).every((length, i) => length === to[first + i])) {
    const columns = size(to.slice(first));
    return { rows: entries / columns, columns, one: false };
  }
  let last = to.length;
  while (own[last - 1] === 1) last--;
  if (own.slice(0, last).every((length, i) => length === to[i])) {
    const rows = size(to.slice(0, last));
    return { rows, columns: entries / rows, one: true };
  }
  return null;
}
