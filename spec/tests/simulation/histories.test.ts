import { describe, expect, test } from 'vitest';
import { allFaults } from '../../simulation/faults.js';
import { History } from '../../simulation/history.js';
import { mistakes, mistakesOfRaces } from '../../simulation/parts.js';
import { RaceHistory } from '../../simulation/race/race-history.js';
import { smallest } from '../../simulation/smallest.js';
import { kinds } from '../../simulation/stretch.js';
import { parting, sometimes } from '../../simulation/witness.js';

/** Seeds that broke something once, and what it was: they stay right. */
const once: readonly number[] = [
  1342, // a rename that was two changes of the simulated disk
  97, // a machine that slept between connection and greeting, by which a page of ours was sent away for good
  1736, // a log whose first block was torn, by which it was told to be damaged
  51493,
  51749, // a first block whose beginning was never on disk, by which it was told to be no log
];

const seeds = [...Array.from({ length: 120 }, (_, seed) => seed), ...once];

/** Seeds of races that broke something once. */
const onceInRaces: readonly number[] = [
  0, // a solver's last parameters that were never given back; a checkpoint of nothing, by a stop before the first step
  1, // a measurement that stood in the log with a time before that of its step
  80, // a branch that left arrays of its method's state behind
  87, // a branch from a checkpoint of nothing
  1302, // hello that came in time and was read late, behind a flood, by which a page was taken for silent
  2574, // a race stopped before it came again to where its record ends, by which a step stood in the log twice
  6166, // the same, where its last parameters were taken for those of the step at which the record ends
];

const raceSeeds = [...new Set([...Array.from({ length: 80 }, (_, seed) => seed), ...onceInRaces])];

/** Wrong variants, with what is played to find them. */
const cases = [
  ...Object.entries(mistakes).map(([name, parts]) => [name, 'training', parts] as const),
  ...Object.entries(mistakesOfRaces).map(([name, parts]) => [name, 'race', parts] as const),
];

test('whatever goes wrong, every step, the record and the page are those of a run in which nothing does', async () => {
  const seen = new Set<string>();
  const played = [
    ...seeds.map((seed) => [History, seed] as const),
    ...raceSeeds.map((seed) => [RaceHistory, seed] as const),
  ];
  for (const [Of, seed] of played) {
    const report = await new Of(seed).run();
    expect([Of.name, seed, report.violation]).toStrictEqual([Of.name, seed, undefined]);
    for (const what of report.seen) seen.add(what);
  }
  expect(sometimes.filter((what) => !seen.has(what))).toStrictEqual([]);
});

test('a seed has one history', async () => {
  for (const seed of [3, 5, 8, 13, 21]) {
    const [first, second] = [await new History(seed).run(), await new History(seed).run()];
    expect(second).toStrictEqual(first);
    const [race, again] = [await new RaceHistory(seed).run(), await new RaceHistory(seed).run()];
    expect(again).toStrictEqual(race);
  }
});

test('nothing of the process that simulates shows in a history', async () => {
  const pid = Object.getOwnPropertyDescriptor(process, 'pid')!;
  const here = await new History(5).run();
  Object.defineProperty(process, 'pid', { ...pid, value: 123_456_789 });
  const there = await new History(5).run();
  Object.defineProperty(process, 'pid', pid);
  expect(parting(here.trail, there.trail)).toBeUndefined();
});

test('a trail tells the first step at which two runs of a seed part, and what is another there', async () => {
  const { trail } = await new History(3).run();
  expect(trail.length).toBeGreaterThan(10);
  expect(trail[0]).toMatch(/^process 0, step 0 {2}parameters [0-9a-f]{12} {2}loss [-\d.e]+ {2}state /);
  const other = trail.with(1, trail[1].replace(/parameters [0-9a-f]+/, 'parameters 0'));
  expect(parting(trail, other)).toEqual({ line: 1, one: trail[1], other: other[1] });
  const line = trail.length - 1;
  expect(parting(trail, trail.slice(0, line))).toEqual({ line, one: trail[line], other: undefined });
  expect(parting(trail, [...trail])).toBeUndefined();
});

test('without faults a run takes one process and no wrong turn', async () => {
  for (let seed = 0; seed < 25; seed++) {
    const { violation, lives, struck } = await new History(seed, { without: allFaults }).run();
    expect([violation, struck.size, lives <= 2]).toStrictEqual([undefined, 0, true]);
  }
});

/** The first seeds that show some of them, so that the tests need not look for them. */
const shownBy: Readonly<Record<string, number>> = {
  'the log is not synced before a checkpoint refers to it, training': 23,
  'a write is taken for whole, training': 20,
  'the data begin anew after a restart, training': 9,
  'work that is late is given up, training': 9,
  'the server does not ask whether its clients are still there, training': 25,
  'the server lets everybody be silent, training': 36,
  'a checkpoint keeps its step and forgets its states, race': 7,
  'a write is taken for whole, race': 39,
};

describe('the simulation finds', () => {
  test.each(cases)('%s, in a %s', async (name, kind, parts) => {
    const Of = kinds[kind];
    const from = shownBy[`${name}, ${kind}`] ?? 0;
    for (let seed = from; seed < from + 400; seed++) {
      const report = await new Of(seed, { parts }).run();
      if (report.violation === undefined) continue;
      const least = await smallest(report, parts, Of);
      expect(least.report.faults.length).toBeLessThanOrEqual(report.faults.length);
      // The trail of the right history says where the wrong one leaves it, not after what is told of it.
      const right = await new Of(seed).run();
      const parted = parting(right.trail, report.trail)!;
      expect(parted.one ?? parted.other).toMatch(/^process \d+/);
      const process = (line: string) => Number(/process (\d+)/.exec(line)![1]);
      expect(process((parted.other ?? parted.one)!)).toBeLessThanOrEqual(process(report.violation));
      return;
    }
    expect.unreachable('no history of 400 seeds breaks');
  });
});
