import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brushed, parallelAxes, triedIn } from '../../../dashboard/page/src/data/parallel.js';
import type { RunSummary } from '../../../dashboard/record/runs/index.js';

const ofRun = (
  path: string,
  options: Record<string, string | number | boolean>,
  best?: number,
): RunSummary => ({
  path,
  standing: 'ended',
  problem: 'mnist',
  created: '2026-01-01T00:00:00Z',
  seed: 1,
  seconds: 1,
  methods: [
    { name: 'adam', label: 'adam', options, steps: 10, line: [], ...(best !== undefined && { best }) },
  ],
});

const runs = fc
  .array(
    fc.record({
      rate: fc.double({ min: 1e-6, max: 10, noNaN: true }),
      guard: fc.constantFrom('skip', 'damp', true),
      depth: fc.integer({ min: -3, max: 3 }),
      best: fc.double({ min: 1e-12, max: 1e12, noNaN: true }),
    }),
    { minLength: 2, maxLength: 20 },
  )
  .map((all) => all.map(({ best, ...options }, i) => ofRun(`run ${i}`, options as never, best)));

describe('parallel coordinates', () => {
  it('place every value between foot and head, in its order, the best value upside down', () => {
    fc.assert(
      fc.property(runs, (all) => {
        const tried = triedIn(all);
        for (const { name, place, ticks } of parallelAxes(tried)) {
          const known = tried.map(({ values }) => values.get(name)!);
          for (const value of known) {
            expect(place(value)).toBeGreaterThanOrEqual(-1e-9);
            expect(place(value)).toBeLessThanOrEqual(1 + 1e-9);
          }
          const numbers = known.filter((value) => typeof value === 'number').sort((a, b) => a - b);
          const places = numbers.map((value) => (name === 'best' ? 1 - place(value)! : place(value)!));
          expect(places).toEqual(places.toSorted((a, b) => a - b));
          for (const { at } of ticks) expect(at > -1e-9 && at < 1 + 1e-9).toBe(true);
        }
      }),
    );
  });

  it('tell small values apart where one method came to 0, which stands beyond them', () => {
    const bests = [740, 1e-20, 1e-30, 0];
    const [axis] = parallelAxes(triedIn(bests.map((best, i) => ofRun(`run ${i}`, {}, best))));
    const places = bests.map((best) => axis!.place(best)!);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (let i = 1; i < places.length; i++) expect(places[i]! - places[i - 1]!).toBeGreaterThan(0.1);
    expect(axis!.ticks[0]).toEqual({ at: 1, text: '0' });
  });

  it('have an axis for what differs, options before results, and none for what does not', () => {
    const axes = (...all: RunSummary[]) => parallelAxes(triedIn(all)).map(({ name }) => name);
    expect(axes(ofRun('a', { rate: 1, beta: 0.9 }, 3), ofRun('b', { rate: 2, beta: 0.9 }, 2))).toEqual([
      'rate',
      'best',
    ]);
    expect(axes(ofRun('a', { rate: 1 }, 3), ofRun('b', { rate: 2 }))).toEqual([]); // one came to nothing
    const many = (i: number) => Object.fromEntries(Array.from({ length: 30 }, (_, k) => [`o${k}`, i]));
    const shown = axes(ofRun('a', many(1), 3), ofRun('b', many(2), 4));
    expect([shown.length, shown[0], shown.at(-1)]).toEqual([14, 'o0', 'best']);
  });

  it('keep what lies in every brush, and what has no place on an axis in none', () => {
    const tried = triedIn([
      ofRun('a', { rate: 1 }, 1),
      ofRun('b', { rate: 2, guard: 'skip' }, 2),
      ofRun('c', { rate: 3, guard: 'damp' }, 3),
    ]);
    const axes = parallelAxes(tried);
    const left = (brushes: Record<string, readonly [number, number]>) =>
      brushed(
        tried,
        axes,
        new Map(Object.entries(brushes).map(([name, [from, to]]) => [name, { from, to }])),
      ).map(({ path }) => path);
    expect(left({})).toEqual(['a', 'b', 'c']);
    expect(left({ rate: [0.5, 1] })).toEqual(['b', 'c']);
    expect(left({ guard: [0, 1] })).toEqual(['b', 'c']);
    expect(left({ rate: [0, 0.5], best: [0.5, 1] })).toEqual(['a', 'b']);
    expect(left({ elsewhere: [0, 0] })).toEqual(['a', 'b', 'c']); // an axis that is no longer there
  });
});
