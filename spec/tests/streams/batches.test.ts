import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Examples } from '../../../src/objective/problem.js';
import { type Batches, batches, type Cursor, usedUp } from '../../../streams/index.js';
import { toBatches } from '../../../streams/iterated-batches.js';

/** Examples whose batches are the positions themselves. */
const numbers = (size: number): Examples<number[]> & { made: number } => ({
  name: 'numbers',
  size,
  made: 0,
  batch(positions) {
    this.made++;
    return [...positions];
  },
  release() {},
});

function take<B>(cursor: Cursor<B>, count: number): B[] {
  return Array.from({ length: count }, () => cursor.next() as B);
}

const shape = fc
  .record({
    examples: fc.integer({ min: 1, max: 12 }),
    part: fc.integer({ min: 1, max: 12 }),
    seed: fc.integer(),
    replacement: fc.boolean(),
  })
  .map(({ examples, part, ...rest }) => ({ examples, size: Math.min(part, examples), ...rest }));

describe('batches', () => {
  test.prop([shape])(
    'goes through every epoch in an order of its own, whole batches only',
    ({ examples, size, seed }) => {
      const each = Math.floor(examples / size);
      const cursor = batches(numbers(examples), { size, seed, epochs: 3 }).open();
      for (let epoch = 0; epoch < 3; epoch++) {
        const seen = take(cursor, each).flat();
        expect(seen.length).toBe(each * size);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.every((i) => i >= 0 && i < examples)).toBe(true);
      }
      expect(cursor.next()).toBe(usedUp);
      expect(cursor.next()).toBe(usedUp);
    },
  );

  it('orders epochs and seeds differently', () => {
    const epochs = (seed: number) => take(batches(numbers(20), { size: 20, seed }).open(), 2).map(String);
    expect(new Set([...epochs(1), ...epochs(2)]).size).toBe(4);
  });

  it('draws with replacement from all examples', () => {
    const seen = take(batches(numbers(5), { size: 5, seed: 3, replacement: true }).open(), 40);
    expect(seen.some((batch) => new Set(batch).size < 5)).toBe(true);
    expect(new Set(seen.flat()).size).toBe(5);
  });

  test.prop([shape, fc.nat(20)])('goes on from a saved place', ({ examples, ...options }, passed) => {
    const source = batches(numbers(examples), options);
    const cursor = source.open();
    take(cursor, passed);
    const later = source.open();
    later.restore(JSON.parse(JSON.stringify(cursor.state())));
    expect(take(later, 8)).toEqual(take(cursor, 8));
  });

  it('makes a batch when it is asked for, never ahead', async () => {
    const law = (open: (examples: Examples<number[]>) => Batches<number[]>) => {
      const examples = numbers(6);
      const cursor = open(examples).open();
      for (let asked = 0; asked < 5; asked++) {
        expect(examples.made).toBe(asked);
        cursor.next();
      }
    };
    law((examples) => batches(examples, { size: 2, seed: 1 }));
    const ahead = (examples: Examples<number[]>): Batches<number[]> => ({
      open() {
        const cursor = batches(examples, { size: 2, seed: 1 }).open();
        let next = cursor.next();
        return { ...cursor, next: () => [next, (next = cursor.next())][0] } as Cursor<number[]>;
      },
    });
    expect(() => law(ahead)).toThrow();
  });

  it('refuses what cannot be meant', () => {
    expect(() => batches(numbers(3), { size: 4, seed: 1 })).toThrow(
      'batches(size): expected at most the 3 examples of numbers, got 4',
    );
    expect(() => batches(numbers(3), { size: 0, seed: 1 })).toThrow('batches(size)');
    expect(() => batches(numbers(3), { size: 1, seed: 0.5 })).toThrow('batches(seed)');
    expect(() => batches(numbers(3), { size: 1, seed: 1, epochs: 1, replacement: true })).toThrow('epochs');
    expect(() => batches(numbers(3), { size: 1, seed: 1, shuffle: true } as never)).toThrow('shuffle');
  });

  it('refuses a place in another order', () => {
    const place = batches(numbers(6), { size: 2, seed: 1 }).open().state();
    const other = (options: { size: number; seed: number; replacement?: boolean }) => () =>
      batches(numbers(6), options).open().restore(place);
    expect(other({ size: 3, seed: 1 })).toThrow('size was 2 in the checkpoint, is 3');
    expect(other({ size: 2, seed: 2 })).toThrow('seed was 1 in the checkpoint, is 2');
    expect(other({ size: 2, seed: 1, replacement: true })).toThrow('expected a place with random');
  });
});

describe('what can be iterated', () => {
  it('is a source, passed over as far as a checkpoint counts', () => {
    const cursor = toBatches([1, 2, 3]).open();
    expect([cursor.next(), cursor.next()]).toEqual([1, 2]);
    const later = toBatches([1, 2, 3]).open();
    later.restore(cursor.state());
    expect([later.next(), later.next(), later.next()]).toEqual([3, usedUp, usedUp]);
  });

  it('may be asynchronous', async () => {
    async function* count() {
      yield 1;
      yield 2;
    }
    const cursor = toBatches(count()).open();
    cursor.restore({ taken: 1 });
    expect([await cursor.next(), await cursor.next()]).toEqual([2, usedUp]);
  });

  it('is closed with the run', () => {
    let closed = 0;
    function* endless() {
      try {
        for (;;) yield 1;
      } finally {
        closed++;
      }
    }
    const cursor = toBatches(endless()).open();
    cursor.next();
    cursor.close();
    expect(closed).toBe(1);
  });

  it('is refused where it would be shared, or is nothing of the kind', () => {
    const source = toBatches([1, 2][Symbol.iterator]());
    source.open();
    expect(() => source.open()).toThrow('used by another run');
    expect(() => toBatches(7 as never)).toThrow('expected batches(…) or something iterable, got 7');
  });
});
