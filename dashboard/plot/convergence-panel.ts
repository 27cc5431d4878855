import { axes, clipTo, gridLines } from './axes.js';
import { type Axis, linearAxis, logAxis } from './axis.js';
import { type DrawnPath, drawEnds, drawPaths } from './draw-paths.js';
import type { PlotPath } from './plot-path.js';
import type { Box, Place } from './polyline.js';
import { element, pixels } from './svg.js';

/** The heights that the panels show: f − f*, all above 0 but where f* is met to the last digit. */
export interface Heights {
  readonly least: number;
  /** Whether f* is known, or only the least value seen. */
  readonly known: boolean;
}

/** What is written under the axis. */
export type Effort = 'iterations' | 'evaluations';

/** Above this many times the highest start a method that diverges leaves the picture. */
const ceiling = 1e3;
/** Where a method takes more than so many times what most take, the axis is logarithmic. */
const farApart = 8;
/** The least number with all its digits. */
const smallest = 2 ** -1022;

/** The least value there is: a known minimum's, or what was seen where that is less still. */
export function heights(paths: readonly PlotPath[], minimum: number | undefined): Heights {
  const seen = paths.flatMap(({ values }) => values.filter(Number.isFinite));
  const least = seen.reduce((low, value) => Math.min(low, value), minimum ?? Infinity);
  return { least: Number.isFinite(least) ? least : 0, known: minimum !== undefined };
}

/** f − f* against what it took, on a log axis. */
export function convergencePanel(
  paths: readonly PlotPath[],
  { least, known }: Heights,
  effort: Effort,
  area: Box,
): string {
  const curves = paths.flatMap((path, method) => curveOf(path, method, effort, least));
  const y = heightAxis(curves, area);
  const x = effortAxis(curves, area);
  const drawn = curves.map(({ method, path, efforts, gaps, met }) => ({
    method,
    path,
    met,
    places: gaps.map((gap, k): Place => [x.place(efforts[k]), gap === 0 ? y.from : y.place(gap)]),
  }));
  const id = `convergence-${effort}`;
  const { left, top, width, height } = area;
  return (
    clipTo({ left: left - 5, top, width: width + 10, height }, id) +
    gridLines(area, x, y) +
    drawPaths(drawn, id) +
    axes(area, x, y, {
      x: effort === 'iterations' ? 'iterations' : 'evaluations of f, its gradient and its Hessian',
      y: known ? 'f − f*' : 'f − least f',
    }) +
    drawEnds(
      drawn.filter(({ met }) => !met),
      area,
    ) +
    drawn.map((path) => (path.met ? exactMark(path) : '')).join('')
  );
}

interface Curve {
  readonly method: number;
  readonly path: PlotPath;
  readonly efforts: readonly number[];
  /** f − f* as far as f* is not met, then a last 0 where it is. */
  readonly gaps: readonly number[];
  readonly met: boolean;
}

function curveOf(path: PlotPath, method: number, effort: Effort, least: number): Curve[] {
  const efforts = effort === 'iterations' ? path.points.map((_, k) => k) : path.evaluations;
  if (efforts === undefined) return [];
  const at = path.values.findIndex((value) => value <= least);
  const length = at < 0 ? path.values.length : at + 1;
  const gaps = path.values
    .slice(0, length)
    .map((value) => (Number.isFinite(value) ? value - least : Number.NaN));
  return [{ method, path, efforts: efforts.slice(0, length), gaps, met: at >= 0 }];
}

function heightAxis(curves: readonly Curve[], { top, height }: Box): Axis {
  const room = { from: top + height, to: top, perLabel: 28 };
  const positive = curves.flatMap(({ gaps }) => gaps.filter((gap) => gap > 0 && gap < Infinity));
  if (positive.length === 0) return logAxis(0.1, 1, room);
  const lowest = positive.reduce((low, gap) => Math.min(low, gap), Infinity);
  const starts = curves.flatMap(({ gaps }) => gaps.slice(0, 1)).filter((gap) => gap > 0 && gap < Infinity);
  const highest = Math.min(greatest(positive), starts.length > 0 ? ceiling * greatest(starts) : Infinity);
  return logAxis(Math.max(lowest / 4, smallest), 2 * Math.max(highest, lowest), room);
}

/** From 0 on; logarithmic, with 0 at its beginning, where one method takes far more than most. */
function effortAxis(curves: readonly Curve[], { left, width }: Box): Axis {
  const ends = curves.map(({ efforts }) => efforts[efforts.length - 1]).toSorted((a, b) => a - b);
  const longest = Math.max(1, ends[ends.length - 1]);
  const room = { from: left, to: left + width, perLabel: 60 };
  if (longest <= farApart * Math.max(1, ends[(ends.length - 1) >> 1])) return linearAxis(0, longest, room);
  const gap = 26;
  const axis = logAxis(1, longest, { ...room, from: left + gap });
  return {
    ...axis,
    from: left,
    place: (effort) => (effort < 1 ? left + gap * effort : axis.place(effort)),
    ticks: [{ value: 0, text: '0' }, ...axis.ticks],
  };
}

/** A triangle that stands for zero, which a log axis does not have. */
function exactMark({ method, places }: DrawnPath): string {
  const [x, y] = places[places.length - 1];
  return element('path', { class: `f${method}`, d: `M${pixels(x)},${pixels(y)}l-5,-8h10z` });
}

function greatest(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), 0);
}
