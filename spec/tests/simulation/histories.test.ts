import { describe, expect, test } from 'vitest';
import { allFaults } from '../../simulation/faults.js';
import { History } from '../../simulation/history.js';
import { mistakes } from '../../simulation/parts.js';
import { smallest } from '../../simulation/smallest.js';
import { sometimes } from '../../simulation/witness.js';

/** Seeds that broke something once, and what it was: they stay right. */
const once: readonly number[] = [
  1342, // a rename that was two changes of the simulated disk
  1736, // a log whose first block was torn, by which it was told to be damaged
];

const seeds = [...Array.from({ length: 200 }, (_, seed) => seed), ...once];

test('whatever goes wrong, every step, the record and the page are those of a run in which nothing does', async () => {
  const seen = new Set<string>();
  for (const seed of seeds) {
    const report = await new History(seed).run();
    expect([seed, report.violation]).toStrictEqual([seed, undefined]);
    for (const what of report.seen) seen.add(what);
  }
  expect(sometimes.filter((what) => !seen.has(what))).toStrictEqual([]);
});

test('a seed has one history', async () => {
  for (const seed of [3, 5, 8, 13, 21]) {
    const [first, second] = [await new History(seed).run(), await new History(seed).run()];
    expect(second).toStrictEqual(first);
  }
});

test('without faults a run takes one process and no wrong turn', async () => {
  for (let seed = 0; seed < 40; seed++) {
    const { violation, lives, struck } = await new History(seed, { without: allFaults }).run();
    expect([violation, struck.size, lives <= 2]).toStrictEqual([undefined, 0, true]);
  }
});

describe('the simulation finds', () => {
  test.each(Object.entries(mistakes))('%s', async (_, parts) => {
    for (let seed = 0; seed < 400; seed++) {
      const report = await new History(seed, { parts }).run();
      if (report.violation === undefined) continue;
      const least = await smallest(report, parts);
      expect(least.report.faults.length).toBeLessThanOrEqual(report.faults.length);
      return;
    }
    expect.unreachable('no history of 400 seeds breaks');
  });
});
