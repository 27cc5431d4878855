import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { contestantsOf } from '../../../dashboard/page/src/data/contestants.js';
import { Curve } from '../../../dashboard/page/src/data/curve.js';
import { RunRecord } from '../../../dashboard/page/src/data/run-record.js';
import { SeedBand } from '../../../dashboard/page/src/data/seed-band.js';
import type { RunStarted } from '../../../dashboard/record/events.js';

fc.configureGlobal({ seed: 1 });

const values = fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 1, maxLength: 80 });
const runs = fc.array(values, { minLength: 2, maxLength: 5 });

function grow(curve: Curve, numbers: readonly number[], every = 1): void {
  for (const number of numbers) {
    const step = every * curve.raw.length;
    curve.add({ step, seconds: step, work: step, evaluations: step }, number);
  }
}

const read = ({ raw }: Curve) => Array.from({ length: raw.length }, (_, i) => raw.at(i));
const all = ({ least, median, most }: SeedBand) => [least, median, most].map(read);

describe('a quantity under several seeds', () => {
  test.prop([runs])('goes as far as all runs come, its median within its band', (numbers) => {
    const curves = numbers.map((each) => {
      const curve = new Curve();
      grow(curve, each);
      return curve;
    });
    const band = new SeedBand();
    band.update(curves, 1, false);
    const length = Math.min(...numbers.map((each) => each.length));
    expect(all(band).map((each) => each.length)).toEqual([length, length, length]);
    for (let i = 0; i < length; i++) {
      const sorted = numbers.map((each) => each[i]!).sort((a, b) => a - b);
      expect(band.least.raw.at(i)).toBe(sorted[0]);
      expect(band.most.raw.at(i)).toBe(sorted.at(-1));
      const half = sorted.length / 2;
      expect(sorted.filter((value) => value < band.median.raw.at(i)).length).toBeLessThanOrEqual(half);
      expect(sorted.filter((value) => value > band.median.raw.at(i)).length).toBeLessThanOrEqual(half);
    }
  });

  test.prop([runs, fc.integer({ min: 1, max: 4 }), fc.boolean()])(
    'is the same however its runs came in',
    (numbers, span, log) => {
      const [slow, whole] = [new SeedBand(), new SeedBand()];
      const curves = numbers.map(() => new Curve());
      const longest = Math.max(...numbers.map((each) => each.length));
      for (let at = 0; at < longest; at += 7) {
        numbers.forEach((each, k) => {
          grow(curves[k]!, each.slice(at, at + 7));
        });
        slow.update(curves, span, log);
      }
      whole.update(curves, span, log);
      const [one, other] = [all(slow), all(whole)];
      one.forEach((each, k) => {
        expect(each).toHaveLength(other[k]!.length);
        for (const [i, value] of each.entries()) expect(value).toBeCloseTo(other[k]![i]!, 6);
      });
    },
  );

  test('a run that is lost counts as worse than any, and other steps are met by the last no later', () => {
    const curves = [new Curve(), new Curve(), new Curve()];
    grow(curves[0]!, [1, 2, 3, 4]);
    grow(curves[1]!, [5, Number.NaN, 7, 8]);
    grow(curves[2]!, [3, 9], 2);
    const band = new SeedBand();
    band.update(curves, 1, false);
    expect(read(band.most)).toEqual([5, Infinity, 9]);
    expect(read(band.median)).toEqual([3, 3, 7]);
  });
});

const started = (run: string, seed: number, methods: RunStarted['methods']): RunStarted => ({
  kind: 'run',
  run,
  problem: 'mnist',
  created: '',
  seed,
  steps: 9,
  batch: 128,
  methods,
});
const described = (label: string, more: object = {}) => ({
  name: label,
  label,
  options: {},
  operators: [],
  ...more,
});
const recorded = (run: RunStarted, name?: string) => {
  const record = new RunRecord(name);
  record.apply(run);
  return record;
};

describe('contestants', () => {
  test('are the seeds of a race, and the runs of other seeds that it is compared with', () => {
    const seeds = [1, 2].flatMap((seed) =>
      ['adam', 'kfac'].map((name) => described(`${name} seed ${seed}`, { seed, contestant: name })),
    );
    expect(contestantsOf(recorded(started('a', 1, seeds)))).toEqual([
      { label: 'adam', members: [0, 2] },
      { label: 'kfac', members: [1, 3] },
    ]);
    const first = recorded(started('a', 1, [described('adam'), described('kfac')]));
    first.compareWith(recorded(started('b', 2, [described('adam')]), 'b'));
    first.compareWith(recorded(started('c', 1, [described('kfac')]), 'c'));
    first.compareWith(recorded(started('d', 3, [described('adam', { options: { beta1: 0.5 } })]), 'd'));
    expect(contestantsOf(first)).toEqual([
      { label: 'adam', members: [0, 2] },
      { label: 'kfac', members: [1] },
      { label: 'c: kfac', members: [3] },
      { label: 'd: adam', members: [4] },
    ]);
  });
});
