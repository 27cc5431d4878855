import { fitted } from './fitted.js';

/** Where lines go: process.stdout, or anything like it. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * A block of lines that shows the present state: redrawn in place on a terminal a person looks at, written
 * anew every few seconds where the output goes to a file or pipe.
 */
export class LiveLines {
  #drawn = 0;
  #last: number;

  constructor(
    readonly terminal: Terminal,
    readonly now: () => number = () => performance.now(),
    readonly interval = terminal.isTTY ? 150 : 5_000,
  ) {
    this.#last = now();
  }

  /** Draws if it is time to; `lines` is only asked for then. */
  draw(lines: () => readonly string[]): void {
    if (this.now() - this.#last >= this.interval) this.drawNow(lines());
  }

  drawNow(lines: readonly string[]): void {
    this.#last = this.now();
    if (!this.terminal.isTTY) {
      this.terminal.write(`${lines.join('\n')}\n`);
      return;
    }
    const width = this.terminal.columns ?? 80;
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : '';
    const cut = lines.map((line) => `${fitted(line, width - 1)}\x1b[K\n`);
    this.terminal.write(`${up}${cut.join('')}\x1b[J`);
    this.#drawn = lines.length;
  }

  /** What was drawn stays; the next block starts below it. */
  leave(): void {
    this.#drawn = 0;
  }
}
