import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { convergencePlot, PlotError, writePlot } from '../../../dashboard/plot/index.js';

const folder = mkdtempSync(join(tmpdir(), 'fluxion-plot-'));
afterAll(() => rmSync(folder, { recursive: true }));

const svg = convergencePlot({ title: 'two', paths: [{ label: 'a', points: [[1], [0]], values: [1, 0.5] }] });

test('an SVG is written as it is', async () => {
  await writePlot(join(folder, 'plot.svg'), svg);
  expect(readFileSync(join(folder, 'plot.svg'), 'utf8')).toBe(svg);
});

test('a PNG has twice the size of the SVG, and something on it', async () => {
  await writePlot(join(folder, 'plot.PNG'), svg);
  const bytes = readFileSync(join(folder, 'plot.PNG'));
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([2 * width, 2 * height]);
  expect(bytes.length).toBeGreaterThan(10_000);
});

test('another ending is refused before anything is written', async () => {
  await expect(writePlot(join(folder, 'plot.pdf'), svg)).rejects.toThrow(
    'expected a name that ends in .svg or .png',
  );
});

test('without the renderer, PNG is refused with what to do about it, and SVG is written all the same', async () => {
  vi.doMock('@resvg/resvg-js', () => {
    throw new Error('Cannot find package');
  });
  const file = join(folder, 'none.png');
  const refused = writePlot(file, svg);
  await expect(refused).rejects.toThrow(PlotError);
  await expect(refused).rejects.toThrow('npm install @resvg/resvg-js, or write .svg');
  expect(existsSync(file)).toBe(false);
  await writePlot(join(folder, 'still.svg'), svg);
  vi.doUnmock('@resvg/resvg-js');
});
