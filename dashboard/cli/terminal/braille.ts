/** Dots of one braille character, 2 across and 4 down, by their bits. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** A picture of dots, two by four a character, with letters over them. */
export class Braille {
  readonly #cells: Uint8Array;
  readonly #letters = new Map<number, string>();

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    this.#cells = new Uint8Array(columns * rows);
  }

  /** Sets the dot (x, y), 0 ≤ x < 2·columns from the left and 0 ≤ y < 4·rows from the top; one outside is left out. */
  dot(x: number, y: number): void {
    const [i, j] = [Math.round(x), Math.round(y)];
    if (!(i >= 0 && i < 2 * this.columns && j >= 0 && j < 4 * this.rows)) return;
    this.#cells[Math.floor(j / 4) * this.columns + Math.floor(i / 2)] |= bits[j % 4][i % 2];
  }

  /** A line of dots, every `stride`th of them. */
  line([x0, y0]: readonly number[], [x1, y1]: readonly number[], stride = 1): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    for (let k = 0; k <= steps; k += stride) {
      this.dot(x0 + ((x1 - x0) * k) / steps, y0 + ((y1 - y0) * k) / steps);
    }
  }

  /** A letter in place of the dots around (x, y). */
  letter(x: number, y: number, letter: string): void {
    const [column, row] = [Math.floor(x / 2), Math.floor(y / 4)];
    if (column < 0 || column >= this.columns || row < 0 || row >= this.rows) return;
    this.#letters.set(row * this.columns + column, letter);
  }

  lines(): string[] {
    return Array.from({ length: this.rows }, (_, row) =>
      Array.from({ length: this.columns }, (__, column) => {
        const at = row * this.columns + column;
        return this.#letters.get(at) ?? String.fromCharCode(0x2800 + this.#cells[at]);
      }).join(''),
    );
  }
}
