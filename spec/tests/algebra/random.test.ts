import fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/algebra/index.js';
import { mixed } from '../../../src/algebra/random.js';
import { seed } from '../../seed.js';

/** Statistical laws accept |z| ≤ 6. */
const mostSigmas = 6;
const count = 100_000;

/** xoroshiro128+ as published by Blackman and Vigna (2018, a = 24, b = 16, c = 37), in 64-bit whole numbers. */
function* published(s0: bigint, s1: bigint): Generator<bigint> {
  const mask = (1n << 64n) - 1n;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (64n - k))) & mask;
  for (;;) {
    yield (s0 + s1) & mask;
    s1 ^= s0;
    s0 = rotate(s0, 24n) ^ s1 ^ ((s1 << 16n) & mask);
    s1 = rotate(s1, 37n);
  }
}

describe('Random', () => {
  it('draws the published xoroshiro128+ from its own state', () => {
    const random = new Random(42);
    const [high0, low0, high1, low1] = random.state().map((word) => BigInt(word >>> 0));
    const reference = published((high0 << 32n) | low0, (high1 << 32n) | low1);
    const draw = () => Number((reference.next().value as bigint) & 0xffffffffn);
    for (let i = 0; i < 1_000; i++) {
      const high = draw() >>> 6;
      const low = draw() >>> 5;
      expect(random.uniform()).toBe((high * 2 ** 27 + low) / 2 ** 53);
    }
  });

  it('gives the known answers of pure-rand 8 from a seed taken plainly, as 0.1.0 did', () => {
    const generator = xoroshiro128plus(42);
    expect([generator.next(), generator.next(), generator.next(), generator.next()]).toEqual([
      -43, -707462423, -8332113, -783010828,
    ]);
    const random = new Random(42, 'plain');
    expect(random.sign()).toBe(-1); // −43
    expect(random.integer(10)).toBe((2 ** 32 - 707462423) % 10);
  });

  it('mixes seeds by the published finalizer of MurmurHash3', () => {
    // MurmurHash3_x86_32 of nothing is fmix32 of its seed: 1 gives 514e28b7, ffffffff gives 81f16f39 (Appleby's tests).
    expect([1, -1].map((word) => mixed(word) >>> 0)).toEqual([0x514e28b7, 0x81f16f39]);
  });

  it.each(['neighbouring seeds', 'one purpose of neighbouring seeds', 'seeds 2³² apart'])(
    'draws unrelated numbers from %s, the first of all among them',
    (kind) => {
      const streams = Array.from({ length: 4_000 }, (_, k) => {
        if (kind === 'seeds 2³² apart') return new Random(k * 2 ** 32);
        return kind === 'neighbouring seeds' ? new Random(k) : new Random(k).fork('batches');
      });
      for (let draw = 0; draw < 12; draw++) {
        const drawn = streams.map((random) => random.uniform() - 1 / 2);
        const sum = drawn.reduce((total, u) => total + u, 0);
        expect(Math.abs(sum) / Math.sqrt(drawn.length / 12)).toBeLessThan(mostSigmas);
        for (const lag of [1, 2, 4, 256]) {
          const product = drawn.reduce((total, u, k) => total + u * (drawn[k + lag] ?? 0), 0);
          expect((12 * Math.abs(product)) / Math.sqrt(drawn.length - lag)).toBeLessThan(mostSigmas);
        }
      }
    },
  );

  it('repeats itself with the same seed, differs with another, beyond 32 bits too', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        fc.pre(a !== b);
        expect(new Random(a).uniforms(4)).toEqual(new Random(a).uniforms(4));
        expect(new Random(a).uniforms(4)).not.toEqual(new Random(b).uniforms(4));
      }),
      { seed },
    );
    expect(new Random(5).uniforms(4)).not.toEqual(new Random(5 + 2 ** 32).uniforms(4));
  });

  it('continues from a saved state', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(20), (from, drawn) => {
        const random = new Random(from);
        random.normals(drawn);
        const state = JSON.parse(JSON.stringify(random.state()));
        expect(Random.restore(state).normals(5)).toEqual(random.normals(5));
      }),
      { seed },
    );
  });

  it('refuses a seed that is no whole number', () => {
    expect(() => new Random(0.5)).toThrow('Random(seed): expected a whole number, got 0.5');
  });

  it('is uniform: mean, variance, and a χ² over 64 cells', () => {
    const draws = new Random(seed).uniforms(count);
    const mean = draws.reduce((total, u) => total + u, 0) / count;
    expect(Math.abs(mean - 1 / 2) / Math.sqrt(1 / 12 / count)).toBeLessThan(mostSigmas);
    const square = draws.reduce((total, u) => total + u * u, 0) / count;
    expect(Math.abs(square - 1 / 3) / Math.sqrt(4 / 45 / count)).toBeLessThan(mostSigmas);
    expect(
      chiSquareSigmas(
        [...draws].map((u) => Math.floor(u * 64)),
        64,
      ),
    ).toBeLessThan(mostSigmas);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
  });

  it('draws whole numbers, signs and permutations uniformly', () => {
    const random = new Random(seed);
    for (const bound of [2, 3, 10, 48]) {
      const draws = Array.from({ length: count / 4 }, () => random.integer(bound));
      expect(chiSquareSigmas(draws, bound)).toBeLessThan(mostSigmas);
    }
    const signs = random.signs(count);
    const total = signs.reduce((sum, s) => sum + s, 0);
    expect(Math.abs(total) / Math.sqrt(count)).toBeLessThan(mostSigmas);
    const orders = Array.from({ length: count / 4 }, () => {
      const [a, b, c] = random.permutation(3);
      expect([a, b, c].sort()).toEqual([0, 1, 2]);
      return a * 2 + (b > c ? 1 : 0);
    });
    expect(chiSquareSigmas(orders, 6)).toBeLessThan(mostSigmas);
  });

  it('draws normal deviates: the first four moments', () => {
    const draws = new Random(seed).normals(count);
    const moment = (power: number) => draws.reduce((total, z) => total + z ** power, 0) / count;
    // Variances of zᵖ for a standard normal z: 1, 2, 15, 96.
    expect(Math.abs(moment(1)) / Math.sqrt(1 / count)).toBeLessThan(mostSigmas);
    expect(Math.abs(moment(2) - 1) / Math.sqrt(2 / count)).toBeLessThan(mostSigmas);
    expect(Math.abs(moment(3)) / Math.sqrt(15 / count)).toBeLessThan(mostSigmas);
    expect(Math.abs(moment(4) - 3) / Math.sqrt(96 / count)).toBeLessThan(mostSigmas);
  });

  it('forks streams that neither advance their parent nor resemble it or one another', () => {
    const parent = new Random(seed);
    const untouched = new Random(seed);
    const first = parent.fork('batches').normals(count);
    const second = parent.fork('probes').normals(count);
    expect(parent.normals(8)).toEqual(untouched.normals(8));
    expect(new Random(seed).fork('batches').normals(8)).toEqual(first.slice(0, 8));
    const own = untouched.normals(count);
    for (const [x, y] of [
      [first, second],
      [first, own],
      [second, own],
    ]) {
      const product = x.reduce((total, z, i) => total + z * y[i], 0);
      expect(Math.abs(product) / Math.sqrt(count)).toBeLessThan(mostSigmas);
    }
  });
});

/** How many standard deviations the χ² statistic of these draws lies from its mean. */
function chiSquareSigmas(draws: readonly number[], cells: number): number {
  const seen = new Array<number>(cells).fill(0);
  for (const draw of draws) seen[draw]++;
  const expected = draws.length / cells;
  const statistic = seen.reduce((total, n) => total + (n - expected) ** 2 / expected, 0);
  return Math.abs(statistic - (cells - 1)) / Math.sqrt(2 * (cells - 1));
}
