import type { Workspace } from './workspace.js';

/**
 * Takes the plane rotations of a QR-like iteration, chain by chain, and sees them applied to columns of a
 * matrix Z. With p the column reached and q the next: p ← c·p + s·q, q ← c·q − s·p.
 */
export interface RotationChains {
  /** Where the rotations of the coming chain go: (c, s) pairs from `at` on. */
  readonly rotations: Float64Array;
  at: number;
  /** A chain of `count` rotations stands at `at`; it begins in column `start` and moves by `stride`, ±1. */
  end(start: number, stride: 1 | -1, count: number): void;
}

/** Applies every chain at once to the rows of a row-major matrix with n columns; for small matrices. */
export class DirectChains implements RotationChains {
  at = 0;
  rotations: Float64Array = new Float64Array(0);
  #z = this.rotations;
  #rows = 0;
  #n = 0;

  /** Begins with another matrix. */
  reset(z: Float64Array, rows: number, n: number): this {
    if (this.rotations.length < 2 * n) this.rotations = new Float64Array(2 * n);
    this.#z = z;
    this.#rows = rows;
    this.#n = n;
    return this;
  }

  end(start: number, stride: 1 | -1, count: number): void {
    const z = this.#z;
    const { rotations } = this;
    for (let row = 0; row < this.#rows; row++) {
      let at = row * this.#n + start;
      let reached = z[at];
      for (let k = 0; k < 2 * count; k += 2) {
        const next = z[at + stride];
        z[at] = rotations[k] * reached + rotations[k + 1] * next;
        reached = rotations[k] * next - rotations[k + 1] * reached;
        at += stride;
      }
      z[at] = reached;
    }
  }
}

/** How many numbers of the workspace a matrix takes when laid out in strips. */
export function stripNumbers(rows: number, columns: number): number {
  return ((rows + 7) & ~7) * columns;
}

const chainsHeld = 32;

/** How many numbers of the workspace `StripChains` needs for its rotations. */
export function chainNumbers(columns: number): number {
  return 2 * chainsHeld * columns;
}

/**
 * Gathers chains and applies them together to a matrix laid out in strips of eight rows, entry (i, j) at
 * `strips + ⌊i/8⌋·8·columns + 8j + i mod 8`, one strip after the other, so that each stays in the cache.
 *
 * Source: Van Zee, van de Geijn & Quintana-Ortí 2014 (applying many sweeps at once).
 */
export class StripChains implements RotationChains {
  readonly rotations: Float64Array;
  at: number;
  readonly #chains: number[] = [];

  constructor(
    private readonly w: Workspace,
    private readonly strips: number,
    private readonly rows: number,
    private readonly columns: number,
    private readonly begin: number,
  ) {
    this.rotations = w.numbers;
    this.at = begin;
  }

  end(start: number, stride: 1 | -1, count: number): void {
    if (count === 0) return;
    this.#chains.push(8 * start, 8 * stride, count, this.at);
    this.at += 2 * count;
    if (this.at + 2 * this.columns > this.begin + chainNumbers(this.columns)) this.flush();
  }

  flush(): void {
    const chains = this.#chains;
    for (let row = 0; row < this.rows; row += 8) {
      const strip = this.strips + row * this.columns;
      for (let k = 0; k < chains.length; k += 4) {
        this.w.rotateRows(strip + chains[k], chains[k + 1], chains[k + 2], chains[k + 3]);
      }
    }
    chains.length = 0;
    this.at = this.begin;
  }
}

/** Lays a rows×columns matrix of the workspace out in strips, zeros below its last row. */
export function toStrips(
  numbers: Float64Array,
  from: number,
  rowLength: number,
  strips: number,
  rows: number,
  columns: number,
): void {
  numbers.fill(0, strips, strips + stripNumbers(rows, columns));
  for (let i = 0; i < rows; i++) {
    const strip = strips + (i & ~7) * columns + (i & 7);
    const row = from + i * rowLength;
    for (let j = 0; j < columns; j++) numbers[strip + 8 * j] = numbers[row + j];
  }
}

/** Copies a matrix out of strips: its column k is the one numbered order[k]. */
export function fromStrips(
  numbers: Float64Array,
  strips: number,
  to: Float64Array,
  rows: number,
  columns: number,
  order: Uint32Array,
): void {
  for (let i = 0; i < rows; i++) {
    const strip = strips + (i & ~7) * columns + (i & 7);
    for (let k = 0; k < order.length; k++) to[i * order.length + k] = numbers[strip + 8 * order[k]];
  }
}
