import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

const twoTo32 = 2 ** 32;

/** How the bits of a seed become a state. */
export type Seeding = 'mixed' | 'plain';

/**
 * A seeded stream of random numbers, the same on every arithmetic and machine.
 *
 * Generator: xoroshiro128+ (Blackman and Vigna 2018) as kept by pure-rand, its 128 bits of state mixed from
 * the 64 bits of the seed, so that neighbouring seeds give unrelated streams. Normal deviates: the polar
 * method of Marsaglia and Bray (1964), which needs no trigonometry.
 *
 * @example
 * const random = new Random(7);
 * random.uniform(); // in [0, 1)
 * const later = Random.restore(random.state()); // continues where `random` stands
 */
export class Random {
  #generator: RandomGenerator;
  readonly #seeding: Seeding;

  /** A stream of this seed; `'plain'` is how 0.1.0 took seeds, by which its runs go on. */
  constructor(seed: number, seeding: Seeding = 'mixed') {
    if (!Number.isInteger(seed)) throw new RangeError(`Random(seed): expected a whole number, got ${seed}`);
    const [low, high] = [seed | 0, Math.floor(seed / twoTo32) | 0];
    this.#seeding = seeding;
    this.#generator = seeding === 'mixed' ? xoroshiro128plusFromState(stateOf(low, high)) : plain(low, high);
  }

  /** What `restore` needs to continue this stream. */
  state(): readonly number[] {
    return this.#generator.getState();
  }

  static restore(state: readonly number[]): Random {
    const random = new Random(0);
    random.#generator = xoroshiro128plusFromState(state);
    return random;
  }

  /** An independent stream for the given purpose; drawing from it does not advance this one. */
  fork(purpose: string): Random {
    let hash = 0x811c9dc5; // FNV-1a over the purpose and this stream's state
    const mix = (code: number) => (hash = Math.imul(hash ^ code, 0x01000193));
    for (const character of purpose) mix(character.codePointAt(0)!);
    for (const word of this.state()) for (let shift = 0; shift < 32; shift += 8) mix((word >>> shift) & 0xff);
    return new Random(hash, this.#seeding);
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    const high = (this.#generator.next() >>> 0) >>> 6; // 26 bits
    const low = (this.#generator.next() >>> 0) >>> 5; // 27 bits
    return (high * 2 ** 27 + low) / 2 ** 53;
  }

  /** A whole number in [0, bound), without modulo bias. */
  integer(bound: number): number {
    const limit = twoTo32 - (twoTo32 % bound);
    for (;;) {
      const draw = this.#generator.next() >>> 0;
      if (draw < limit) return draw % bound;
    }
  }

  /** −1 or +1. */
  sign(): number {
    return this.#generator.next() < 0 ? -1 : 1;
  }

  /** Standard normal. */
  normal(): number {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  }

  uniforms(count: number): Float64Array {
    return filled(count, () => this.uniform());
  }

  normals(count: number): Float64Array {
    return filled(count, () => this.normal());
  }

  signs(count: number): Float64Array {
    const generator = this.#generator;
    return filled(count, () => (generator.next() < 0 ? -1 : 1));
  }

  /** The numbers 0 … count−1 in random order (Fisher and Yates 1938). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}

/** `Float64Array.from` takes three times as long. */
function filled(count: number, draw: () => number): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = draw();
  return values;
}

/** The golden ratio in 32 bits, whose multiples set the words of a state apart. */
const golden = 0x9e3779b9;

/** 128 bits of state, each depending on every bit of the seed. */
function stateOf(low: number, high: number): readonly number[] {
  return [1, 2, 3, 4].map((word) =>
    mixed(mixed(low + Math.imul(golden, word)) ^ mixed(high - Math.imul(golden, word))),
  );
}

/** The finalizer of MurmurHash3 (Appleby 2011): a one-to-one map of 32 bits in which each bit moves half of all. */
export function mixed(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The seed's bits themselves as state: the first draws of neighbouring seeds are alike. */
function plain(low: number, high: number): RandomGenerator {
  const generator = xoroshiro128plus(low);
  return high === 0 || high === -1 ? generator : xoroshiro128plus((generator.next() ^ high) | 0);
}
