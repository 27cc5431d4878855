import { shown } from '../src/algebra/argument.js';
import type { Saved } from '../src/index.js';
import { type Batches, type Cursor, fields, usedUp } from './batches.js';

/** Where batches may come from: a source, or anything that can be iterated. */
export type BatchSource<B> = Batches<B> | Iterable<B> | AsyncIterable<B>;

/**
 * Makes a source of anything that can be iterated, anew by each run; its batches stay their maker's, who
 * alone releases them.
 *
 * A checkpoint counts the batches taken, and a restored run passes over that many: right for whatever
 * iterates the same each time. An iterator that can be gone through only once is refused the second time.
 *
 * @throws TypeError on what is neither a source nor iterable
 */
export function toBatches<B>(source: BatchSource<B>): Batches<B> {
  if (source !== null && typeof source === 'object') {
    if ('open' in source) return source;
    if (Symbol.iterator in source || Symbol.asyncIterator in source) {
      const opened = new WeakSet<object>();
      return { open: () => new Iterated(source, opened) };
    }
  }
  throw new TypeError(`train(batches): expected batches(…) or something iterable, got ${shown(source)}`);
}

class Iterated<B> implements Cursor<B> {
  readonly #iterator: Iterator<B> | AsyncIterator<B>;
  #taken = 0;
  #toPass = 0;

  constructor(source: Iterable<B> | AsyncIterable<B>, opened: WeakSet<object>) {
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    if (opened.has(this.#iterator)) {
      throw new TypeError('train(batches): this iterator was used by another run; give each run its own');
    }
    opened.add(this.#iterator);
  }

  next(): B | typeof usedUp | Promise<B | typeof usedUp> {
    for (;;) {
      const result = this.#iterator.next();
      if ('then' in result)
        return Promise.resolve(result).then((later) => (this.#counts(later) ? take(later) : this.next()));
      if (this.#counts(result)) return take(result);
    }
  }

  /** Whether this is for the run, rather than one that was taken before the checkpoint. */
  #counts(result: IteratorResult<B>): boolean {
    if (result.done) return true;
    if (this.#toPass > 0) {
      this.#toPass--;
      return false;
    }
    this.#taken++;
    return true;
  }

  state(): Saved {
    return { taken: this.#taken };
  }

  restore(place: Saved): void {
    this.#taken = this.#toPass = fields(place, 'taken').taken as number;
  }

  release(): void {}

  close(): void {
    const closing = this.#iterator.return?.();
    // The run is over: a rejection of an asynchronous `return` has nowhere to go.
    if (closing instanceof Promise) closing.catch(() => {});
  }
}

const take = <B>(result: IteratorResult<B>): B | typeof usedUp => (result.done ? usedUp : result.value);
