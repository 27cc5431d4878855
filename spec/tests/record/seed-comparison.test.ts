import { expect, test } from 'vitest';
import type { MethodResult, RunStarted } from '../../../dashboard/record/events.js';
import { seedComparison } from '../../../dashboard/record/seed-comparison.js';

const run = (contestants: readonly string[], seeds: number, target?: number): RunStarted => ({
  kind: 'run',
  run: 'r',
  problem: 'mnist',
  created: '',
  seed: 1,
  steps: 100,
  ...(target !== undefined && { target }),
  methods: Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
    contestants.map((contestant) => ({
      name: contestant,
      label: `${contestant} seed ${seed}`,
      ...(seeds > 1 && { seed, contestant }),
      options: {},
      operators: [],
    })),
  ),
});

/** Results in the order of the run's methods. */
const results = (of: RunStarted, values: Record<string, readonly Partial<MethodResult>[]>): MethodResult[] =>
  of.methods.map(({ name, label, seed, contestant }) => ({
    name,
    label,
    seed,
    contestant,
    steps: 100,
    millisecondsPerStep: 1,
    outcome: { kind: 'budget', message: '' },
    ...values[name][seed ?? 0],
  }));

const losses = (...list: number[]) => list.map((trainLoss) => ({ trainLoss }));

test('by the training loss: z is the difference over its pooled deviation, by hand', () => {
  const of = run(['a', 'b', 'c'], 3);
  const comparison = seedComparison(
    of,
    results(of, { a: losses(1.1, 1.2, 1.3), b: losses(0.9, 1, 1.1), c: losses(3, 4, 5) }),
  )!;
  expect(comparison.by).toBe('trainLoss');
  expect(comparison.contestants.map(({ label, spread }) => [label, spread!.mean.toFixed(6)])).toEqual([
    ['a', '1.200000'],
    ['b', '1.000000'],
    ['c', '4.000000'],
  ]);
  expect(comparison.contestants[0].spread!.deviation).toBeCloseTo(0.1, 12);
  const [ba, bc, ac] = comparison.pairs;
  // Deviations 0.1 and 0.1, three runs each: z = 0.2/(0.1·√(2/3)).
  expect(ba).toMatchObject({ faster: 'b', than: 'a', significant: false });
  expect(ba.z).toBeCloseTo(0.2 / (0.1 * Math.sqrt(2 / 3)), 10);
  // Variances 0.01 and 1 pooled.
  expect(bc).toMatchObject({ faster: 'b', than: 'c', significant: true });
  expect(bc.z).toBeCloseTo(3 / Math.sqrt((0.505 * 2) / 3), 10);
  expect(ac).toMatchObject({ faster: 'a', than: 'c', significant: true });
});

test('by the steps to a target: a method that does not always meet it is faster than none', () => {
  const of = run(['a', 'b', 'never'], 2, 0.1);
  const steps = (...list: (number | null)[]) =>
    list.map((stepsToTarget) => ({ stepsToTarget, trainLoss: stepsToTarget === null ? 0.2 : 0.05 }));
  const { by, target, contestants, pairs } = seedComparison(
    of,
    results(of, { a: steps(40, 42), b: steps(60, 62), never: steps(10, null) }),
  )!;
  expect([by, target]).toEqual(['stepsToTarget', 0.1]);
  expect(contestants.map(({ meetsTarget }) => meetsTarget)).toEqual([true, true, false]);
  expect(contestants[2].values).toEqual([10, null]);
  expect(contestants[2].spread).toBeUndefined();
  // 10 and all of its 100 steps lie in the middle: it is counted, and called faster than none.
  expect(pairs.map(({ faster, than, significant }) => [faster, than, significant])).toEqual([
    ['a', 'never', false],
    ['a', 'b', true],
    ['never', 'b', false],
  ]);
  expect(pairs[2].z).toBeNaN();
});

test('on functions by the steps where all converged, else by the value', () => {
  const of = run(['a', 'b'], 2);
  const ended = (kind: 'converged' | 'budget', steps: number, value: number) =>
    ({ outcome: { kind, message: '' }, x: [1], steps, value }) as Partial<MethodResult>;
  const all = {
    a: [ended('converged', 5, 0), ended('converged', 5, 0)],
    b: [ended('converged', 9, 0), ended('converged', 9, 0)],
  };
  const converged = seedComparison(of, results(of, all))!;
  expect(converged.by).toBe('steps');
  expect(converged.pairs).toEqual([{ faster: 'a', than: 'b', z: Infinity, significant: true }]);
  const open = seedComparison(of, results(of, { ...all, b: [ended('budget', 100, 2), all.b[1]] }))!;
  expect(open.by).toBe('value');
});

test('one seed compares nothing', () => {
  const of = run(['a'], 1);
  expect(seedComparison(of, results(of, { a: losses(1) }))).toBeUndefined();
});
