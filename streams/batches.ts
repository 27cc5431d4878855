import { wholeNumber } from '../src/algebra/argument.js';
import { chosen, flag, type OptionsOf, required, whole, wholeOrInfinite } from '../src/algebra/option.js';
import { type Examples, Random, type Saved, type Seeding } from '../src/index.js';

/** What a cursor answers when there are no more batches; the same in every copy of this library. */
export const usedUp: unique symbol = Symbol.for('fluxion: the batches are used up');

/** A source of batches: cold, so that each run opens a cursor of its own and all see the same batches. */
export interface Batches<B> {
  open(): Cursor<B>;
}

/** One run's place in a source. A batch is made when a step asks for it, never before. */
export interface Cursor<B> {
  next(): B | typeof usedUp | Promise<B | typeof usedUp>;
  /** The place, as plain data. */
  state(): Saved;
  /** Goes to a place that `state` told. */
  restore(place: Saved): void;
  release(batch: B): void;
  /** Called once, when the run ends. */
  close(): void;
}

export interface BatchesOptions {
  /** Examples in a batch. */
  readonly size: number;
  /** Decides their order. */
  readonly seed: number;
  /** Draws each example anew from all of them, endlessly, instead of going through shuffled epochs. */
  readonly replacement?: boolean;
  /** Passes over the examples after which the batches end. */
  readonly epochs?: number;
}

export const batchesOptions: OptionsOf<BatchesOptions> = {
  size: required(whole(1, '[1, ∞)', 'examples in a batch')),
  seed: required(whole(0, '(-∞, ∞)', 'decides their order')),
  replacement: flag(
    false,
    'whether each example is drawn anew from all of them, instead of in shuffled epochs',
  ),
  epochs: wholeOrInfinite('[1, ∞)', 'passes over the examples after which the batches end'),
};

/**
 * Batches of one size from a set of examples, in an order that depends on the seed alone.
 *
 * Each epoch is a permutation of its own. The examples left at an epoch's end, fewer than a batch, are
 * dropped: every batch has one shape, so that losses compare and compiled kernels are used again. With
 * `replacement` every example of every batch is drawn independently.
 *
 * @throws RangeError unless 1 ≤ size ≤ examples.size
 * @example batches(await mnist('train'), { size: 128, seed: 1 })
 */
export function batches<B>(examples: Examples<B>, options: BatchesOptions): Batches<B> {
  const { size, seed, replacement, epochs } = chosen('batches', batchesOptions, options);
  if (size > examples.size) {
    throw new RangeError(
      `batches(size): expected at most the ${examples.size} examples of ${examples.name}, got ${size}`,
    );
  }
  if (replacement && epochs !== Number.POSITIVE_INFINITY) {
    throw new TypeError('batches(epochs): drawing with replacement knows no epochs');
  }
  return {
    open: () =>
      replacement
        ? new Draws(examples, { examples: examples.size, size, seed })
        : new Epochs(examples, { examples: examples.size, size, seed }, epochs),
  };
}

/** What decides the order of the examples: a checkpoint goes on only in the same one. */
interface Order {
  readonly examples: number;
  readonly size: number;
  readonly seed: number;
}

class Epochs<B> implements Cursor<B> {
  #epoch = 0;
  #used = 0;
  #positions: Int32Array | null = null;
  #seeding: Seeding = 'mixed';

  constructor(
    readonly examples: Examples<B>,
    readonly order: Order,
    readonly epochs: number,
  ) {}

  next(): B | typeof usedUp {
    const { examples, size, seed } = this.order;
    if (this.#used + size > examples) {
      this.#epoch++;
      this.#used = 0;
      this.#positions = null;
    }
    if (this.#epoch >= this.epochs) return usedUp;
    this.#positions ??= new Random(seed, this.#seeding).fork(`epoch ${this.#epoch}`).permutation(examples);
    const chosen = this.#positions.slice(this.#used, this.#used + size);
    this.#used += size;
    return this.examples.batch(chosen);
  }

  state(): Saved {
    return { ...this.order, epoch: this.#epoch, used: this.#used, seeding: this.#seeding };
  }

  restore(place: Saved): void {
    const { epoch, used } = fields(place, 'epoch', 'used');
    sameOrder(place, this.order);
    this.#epoch = wholeNumber('batches', 'epoch', epoch, '[0, ∞)');
    this.#used = wholeNumber('batches', 'used', used, '[0, ∞)');
    this.#seeding = seedingOf(place);
    this.#positions = null;
  }

  release(batch: B): void {
    this.examples.release(batch);
  }

  close(): void {}
}

class Draws<B> implements Cursor<B> {
  #random: Random;

  constructor(
    readonly examples: Examples<B>,
    readonly order: Order,
  ) {
    this.#random = new Random(order.seed);
  }

  next(): B {
    const chosen = new Int32Array(this.order.size);
    for (let i = 0; i < chosen.length; i++) chosen[i] = this.#random.integer(this.order.examples);
    return this.examples.batch(chosen);
  }

  state(): Saved {
    return { ...this.order, random: [...this.#random.state()] };
  }

  restore(place: Saved): void {
    sameOrder(place, this.order);
    this.#random = Random.restore(fields(place, 'random').random as readonly number[]);
  }

  release(batch: B): void {
    this.examples.release(batch);
  }

  close(): void {}
}

function sameOrder(place: Saved, order: Order): void {
  const told = fields(place, 'examples', 'size', 'seed');
  for (const name of ['examples', 'size', 'seed'] as const) {
    if (told[name] !== order[name]) {
      throw new TypeError(
        `batches(checkpoint): ${name} was ${told[name]} in the checkpoint, is ${order[name]}`,
      );
    }
  }
}

/** How the seed was taken: the places of 0.1.0 do not tell, and took it plainly. */
function seedingOf(place: Saved): Seeding {
  const { seeding = 'plain' } = place as { readonly seeding?: Saved };
  if (seeding === 'mixed' || seeding === 'plain') return seeding;
  throw new TypeError(`batches(checkpoint): seeding: expected "mixed" or "plain", got ${String(seeding)}`);
}

/** @throws TypeError where a place was told by another kind of source */
export function fields<K extends string>(place: Saved, ...names: K[]): { readonly [name in K]: Saved } {
  const there = place !== null && typeof place === 'object' ? Object.keys(place) : [];
  if (!names.every((name) => there.includes(name))) {
    throw new TypeError(
      `batches(checkpoint): expected a place with ${names.join(', ')}, got ${there.join(', ') || String(place)}`,
    );
  }
  return place as { readonly [name in K]: Saved };
}
