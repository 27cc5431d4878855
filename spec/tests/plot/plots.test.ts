import { expect, test } from 'vitest';
import {
  contourPlot,
  convergencePlot,
  lossPlot,
  meanLoss,
  type PlotPath,
  racePlot,
} from '../../../dashboard/plot/index.js';
import { asSolver, bfgs, booth, gradientDescent, newton } from '../../../src/index.js';
import { pathOf } from './paths.js';

const problem = booth();
const value = (x: number, y: number) => problem.value(Float64Array.of(x, y));
const minima = [{ x: [1, 3], value: 0 }];
const start = [9, 8];
const paths = [
  pathOf('gradientDescent', problem, start, asSolver(gradientDescent({ learningRate: 0.08 })), 20),
  pathOf('newton', problem, start, asSolver(newton()), 20),
  pathOf('bfgs', problem, start, bfgs(), 20),
];

/** The lines of method `k` with their points, without dots and legend. */
function lines(svg: string, k: number): string[] {
  return [
    ...svg.matchAll(
      new RegExp(`<path class="path s${k}" stroke-width="[\\d.]+"(?: [^>]*)? d="([^"]*)"`, 'g'),
    ),
  ].map(([, d]) => d);
}

const count = (d: string) => d.split(/[ML]/).length - 1;

test('every path is drawn with all its points, start, end and minimum are marked, all methods named', () => {
  const svg = contourPlot({ title: 'booth', value, paths, minima });
  paths.forEach(({ points, label }, k) => {
    expect(count(lines(svg, k)[0])).toBe(points.length);
    expect(svg).toContain(`>${label}</text>`);
  });
  expect(svg.match(/class="ring"/g)).toHaveLength(2); // one start in the picture, one in its key
  expect(svg.match(/class="cross"/g)).toHaveLength(2);
  expect(svg.match(/class="level"/g)!.length).toBeGreaterThan(5);
  expect(svg).toContain('>known minimum</text>');
  expect(svg).toContain('prefers-color-scheme:dark');
});

test('both kinds of convergence are drawn, and one alone where no evaluations are known', () => {
  const svg = convergencePlot({ title: 'booth', paths, minima });
  expect(svg).toContain('>iterations</text>');
  expect(svg).toContain('>evaluations of f, its gradient and its Hessian</text>');
  expect(svg).toContain('>f − f*</text>');
  expect(count(lines(svg, 0)[0])).toBe(paths[0].points.length);
  expect(svg.match(/l-5,-8h10z/g)!.length).toBe(4); // Newton and BFGS meet the minimum exactly, in both
  const bare = convergencePlot({ title: 'booth', paths: paths.map(({ evaluations: _, ...path }) => path) });
  expect(bare).not.toContain('evaluations of f');
  expect(bare).toContain('>f − least f</text>');
});

test('a race is contours and convergence in one figure; without two variables, convergence alone', () => {
  const svg = racePlot({ title: 'booth', value, paths, minima });
  expect(svg).toContain('id="contours"');
  expect(svg).toContain('id="convergence-iterations"');
  expect(racePlot({ title: 'booth', paths, minima })).toBe(
    convergencePlot({ title: 'booth', paths, minima }),
  );
});

test('what is not finite is not drawn, and said', () => {
  const broken: PlotPath = {
    label: 'broken',
    points: [
      [9, 8],
      [5, 5],
      [Number.NaN, 1],
      [2, 2],
      [1.5, 2.5],
      [1e308, -1e308],
      [Infinity, 0],
    ],
    values: [730, 90, Number.NaN, 10, 5, Infinity, Number.NaN],
    outcome: { kind: 'nonFinite', message: 'the value is not finite' },
  };
  const svg = racePlot({ title: 'broken', value, paths: [broken, paths[1]], minima });
  expect(svg.replace(/<(title|text)[^>]*>.*?<\/\1>/g, '')).not.toMatch(/NaN|Infinity|undefined|e\+/);
  expect(svg).toContain('not finite');
  const [line] = lines(svg, 0);
  expect(line.match(/M/g)).toHaveLength(2);
});

test('a function without values, a constant one, and a single point still make a picture', () => {
  const path = { label: 'alone', points: [[0, 0]], values: [1] };
  for (const f of [() => Number.NaN, () => 1, (x: number) => (x > 0 ? x : Number.NaN)]) {
    const svg = racePlot({ title: 'flat', value: f, paths: [path] });
    expect(svg).not.toMatch(/[",]NaN|Infinity/);
    expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
  }
});

test('titles and labels stay text', () => {
  const evil = '</text><script>alert(1)</script>';
  const svg = racePlot({ title: evil, value, paths: [{ ...paths[0], label: evil }], minima });
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&lt;script&gt;');
});

test('the same input gives the same bytes', () => {
  const plot = { title: 'booth', value, paths, minima };
  expect(racePlot(plot)).toBe(racePlot({ ...plot, paths: structuredClone(paths) }));
});

test('a path without points or with too few values is refused', () => {
  expect(() => contourPlot({ title: '', value, paths: [{ label: 'a', points: [], values: [] }] })).toThrow(
    'contourPlot(paths): expected at least one point of a, got none',
  );
  expect(() => convergencePlot({ title: '', paths: [{ label: 'a', points: [[1, 2]], values: [] }] })).toThrow(
    'convergencePlot(paths): expected 1 values of a, as many as points, got 0',
  );
});

test('losses are drawn against steps and seconds, what is not finite breaks a line, bands lie around it', () => {
  const curves = [
    { label: 'steady', losses: [3, 2.5, 2, 1.9], seconds: [1, 2, 3, 4] },
    {
      label: 'wild',
      losses: [3, 2, Number.NaN, 1, 1.5],
      seconds: [2, 4, 6, 8, 10],
      band: { low: [3, 1.9, 1.8, 1, 1], high: [3, 2.1, 2, 1.2, 2] },
    },
  ];
  const svg = lossPlot({ title: 'two', curves, quantity: 'training loss, mean of 50 steps' });
  expect(svg).toContain('>training loss, mean of 50 steps</text>');
  expect(svg).toContain('>seconds of its steps</text>');
  expect(svg).toContain('>4 steps · 1.9</text>');
  expect(lines(svg, 1)[0].match(/M/g)).toHaveLength(2);
  expect(svg.match(/fill-opacity="\.?0?\.18"/g)).toHaveLength(2);
  expect(svg).not.toContain('NaN');
  expect(lossPlot({ title: 'two', curves, quantity: 'training loss, mean of 50 steps' })).toBe(svg);
  expect(() =>
    lossPlot({ title: 'none', curves: [{ label: 'a', losses: [], seconds: [] }], quantity: 'loss' }),
  ).toThrow('lossPlot(curves): expected at least one step of a');
});

test('a method that diverges does not hide the others', () => {
  const losses = [
    [2, 1, 0.9],
    [2, 400, 1e9],
  ];
  const curves = losses.map((one, k) => ({ label: `${k}`, losses: one, seconds: [1, 2, 3] }));
  const svg = lossPlot({ title: 'two', curves, quantity: 'loss' });
  const [, y] = /L[\d.]+,([\d.]+)/.exec(lines(svg, 0)[0])!.map(Number);
  expect(y).toBeGreaterThan(100); // in the panel, not on its upper edge
});

test('a mean over runs goes as far as all of them, between the least and the largest', () => {
  const runs = [
    { losses: [4, 2, 1], seconds: [1, 2, 3] },
    { losses: [2, 1], seconds: [3, 4] },
  ];
  expect(meanLoss('a', runs)).toEqual({
    label: 'a',
    losses: [3, 1.5],
    seconds: [2, 3],
    band: { low: [2, 1], high: [4, 2] },
    note: '2 seeds',
  });
  expect(() => meanLoss('a', [])).toThrow('meanLoss(runs): expected at least one run of a');
});
