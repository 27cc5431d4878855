import { expect, test } from 'vitest';
import {
  chartOf,
  closeUp,
  contoursOf,
  heightOf,
  modelContours,
  pathDots,
  pathLine,
  place,
  pointAt,
  zoomed,
} from '../../../dashboard/page/src/charts/landscape.js';
import { RunRecord } from '../../../dashboard/page/src/data/run-record.js';
import { sampleLandscape } from '../../../dashboard/plot/landscape.js';
import type { LandscapeSampled, PointVisited } from '../../../dashboard/record/events.js';
import { Points } from '../../../dashboard/record/points.js';
import { rosenbrockRun } from './walked-run.js';

const landscape = sampleLandscape((x, y) => x * x + 4 * y * y, { x0: -2, x1: 2, y0: -2, y1: 2 }, 33, 33);
const point = (step: number, x: number[], more: Partial<PointVisited> = {}): PointVisited => ({
  kind: 'point',
  method: 0,
  step,
  x,
  value: 1,
  ...more,
});

/** The places a `d` goes through. */
const places = (d: string) =>
  d
    .split(/[ML]/)
    .slice(1)
    .map((pair) => pair.split(',').map(Number));

test('a record holds the newest landscape and how points were reached, and forgets both when read anew', () => {
  const { started, events } = rosenbrockRun();
  const record = new RunRecord();
  for (const event of events) if (event.kind !== 'step') record.apply(event);
  const sampled = events.filter((event) => event.kind === 'landscape');
  expect(record.landscape).toBe(sampled.at(-1));
  const trustRegion = record.methods[3]!.points;
  expect(trustRegion.arrival(0)).toBeUndefined();
  expect(trustRegion.arrival(1)!.radius).toBeGreaterThan(0);
  expect(trustRegion.arrival(1)!.model!.hessian).toHaveLength(4);
  expect(trustRegion.arrival(1)!.trials!.at(-1)).toEqual({ x: trustRegion.at(1), accepted: true });
  record.clear();
  record.apply(started);
  expect(record.landscape).toBeUndefined();
});

test('points know their steps, and a step taken anew forgets how later ones were reached', () => {
  const points = new Points();
  points.push(point(0, [0, 0]));
  points.push(point(2, [1, 1], { radius: 1 }));
  points.push(point(4, [2, 2], { radius: 2 }));
  expect([-1, 0, 1, 2, 3, 4, 9].map((step) => points.indexAt(step))).toEqual([-1, 0, 0, 1, 1, 2, 2]);
  points.push(point(2, [5, 6]));
  expect(points.at(1)).toEqual([5, 6]);
  expect(points.arrival(1)).toBeUndefined();
  points.push(point(3, [7, 8]));
  expect(points.arrival(2)).toBeUndefined();
});

test('a unit is as long on both axes, and the picture fits its column', () => {
  for (const width of [300, 700, 2000]) {
    const chart = chartOf(landscape, width);
    const [x0, y0] = place(chart, [0, 0]);
    const [x1, y1] = place(chart, [1, 1]);
    expect(x1 - x0).toBeCloseTo(y0 - y1, 9);
    expect(chart.area.left + chart.area.width).toBeLessThanOrEqual(width);
    expect(heightOf(chart)).toBeLessThan(700);
  }
});

test('the lines of the function lie at their values', () => {
  const chart = chartOf(landscape, 600);
  const { lines, labels } = contoursOf(landscape, chart);
  expect(lines.length).toBeGreaterThan(8);
  const [x0, y0] = place(chart, [0, 0]);
  const unit = place(chart, [1, 0])[0] - x0;
  for (const { text, x, y } of labels) {
    const value = ((x - x0) / unit) ** 2 + 4 * ((y0 - y) / unit) ** 2;
    expect(Math.abs(value - Number(text))).toBeLessThan(0.02 + 0.02 * value);
  }
});

test('a close-up shows the lines of its part at their values, and none where the samples do not tell', () => {
  // A quadratic is known from few samples, however near one looks.
  for (const reach of [0.4, 0.05]) {
    const chart = chartOf(closeUp(landscape, [1, -0.5], reach), 600);
    const { labels } = contoursOf(landscape, chart);
    expect(labels.length).toBeGreaterThan(4);
    const unit = place(chart, [1, 0])[0] - place(chart, [0, 0])[0];
    const [x0, y0] = place(chart, [0, 0]);
    for (const { text, x, y } of labels) {
      const value = ((x - x0) / unit) ** 2 + 4 * ((y0 - y) / unit) ** 2;
      expect(Math.abs(value - Number(text.replace('−', '-')))).toBeLessThan(0.05 * reach);
    }
  }
  const rough = { ...landscape, values: landscape.values.map((value, k) => value + ((k * k) % 7)) };
  expect(contoursOf(rough, chartOf(closeUp(landscape, [1, -0.5], 0.05), 600)).lines).toEqual([]);
  expect(contoursOf(landscape, chartOf(closeUp(landscape, [50, 50], 1), 600)).lines).toEqual([]);
});

test('the model of a quadratic is the quadratic: ellipses, and hyperbolas on a saddle', () => {
  const chart = chartOf(landscape, 600);
  const centre = [0.5, -0.25];
  const back = (d: string) =>
    places(d).map(([left, top]) => [
      chart.x.low + ((left! - chart.x.from) / (chart.x.to - chart.x.from)) * (chart.x.high - chart.x.low),
      chart.y.low + ((top! - chart.y.from) / (chart.y.to - chart.y.from)) * (chart.y.high - chart.y.low),
    ]);
  for (const curvature of [8, -8]) {
    const value = (x: number, y: number) => x * x + (curvature / 2) * y * y;
    const gradient = [2 * centre[0]!, curvature * centre[1]!];
    const lines = modelContours({ gradient, hessian: [2, 0, 0, curvature] }, centre, 0.5, chart);
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const heights = back(line).map(([x, y]) => value(x!, y!));
      expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(0.02);
      for (const [x, y] of back(line)) {
        expect(Math.hypot(x! - centre[0]!, y! - centre[1]!)).toBeLessThan(0.8 + 0.01);
      }
    }
  }
});

test('a path is drawn up to the step, breaks where it is not finite, and has a dot on each point in sight', () => {
  const chart = chartOf(landscape, 600);
  const points = new Points();
  const path = [
    [0, 0],
    [1, 0],
    [Number.NaN, 0],
    [1, 1],
    [-1, 1],
    [1e9, 1],
    [0, -1],
  ];
  for (const [step, x] of path.entries()) points.push(point(step, x));
  const whole = pathLine(points, 0, 6, chart);
  expect(whole.match(/M/g)).toHaveLength(3); // after the NaN, and where it comes back from far outside
  expect(places(pathLine(points, 0, 1, chart))).toHaveLength(2);
  expect(whole).not.toMatch(/NaN|e\+/);
  expect(pathDots(points, 0, 6, chart)).toHaveLength(5);
});

test('landscapes survive the log’s JSON', async () => {
  const { parseExact, stringifyExact } = await import('../../../dashboard/record/exact-json.js');
  const holed: LandscapeSampled = { ...landscape, values: [Number.NaN, -Infinity, 1] };
  expect(parseExact(stringifyExact(holed))).toEqual(holed);
});

test('a zoom keeps its point in place, and a place is the point that lies there', () => {
  const chart = chartOf(landscape, 600);
  const point = [0.7, -0.3] as const;
  const near = chartOf(zoomed(landscape, [point[0], point[1]], 0.25), 600);
  expect(near.x.high - near.x.low).toBeCloseTo((chart.x.high - chart.x.low) / 4, 12);
  const back = pointAt(chart, place(chart, point));
  for (const axis of [0, 1] as const) {
    expect(place(near, point)[axis]).toBeCloseTo(place(chart, point)[axis], 9);
    expect(back[axis]).toBeCloseTo(point[axis], 12);
  }
});
