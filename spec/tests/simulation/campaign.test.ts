import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { allFaults } from '../../simulation/faults.js';
import { Journal, left } from '../../simulation/journal.js';
import { play } from '../../simulation/stretch.js';

test('what is left of a campaign is what was not played, in stretches of no more than were asked for', () => {
  const known = [
    { from: 10, seeds: 5 },
    { from: 20, seeds: 1 },
  ];
  expect(left({ from: 8, seeds: 14 }, known, 3)).toStrictEqual([
    { from: 8, seeds: 2 },
    { from: 15, seeds: 3 },
    { from: 18, seeds: 2 },
    { from: 21, seeds: 1 },
  ]);
  expect(left({ from: 0, seeds: 0 }, [], 3)).toStrictEqual([]);
});

test('a journal keeps what was played, and passes over a line that was cut off', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxion-campaign-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'journal.jsonl');
  expect(new Journal(path).read()).toStrictEqual([]);
  const played = await play({ from: 3, seeds: 2 }, { of: ['training', 'race'], without: allFaults });
  expect(played).toMatchObject({ from: 3, seeds: 2, broken: [] });
  expect(played.lives).toBeGreaterThanOrEqual(4);
  new Journal(path).write(played);
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"from":5,"se`);
  expect(new Journal(path).read()).toStrictEqual([played]);
});
