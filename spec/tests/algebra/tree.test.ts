import { describe, expect, it } from 'vitest';
import {
  entries,
  float64,
  leaves,
  mapTree,
  releaseExcept,
  restore,
  type Saved,
  SavedArray,
  type State,
  save,
  treeDot,
  zerosLike,
} from '../../../src/algebra/index.js';

const array = (...values: number[]) => float64.array(values, [values.length]);

describe('trees', () => {
  it('map leaf by leaf and keep their structure', () => {
    float64.scope(() => {
      const tree = { w: [array(1, 2), array(3)], b: float64.array([4], []), none: float64.fill([0], 0) };
      const doubled = mapTree(float64, (x, y) => float64.add(x, y), tree, tree);
      expect(entries(float64, doubled).map(([path, x]) => [path, ...float64.values(x)])).toEqual([
        ['w/0', 2, 4],
        ['w/1', 6],
        ['b', 8],
        ['none'],
      ]);
      expect(leaves(float64, zerosLike(float64, tree)).map((x) => [float64.shape(x), ...x.data])).toEqual([
        [[2], 0, 0],
        [[1], 0],
        [[], 0],
        [[0]],
      ]);
      expect(float64.number(treeDot(float64, tree, tree))).toBe(1 + 4 + 9 + 16);
      expect(float64.number(treeDot(float64, [], []))).toBe(0);
    });
  });

  it('name the path at which two structures part', () => {
    float64.scope(() => {
      const tree = { w: [array(1), array(2)] };
      const add = (x: typeof tree.w, y: unknown) => mapTree(float64, float64.add, { w: x }, y as typeof tree);
      expect(() => add(tree.w, { w: [array(1)] })).toThrow('tree(w/1): expected the same structure');
      expect(() => add(tree.w, { w: [array(1), [array(2)]] })).toThrow(
        'tree(w/1): expected an array in every tree',
      );
      expect(() => add(tree.w, {})).toThrow('tree(w): expected the same structure');
    });
  });

  it('release all but what is kept, shared leaves once', () => {
    const before = float64.live();
    const shared = array(1);
    const kept = array(2);
    releaseExcept(float64, { a: shared, b: [shared, kept], count: 3 }, [kept]);
    expect(float64.live()).toBe(before + 1);
    expect([...float64.values(kept)]).toEqual([2]);
    float64.release(kept);
  });
});

describe('save and restore', () => {
  it('return the same state through plain data', () => {
    float64.scope(() => {
      const state: State<ReturnType<typeof array>> = {
        count: 3,
        moments: [array(1 / 3, -0, Number.NaN), float64.array([Math.PI], [])],
        empty: float64.fill([2, 0], 1),
        note: 'text',
        on: true,
        nothing: null,
      };
      const saved = save(float64, state);
      const again = save(float64, restore(float64, saved));
      expect(again).toEqual(saved);
      const { moments } = saved as { moments: Saved[] };
      expect(moments[0]).toBeInstanceOf(SavedArray);
      const { data } = moments[0] as SavedArray;
      expect(Object.is(data[1], -0) && Number.isNaN(data[2]) && data[0] === 1 / 3).toBe(true);
    });
  });

  it('copy: what happens to the state later does not reach what was saved', () => {
    float64.scope(() => {
      const x = array(1, 2);
      const saved = save(float64, x) as SavedArray;
      x.data.fill(9);
      expect([...saved.data]).toEqual([1, 2]);
    });
  });
});
