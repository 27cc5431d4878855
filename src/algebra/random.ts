import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

const twoTo32 = 2 ** 32;

/**
 * A seeded stream of random numbers, the same on every arithmetic and machine.
 *
 * Generator: xoroshiro128+ (Blackman and Vigna 2018) as kept by pure-rand. Normal deviates: the polar
 * method of Marsaglia and Bray (1964), which needs no trigonometry.
 *
 * @example
 * const random = new Random(7);
 * random.uniform(); // in [0, 1)
 * const later = Random.restore(random.state()); // continues where `random` stands
 */
export class Random {
  #generator: RandomGenerator;

  constructor(seed: number) {
    if (!Number.isInteger(seed)) throw new RangeError(`Random(seed): expected a whole number, got ${seed}`);
    this.#generator = xoroshiro128plus(seed | 0);
    // The generator itself takes 32 bits of seed: fold the rest in, so that seeds beyond 2³² differ too.
    const high = Math.floor(seed / twoTo32);
    if (high !== 0 && high !== -1) this.#generator = xoroshiro128plus((this.#generator.next() ^ high) | 0);
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
    return new Random(hash);
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
