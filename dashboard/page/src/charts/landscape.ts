import type { LandscapeSampled, StepModel } from '../../../events.js';
import { type Axis, linearAxis, plainNumber } from '../../../plot/axis.js';
import { type LevelLabel, placeLabels } from '../../../plot/contour-labels.js';
import { contourLines } from '../../../plot/contour-lines.js';
import { sampleLandscape } from '../../../plot/landscape.js';
import { contourLevels } from '../../../plot/levels.js';
import { type Box, isInside, lineThrough, type Place, simplified } from '../../../plot/polyline.js';
import { refined } from '../../../plot/refine.js';
import type { Points } from '../data/method-record.js';

/** A frame in pixels with both axes laid out in it. */
export interface Chart {
  readonly frame: Box;
  readonly x: Axis;
  readonly y: Axis;
}

/** Contour lines as the `d` of a path each. */
export interface Contours {
  readonly lines: readonly string[];
  readonly labels: readonly LevelLabel[];
}

/** Room for the numbers beside the frame. */
const outside = { left: 46, right: 12, top: 12, bottom: 40 };
const highest = 640;
const tolerance = 0.15; // pixels by which a line may be off
const levels = { function: 13, model: 6 };
/** Into how many parts the distance between samples is cut for the lines. */
const refinement = 4;
const modelSide = 97;
/** The model is shown this many times as far around its centre as the method looked. */
const beyond = 1.6;

/** The frame that fills a width; a unit is as long on both axes where the window's sides are not too unlike. */
export function chartOf({ x0, x1, y0, y1 }: LandscapeSampled, width: number): Chart {
  const inner = Math.max(1, width - outside.left - outside.right);
  const shape = Math.min(1.25, Math.max(0.5, (y1 - y0) / (x1 - x0)));
  const scale = Math.min(1, highest / (inner * shape));
  const frame = { left: outside.left, top: outside.top, width: inner * scale, height: inner * scale * shape };
  return {
    frame,
    x: linearAxis(x0, x1, { from: frame.left, to: frame.left + frame.width, perLabel: 64 }),
    y: linearAxis(y0, y1, { from: frame.top + frame.height, to: frame.top, perLabel: 48 }),
  };
}

/** The height of a chart with the numbers below it. */
export function heightOf({ frame }: Chart): number {
  return frame.top + frame.height + outside.bottom;
}

export function place({ x, y }: Chart, point: readonly number[]): Place {
  return [x.place(point[0]!), y.place(point[1]!)];
}

/** The landscape's own lines, with their values on them. */
export function contoursOf(landscape: LandscapeSampled, chart: Chart): Contours {
  const grid = refined(landscape, refinement);
  const drawn = contourLevels(landscape.values, levels.function).map((level) => ({
    text: plainNumber(level),
    lines: linesOf(grid, level, chart),
  }));
  return {
    lines: drawn.map(({ lines }) => lines.map(lineThrough).join('')),
    labels: placeLabels(drawn, [], chart.frame),
  };
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

/** The points `from` … `to` of a path, both included, as a line without those that cannot be told apart. */
export function pathLine(points: Points, from: number, to: number, chart: Chart): string {
  const places: Place[] = [];
  for (let index = from; index <= to; index++) places.push(place(chart, points.at(index)));
  return finiteStretches(places)
    .map((stretch) => lineThrough(simplified(stretch, tolerance)))
    .join('');
}

/** Where dots stand on the points of a path: those in the frame, none so near another that they would touch. */
export function pathDots(points: Points, from: number, to: number, chart: Chart): Place[] {
  const dots: Place[] = [];
  for (let index = from; index <= to; index++) {
    const at = place(chart, points.at(index));
    const before = dots.at(-1);
    if (!isInside(at, chart.frame)) continue;
    if (before === undefined || Math.hypot(at[0] - before[0], at[1] - before[1]) >= 6) dots.push(at);
  }
  return dots;
}

function linesOf(grid: Omit<LandscapeSampled, 'kind' | 'minima'>, level: number, chart: Chart): Place[][] {
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
