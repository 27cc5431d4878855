import { compile, type LinearMemory, linearMemory } from '../../wasm/module.js';
import { choleskyPanels } from './cholesky-kernel.js';
import { pack4, tiles } from './product-kernels.js';
import { rotateRows } from './rotation-kernel.js';
import { symmetricDots } from './symmetric-kernel.js';
import { addOuter, combine, dots } from './vector-kernels.js';

type Kernel<Result = void> = (...operands: number[]) => Result;

/** The compiled kernels and the memory they work in. All addresses and strides count float64. */
export interface Workspace {
  /** The whole memory. A call of `workspace` may replace it, so it is never kept across calls. */
  numbers: Float64Array;
  readonly pack4: Kernel;
  readonly tiles: Kernel;
  readonly choleskyPanels: Kernel<number>;
  readonly dots: Kernel;
  readonly combine: Kernel;
  readonly addOuter: Kernel;
  readonly symmetricDots: Kernel;
  readonly rotateRows: Kernel;
}

const numbersPerPage = 8192;
let memory: LinearMemory;
let current: Workspace | undefined;

/** Two modules over one memory, each under 4 KiB, which every browser compiles synchronously. */
export const kernelModules = [
  { pack4, tiles, choleskyPanels },
  { dots, combine, addOuter, symmetricDots, rotateRows },
] as const;

/**
 * The kernels with room for at least this many float64, whose contents are whatever the last caller left.
 *
 * Compiled on first use, which takes a few milliseconds. The memory grows to what the largest matrix needed
 * and is kept. Nothing here is re-entrant: whoever calls this owns the memory until it returns.
 */
export function workspace(numbers: number): Workspace {
  if (current === undefined) {
    memory = linearMemory(16);
    const [products, vectors] = kernelModules;
    current = {
      ...compile<Pick<Workspace, keyof typeof products>>(products, memory),
      ...compile<Pick<Workspace, keyof typeof vectors>>(vectors, memory),
      numbers: new Float64Array(memory.buffer),
    };
  }
  if (current.numbers.length < numbers) {
    memory.grow(Math.ceil((numbers - current.numbers.length) / numbersPerPage));
    current.numbers = new Float64Array(memory.buffer);
  }
  return current;
}

/** The least multiple of 4 that is not below. */
export const upToFour = (count: number): number => (count + 3) & ~3;

/** The length of a row in the workspace: a multiple of 4 that does not put a whole column in one cache set. */
export function rowLengthFor(columns: number): number {
  const length = upToFour(columns);
  return length % 64 === 0 ? length + 8 : length;
}

/** Copies a rows×columns matrix to `at`, zeros up to the row length and down to a multiple of 4 rows. */
export function loadMatrix(
  numbers: Float64Array,
  at: number,
  rowLength: number,
  a: Float64Array,
  rows: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    const to = at + i * rowLength;
    const from = i * columns;
    for (let j = 0; j < columns; j++) numbers[to + j] = a[from + j];
    for (let j = columns; j < rowLength; j++) numbers[to + j] = 0;
  }
  numbers.fill(0, at + rows * rowLength, at + upToFour(rows) * rowLength);
}

/** Copies the leading rows×columns part back. */
export function storeMatrix(
  numbers: Float64Array,
  at: number,
  rowLength: number,
  to: Float64Array,
  rows: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    const from = at + i * rowLength;
    for (let j = 0; j < columns; j++) to[i * columns + j] = numbers[from + j];
  }
}
