import { contours } from 'd3-contour';
import { type Axis, linearAxis, plainNumber } from '../../../plot/axis.js';
import { type LevelLabel, placeLabels } from '../../../plot/contour-labels.js';
import { contourLines } from '../../../plot/contour-lines.js';
import { sampleLandscape } from '../../../plot/landscape.js';
import { contourLevels } from '../../../plot/levels.js';
import { type Box, isInside, lineThrough, type Place, rings, simplified } from '../../../plot/polyline.js';
import { refined } from '../../../plot/refine.js';
import type { Window } from '../../../plot/window.js';
import type { Column } from '../../../record/column.js';
import type { LandscapeSampled, StepModel } from '../../../record/events.js';

/** An area in pixels with both axes laid out in it. */
export interface Chart {
  readonly area: Box;
  readonly x: Axis;
  readonly y: Axis;
}

/** A method's path on the plane of the picture. */
export interface Walk {
  readonly steps: Column;
  readonly length: number;
  /** The two coordinates of the point at `index`. */
  at(index: number): readonly number[];
  /** The index of the last point no later than `step`; −1 where there is none. */
  indexAt(step: number): number;
}

/** Contour lines as the `d` of a path each. */
export interface Contours {
  readonly lines: readonly string[];
  readonly labels: readonly LevelLabel[];
  /** What lies above each level, as the `d` of a surface each. */
  readonly surfaces: readonly string[];
}

type Grid = Omit<LandscapeSampled, 'kind' | 'minima'>;

/** Room for the numbers beside the area. */
const outside = { left: 46, right: 8, top: 8, bottom: 36 };
const highest = 600;
const ownShape = 0.9;
const tolerance = 0.15; // pixels by which a line may be off
const levels = { function: 13, model: 6 };
/** Samples along a side that lines are drawn from: between those that are known the others are interpolated. */
const fine = 220;
const finest = 32;
const modelSide = 97;
const fewestSamples = 4;
/** With fewer samples along a side it is looked at whether they tell what lies between. */
const plenty = 24;
/** The narrowest close-up is this part of the whole on each side of its centre. */
const mostMagnified = 200;
/** The model is shown this many times as far around its centre as the method looked. */
const beyond = 1.6;

/** A square around a centre in which one step fills most of the picture, but no less than a part of the whole. */
export function closeUp(whole: Window, [x, y]: readonly number[], reach: number): Window {
  const half = Math.max(1.9 * reach, (whole.x1 - whole.x0) / mostMagnified);
  return { x0: x! - half, x1: x! + half, y0: y! - half, y1: y! + half };
}

/** A window zoomed about a point of it: what lies there stays there. */
export function zoomed(
  { x0, x1, y0, y1 }: Window,
  [x, y]: readonly [number, number],
  factor: number,
): Window {
  return {
    x0: x + (x0 - x) * factor,
    x1: x + (x1 - x) * factor,
    y0: y + (y0 - y) * factor,
    y1: y + (y1 - y) * factor,
  };
}

/** A window moved so that what was at one place of it comes to another. */
export function moved({ x0, x1, y0, y1 }: Window, dx: number, dy: number): Window {
  return { x0: x0 + dx, x1: x1 + dx, y0: y0 + dy, y1: y1 + dy };
}

/** The point of the function's domain at a place of the chart. */
export function pointAt({ x, y }: Chart, [left, top]: Place): [number, number] {
  const along = ({ low, high, from, to }: Axis, pixel: number) =>
    low + ((pixel - from) / (to - from)) * (high - low);
  return [along(x, left), along(y, top)];
}

/**
 * The area that fills a width; a unit is as long on both axes where the window's sides are not too unlike.
 *
 * @param ownUnits whether the axes have units of their own, as a variable and a value
 */
export function chartOf({ x0, x1, y0, y1 }: Window, width: number, ownUnits = false): Chart {
  const inner = Math.max(1, width - outside.left - outside.right);
  const shape = ownUnits ? ownShape : Math.min(1.25, Math.max(0.5, (y1 - y0) / (x1 - x0)));
  const scale = Math.min(1, highest / (inner * shape));
  const area = { left: outside.left, top: outside.top, width: inner * scale, height: inner * scale * shape };
  return {
    area,
    x: linearAxis(x0, x1, { from: area.left, to: area.left + area.width, perLabel: 64 }),
    y: linearAxis(y0, y1, { from: area.top + area.height, to: area.top, perLabel: 48 }),
  };
}

/** The height of a chart with the numbers below it. */
export function heightOf({ area }: Chart): number {
  return area.top + area.height + outside.bottom;
}

export function place({ x, y }: Chart, point: readonly number[]): Place {
  return [x.place(point[0]!), y.place(point[1]!)];
}

/** The landscape's own lines with their values on them; none where too few samples lie in the chart to tell. */
export function contoursOf(landscape: LandscapeSampled, chart: Chart): Contours {
  const part = cropped(landscape, chart);
  const fewer = Math.min(part.columns, part.rows);
  if (fewer < fewestSamples) return { lines: [], labels: [], surfaces: [] };
  const grid = refined(part, Math.min(finest, Math.max(2, Math.round(fine / fewer))));
  const heights = contourLevels(seen(grid, chart), levels.function);
  if (fewer < plenty && !isFaithful(part, heights)) return { lines: [], labels: [], surfaces: [] };
  const drawn = heights.map((level) => ({
    level,
    text: plainNumber(level),
    lines: linesOf(grid, level, chart),
  }));
  return {
    lines: drawn.map(({ lines }) => lines.map(lineThrough).join('')),
    labels: placeLabels(drawn, [], chart.area),
    surfaces: surfacesOf(
      grid,
      drawn.map(({ level }) => level),
      chart,
    ),
  };
}

/**
 * Whether what is interpolated between samples is off by less than levels are apart: Catmull and Rom's cubic errs by
 * at most 0.016 |Δ³| + 0.023 |Δ⁴|, differences of the samples.
 */
function isFaithful({ columns, rows, values }: Grid, heights: readonly number[]): boolean {
  let error = 0;
  const along = (start: number, stride: number, count: number) => {
    let differences = Array.from({ length: count }, (_, k) => values[start + k * stride]!);
    for (let order = 1; order <= 4; order++) {
      differences = differences.slice(1).map((value, k) => value - differences[k]!);
      const share = order === 3 ? 0.016 : order === 4 ? 0.023 : 0;
      for (const difference of differences) {
        const off = share * Math.abs(difference);
        if (off > error) error = off;
      }
    }
  };
  for (let row = 0; row < rows; row++) along(row * columns, 1, columns);
  for (let column = 0; column < columns; column++) along(column, columns, rows);
  return heights.every((level, k) => k === 0 || level - heights[k - 1]! > error);
}

/** The values of a grid that lie in the chart: those around it would choose levels that are not seen. */
function seen({ x0, x1, y0, y1, columns, rows, values }: Grid, { x, y }: Chart): number[] {
  const within = (k: number, count: number, from: number, to: number, low: number, high: number) => {
    const at = from + (k / (count - 1)) * (to - from);
    return at >= low && at <= high;
  };
  return values.filter(
    (_, k) =>
      within(k % columns, columns, x0, x1, x.low, x.high) &&
      within(Math.floor(k / columns), rows, y0, y1, y.low, y.high),
  );
}

/** Where a grid lies above each of the levels. */
function surfacesOf(grid: Grid, levels: readonly number[], chart: Chart): string[] {
  const { x0, x1, y0, y1, columns, rows, values } = grid;
  const at = (share: number, from: number, to: number) => from + share * (to - from);
  return contours()
    .size([columns, rows])
    .thresholds(levels as number[])(values as number[])
    .map(({ coordinates }) =>
      coordinates
        .map((polygon) =>
          rings(
            polygon.map((ring) =>
              ring.map(([column, row]) =>
                place(chart, [
                  at((column! - 0.5) / (columns - 1), x0, x1),
                  at((row! - 0.5) / (rows - 1), y0, y1),
                ]),
              ),
            ),
          ),
        )
        .join(''),
    );
}

/**
 * The lines of gᵀp + ½pᵀHp around a centre: ellipses where H is definite, hyperbolas where it is not.
 *
 * @param reach how far from the centre the method looked: as far and half as far again the model is drawn
 */
export function modelContours(
  { gradient: [g1, g2], hessian: [h11, h12, h21, h22] }: StepModel,
  [c1, c2]: readonly number[],
  reach: number,
  chart: Chart,
): string[] {
  const { x, y } = chart;
  const perUnit = Math.abs((x.to - x.from) / (x.high - x.low));
  const ratio = perUnit / Math.abs((y.to - y.from) / (y.high - y.low)); // a circle on the screen, whatever the scales
  const [dx, dy] = [beyond * reach, beyond * reach * ratio];
  const window = { x0: c1! - dx, x1: c1! + dx, y0: c2! - dy, y1: c2! + dy };
  const model = (x1: number, x2: number) => {
    const [p1, p2] = [x1 - c1!, x2 - c2!];
    if ((p1 / dx) ** 2 + (p2 / dy) ** 2 > 1) return Number.NaN;
    return g1! * p1 + g2! * p2 + (h11! * p1 * p1 + (h12! + h21!) * p1 * p2 + h22! * p2 * p2) / 2;
  };
  const grid = sampleLandscape(model, window, modelSide, modelSide);
  return contourLevels(grid.values, levels.model).map((level) =>
    linesOf(grid, level, chart).map(lineThrough).join(''),
  );
}

/** A function of one variable over its axis, as the `d` of a line. */
export function profileLine({ x0, x1, columns, values }: LandscapeSampled, chart: Chart): string {
  const at = (k: number) => place(chart, [x0 + (k / (columns - 1)) * (x1 - x0), values[k]!]);
  return finiteStretches(values.map((_, k) => at(k)))
    .map(lineThrough)
    .join('');
}

/** The points `from` … `to` of a path, both included, as a line without those that cannot be told apart. */
export function pathLine(points: Walk, from: number, to: number, chart: Chart): string {
  const places: Place[] = [];
  for (let index = from; index <= to; index++) places.push(place(chart, points.at(index)));
  return finiteStretches(places)
    .map((stretch) => lineThrough(simplified(stretch, tolerance)))
    .join('');
}

/** Where dots stand on the points of a path: those in the area, none so near another that they would touch. */
export function pathDots(points: Walk, from: number, to: number, chart: Chart): Place[] {
  const dots: Place[] = [];
  for (let index = from; index <= to; index++) {
    const at = place(chart, points.at(index));
    const before = dots.at(-1);
    if (!isInside(at, chart.area)) continue;
    if (before === undefined || Math.hypot(at[0] - before[0], at[1] - before[1]) >= 6) dots.push(at);
  }
  return dots;
}

/** The samples in the chart's window, and two more on each side. */
function cropped(grid: Grid, { x, y }: Chart): Grid {
  const { x0, x1, y0, y1, columns, rows, values } = grid;
  const [dx, dy] = [(x1 - x0) / (columns - 1), (y1 - y0) / (rows - 1)];
  const within = (low: number, high: number, from: number, step: number, count: number) => [
    Math.max(0, Math.floor((low - from) / step + 1e-9) - 1),
    Math.min(count - 1, Math.ceil((high - from) / step - 1e-9) + 1),
  ];
  const [left, right] = within(x.low, x.high, x0, dx, columns) as [number, number];
  const [bottom, top] = within(y.low, y.high, y0, dy, rows) as [number, number];
  const kept = values.filter((_, k) => {
    const [row, column] = [Math.floor(k / columns), k % columns];
    return row >= bottom && row <= top && column >= left && column <= right;
  });
  return {
    x0: x0 + left * dx,
    x1: x0 + right * dx,
    y0: y0 + bottom * dy,
    y1: y0 + top * dy,
    columns: Math.max(0, right - left + 1),
    rows: Math.max(0, top - bottom + 1),
    values: kept,
  };
}

function linesOf(grid: Grid, level: number, chart: Chart): Place[][] {
  return contourLines(grid, level).map(({ points }) =>
    simplified(
      points.map((point) => place(chart, point)),
      tolerance,
    ),
  );
}

function finiteStretches(places: readonly Place[]): Place[][] {
  const stretches: Place[][] = [[]];
  for (const at of places) {
    if (at.every(Number.isFinite)) stretches.at(-1)!.push(at);
    else if (stretches.at(-1)!.length > 0) stretches.push([]);
  }
  return stretches.filter(({ length }) => length > 0);
}
