import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { float64, type Transform } from '../../../src/index.js';
import { ModuleGraph } from '../../bench/mutation/graph.js';
import { sitesOf } from '../../bench/mutation/sites.js';
import { switched } from '../../bench/mutation/switched.js';
import { mutationPage } from './mutation-page.js';

const root = resolve(import.meta.dirname, '../../..');
const file = 'src/transforms/scale-by-moments.ts';
const survivors = JSON.parse(readFileSync(`${root}/spec/data/survivors.json`, 'utf8')) as {
  id: string;
  reason: string;
}[];
const files = [...new Set([file, ...survivors.map(({ id }) => id.split(' ¦ ')[0])])];
const sites = sitesOf(
  files.map((name) => `${root}/${name}`),
  root,
);
const mine = sites.filter((site) => site.file === file).map((site, number) => ({ ...site, number }));

describe('numeric mutation', () => {
  it('finds the mistakes that Adam invites, and leaves options and words alone', () => {
    const made = mine.map(({ operator, before, after }) => `${operator}: ${before} → ${after}`);
    expect(made).toEqual(
      expect.arrayContaining([
        'count: state.count + 1 → state.count',
        'complement: 1 - beta1 → beta1',
        'count: beta2 ** count → (beta2) ** (count + 1)',
        'root: algebra.square(u) → u',
        'factor: algebra.div(m, correction1) → m',
        'stale: correction2 → beta2',
        'stale: mean → state.mean',
      ]),
    );
    expect(made.filter((one) => /chosen|number\(|'scaleByMoments'/.test(one))).toEqual([]);
    expect(new Set(mine.map(({ id }) => id)).size).toBe(mine.length);
  });

  it('switches one mutant on at a time, and none leaves the source as it was', () => {
    let active = -1;
    const switches = globalThis as { __at?: (number: number) => boolean; __tick?: () => void };
    switches.__at = (number) => number === active;
    switches.__tick = () => {};
    const text = switched(readFileSync(`${root}/${file}`, 'utf8'), mine);
    const make = (texts: ReadonlyMap<string, string>) =>
      new ModuleGraph(texts).load(`${root}/${file}`).scaleByMoments as (options: object) => Transform;
    const wrong = make(new Map([[`${root}/${file}`, text]]));
    const right = make(new Map());
    // Roots are taken in one pass over memory, other powers step by step.
    const outcome = (scaleByMoments: typeof right) =>
      [0.5, 0.25].map((exponent) => taken(scaleByMoments, exponent)).join();
    const taken = (scaleByMoments: typeof right, exponent: number) => {
      const { init, update } = scaleByMoments({ beta1: 0.25, beta2: 0.75, epsilon: 0.125, exponent });
      const parameters = float64.array([1, -2], [2]);
      let state = init(parameters, float64);
      const updates = [0.5, -1, 3].map((g, step) => {
        const u = float64.array([g, 2 * g], [2]);
        const context = { algebra: float64, update: u, gradient: u, parameters, step } as never;
        const next = update(context, state as never) as { update: never; state: typeof state };
        state = next.state;
        return [...float64.values(next.update)];
      });
      return JSON.stringify(updates);
    };
    const expected = outcome(right);
    expect(outcome(wrong)).toBe(expected);
    const others = mine.map(({ number }) => {
      active = number;
      try {
        return outcome(wrong);
      } catch (error) {
        return String(error);
      }
    });
    active = -1;
    expect(outcome(wrong)).toBe(expected);
    expect(mine.filter((_, i) => others[i] === expected).map(({ before }) => before)).toEqual([]);
    delete switches.__at;
    delete switches.__tick;
  });

  it('keeps reasons for survivors that there are', () => {
    const known = new Set(sites.map(({ id }) => id));
    expect(survivors.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
    for (const { reason } of survivors) expect(reason.length).toBeGreaterThan(20);
  });

  it('is a page of the docs', async () => {
    await expect(mutationPage(survivors)).toMatchFileSnapshot('../../../docs/mutation.md');
  });
});
