import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  columnAt,
  type HeatMap,
  histogramMap,
  histogramsIn,
  partsMap,
} from '../../../dashboard/page/src/charts/heat.js';
import { Lists } from '../../../dashboard/page/src/data/lists.js';
import { signedLogShares } from '../../../src/objective/signed-log-bins.js';

fc.configureGlobal({ seed: 1 });

/** Lists measured at steps that lie ten apart. */
function listsOf(lists: readonly (readonly number[])[]): Lists {
  const kept = new Lists(true);
  lists.forEach((values, k) => {
    kept.add({ step: 10 * k, seconds: k, work: k, evaluations: k }, values);
  });
  return kept;
}

const value = fc
  .tuple(fc.double({ min: -9, max: 5, noNaN: true }), fc.constantFrom(-1, 1, 0))
  .map(([exponent, sign]) => sign * 10 ** exponent);
const histograms = fc.array(
  fc.array(value, { minLength: 1, maxLength: 30 }).map((values) => signedLogShares(values)),
  { minLength: 1, maxLength: 6 },
);

describe('maps of lists', () => {
  test.prop([histograms, fc.constantFrom(0, 2)])(
    'show every entry of a histogram in one row or another',
    (lists, kernel) => {
      const map = histogramMap(listsOf(lists), 'steps', 0, 1000, 0, kernel)!;
      expect(map.edges).toHaveLength(lists.length + 1);
      for (let column = 0; column < lists.length; column++) {
        const shares = Array.from({ length: map.rows }, (_, row) => {
          const [, text] = /: ([\d.]+)/.exec(map.told(column, row))!;
          return Number(text);
        });
        const sum = shares.reduce((all, share) => all + share, 0);
        expect(Math.abs(sum - 100)).toBeLessThan(0.01 * map.rows);
      }
      for (const shade of map.shades) expect(shade).toBeLessThanOrEqual(1);
    },
  );

  test('join few points with weights to a density, the strongest where they are', () => {
    const lists = listsOf([signedLogShares([-0.1, 0.01, 5])]);
    const [points, density] = [0, 2].map((kernel) => histogramMap(lists, 'steps', 0, 1, 0, kernel)!);
    expect(points!.shades.filter((shade) => shade > 0)).toHaveLength(3);
    expect(density!.shades.filter((shade) => shade > 0).length).toBeGreaterThan(25);
    const strongest = (map: HeatMap) => map.told(0, map.shades.indexOf(Math.max(...map.shades)));
    expect(strongest(density!).split(':')[0]).toBe(strongest(points!).split(':')[0]);
  });

  test('show all entries, or those of one parameter', () => {
    const [all, first, second] = [[-0.1, 0.1], [-0.1], [0.1]].map((values) => signedLogShares(values));
    const lists = listsOf([[...all!, ...first!, ...second!]]);
    expect([histogramsIn(lists), histogramsIn(listsOf([all!]))]).toEqual([3, 1]);
    const shades = (part: number) => [...histogramMap(lists, 'steps', 0, 1, part)!.shades];
    expect(shades(0).filter((shade) => shade > 0)).toEqual([1, 1]);
    for (const part of [1, 2]) expect(shades(part).filter((shade) => shade > 0)).toEqual([1]);
    expect(shades(1).indexOf(1)).toBe(shades(2).length - 1 - shades(2).indexOf(1));
  });

  test('keep the sides of 0 apart, and name 0 and the powers of ten', () => {
    const map = histogramMap(listsOf([signedLogShares([-0.02, -0.02, 0, 5])]), 'steps', 0, 1)!;
    const zero = map.ticks.find(({ text }) => text === '0')!.value;
    const shades = [...map.shades];
    expect(shades.slice(0, Math.floor(zero)).filter((shade) => shade > 0)).toEqual([1]);
    expect(shades.slice(Math.ceil(zero)).filter((shade) => shade > 0)).toEqual([Math.sqrt(0.5)]);
    expect(map.ticks.map(({ text }) => text)).toContain('−10⁻¹');
    expect(map.told(0, Math.floor(zero))).toMatch(/^\|v\| < .*: 25\.00/);
  });

  test('name parameters from the top, the stronger the greater, and find what lies at a place', () => {
    const lists = listsOf([
      [1e-3, 0.1],
      [1e-2, 0],
    ]);
    const map = partsMap(lists, ['first', 'second'], 'steps', 0, 100)!;
    expect(map.told(0, 1)).toBe('first: 0.001000');
    expect(map.told(1, 0)).toBe('second: 0');
    expect(map.shades[2 * 0 + 0]).toBe(1);
    expect(map.shades[2 * 1 + 0]).toBe(0);
    // Measured at 0 and 10: each reaches half-way to the other; what was seen last holds until the next look.
    expect([-6, -4, 4, 6, 19, 21].map((place) => columnAt(map, place))).toEqual([-1, 0, 0, 1, 1, -1]);
    const whole = partsMap(lists, [], 'steps', 0, 12)!;
    expect([14, 16].map((place) => columnAt(whole, place))).toEqual([1, -1]);
    const single = partsMap(listsOf([[0, 0]]), [], 'steps', 0, 40)!;
    expect([single.scale, columnAt(single, 1.9), columnAt(single, 2.1)]).toEqual(['0 everywhere', 0, -1]);
  });

  test('hold as many columns as can be told apart, whatever was measured', () => {
    const many = listsOf(Array.from({ length: 5000 }, (_, k) => signedLogShares([k / 5000, -1])));
    expect(histogramMap(many, 'steps', 0, 50_000)!.edges.length).toBeLessThanOrEqual(161);
    expect(histogramMap(many, 'steps', 100, 200)!.edges).toHaveLength(13);
  });
});
