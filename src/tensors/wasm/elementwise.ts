import { blockBytes, type elementwiseKernels, type rowwiseKernels } from './elementwise-kernels.js';
import type { Team } from './team.js';

/** Bytes that are worth a thread: some ten microseconds. */
const chunkBytes = 2 ** 17;

/** result ← formula(x, y) entry by entry, all addresses; x may be y. */
export function elementwise(
  team: Team,
  kernel: keyof typeof elementwiseKernels,
  [x, y, result]: readonly number[],
  entries: number,
  numbers: readonly number[] = [],
): void {
  const bytes = 4 * entries;
  team.run(kernel, [x, y, result, bytes], Math.ceil(bytes / blockBytes), chunkBytes / blockBytes, numbers);
}

/** Rows with a stride in bytes, 0 where one row serves for all. */
export interface Rows {
  readonly address: number;
  readonly stride: number;
}

/** result ← formula(x, y) row by row; for the kernels named `…One` each row of y is one entry. */
export function rowwise(
  team: Team,
  kernel: keyof typeof rowwiseKernels,
  x: Rows,
  y: Rows,
  result: number,
  rows: number,
  columns: number,
): void {
  const words = [x.address, y.address, result, 4 * columns, x.stride, y.stride];
  overRows(team, kernel, words, rows, 4 * columns);
}

/** A kernel whose items are rows of so many bytes. */
export function overRows(
  team: Team,
  kernel: Parameters<Team['run']>[0],
  words: readonly number[],
  rows: number,
  rowBytes: number,
  numbers: readonly number[] = [],
): void {
  team.run(kernel, words, rows, Math.max(1, Math.ceil(chunkBytes / rowBytes)), numbers);
}

/** Of one of the six arrays that a step of moments reads and writes. */
const momentsChunkBytes = 2 ** 15;

/** A step of Adam's moments: addresses of m, v, u, m⁺, v⁺ and the direction; see `moments-kernel.ts`. */
export function runMoments(
  team: Team,
  addresses: readonly number[],
  entries: number,
  numbers: readonly number[],
): void {
  const bytes = 4 * entries;
  const items = Math.ceil(bytes / blockBytes);
  team.run('adamMoments', [...addresses, bytes], items, momentsChunkBytes / blockBytes, numbers);
}
