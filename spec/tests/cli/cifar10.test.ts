import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { asPublished } from '../../../dashboard/cli/race/problem.js';
import { readLog } from '../../../dashboard/record/log/index.js';
import { fluxion, jsonLines, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const data = process.env.FLUXION_DATA ?? '/work/shared/data';
const there = ['cifar-10-batches-bin', '.'].some((name) => existsSync(join(data, name, 'data_batch_1.bin')));

describe.skipIf(!there)('fluxion race cifar10, with its files in FLUXION_DATA', () => {
  it('trains the vision transformer, smooths over 100 steps, draws the losses and says which data it has', async () => {
    process.env.FLUXION_DATA = data;
    const args = ['--methods', 'sgd', '--steps', '2', '--batch', '4', '--json', '--plot', 'losses.svg'];
    const { code, stdout, stderr } = await fluxion(
      ['race', 'cifar10(flip=true)', '--as-published', '--out', 'a', '--no-open', ...args],
      folder.path,
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/cifar10: \d of the 5 training files are there: \d0000 images in place of 50000/);
    const [{ loss, accuracy }] = jsonLines(stdout).at(-1).methods;
    expect(loss).toBeGreaterThan(1);
    expect(accuracy).toBeGreaterThan(0);
    const [{ event }] = [...readLog(join(folder.path, 'a'))];
    expect(event).toMatchObject({ asked: 'cifar10(flip=true,asPublished=true)', smoothing: 100, batch: 4 });
    expect(readFileSync(join(folder.path, 'losses.svg'), 'utf8')).toContain(
      'training loss, mean of 100 steps',
    );
  });
});

it('--as-published is the option of that name', () => {
  expect(asPublished('cifar10')).toBe('cifar10(asPublished=true)');
  expect(asPublished('cifar10( )')).toBe('cifar10(asPublished=true)');
  expect(asPublished('cifar10(crop=4)')).toBe('cifar10(crop=4,asPublished=true)');
  expect(asPublished('cifar10(asPublished=false)')).toBe('cifar10(asPublished=false)');
});
