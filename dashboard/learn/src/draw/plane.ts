import { type Axis, linearAxis, plainNumber } from '../../../plot/axis.js';
import { type LevelLabel, placeLabels } from '../../../plot/contour-labels.js';
import { contourLines, regionAbove, regionWithoutValues } from '../../../plot/contour-lines.js';
import { sampleLandscape } from '../../../plot/landscape.js';
import { contourLevels } from '../../../plot/levels.js';
import { type Box, lineThrough, type Place, rings, simplified } from '../../../plot/polyline.js';
import { refined } from '../../../plot/refine.js';
import { type Window, withEqualScales } from '../../../plot/window.js';

/** A part of the plane in pixels; a unit is as long on both axes, so that circles are circles. */
export interface Frame {
  readonly area: Box;
  readonly window: Window;
  readonly x: Axis;
  readonly y: Axis;
  /** Pixels to a unit. */
  readonly scale: number;
}

/** A function's contours, ready to be drawn. */
export interface Surface {
  /** From the lowest level on, each the part of the plane above it. */
  readonly regions: readonly string[];
  readonly lines: readonly string[];
  readonly labels: readonly LevelLabel[];
  /** Where the function has no value. */
  readonly missing: string;
}

/** Room for the numbers beside the area. */
const outside = { left: 44, right: 10, top: 10, bottom: 28 };
const cell = 9; // pixels between two samples
const refinement = 3;
/** Pixels of width for a level, of which there are so many at most. */
const perLevel = 36;
const mostLevels = 14;
const tolerance = 0.15;

/** The frame that fills a picture of this size; it shows the window and what lies beside it. */
export function frameOf(wanted: Window, width: number, height: number): Frame {
  const area = {
    left: outside.left,
    top: outside.top,
    width: Math.max(1, width - outside.left - outside.right),
    height: Math.max(1, height - outside.top - outside.bottom),
  };
  const window = withEqualScales(wanted, area.width, area.height);
  return {
    area,
    window,
    x: linearAxis(window.x0, window.x1, { from: area.left, to: area.left + area.width, perLabel: 64 }),
    y: linearAxis(window.y0, window.y1, { from: area.top + area.height, to: area.top, perLabel: 48 }),
    scale: area.width / (window.x1 - window.x0),
  };
}

export function place({ x, y }: Frame, point: ArrayLike<number>): Place {
  return [x.place(point[0]), y.place(point[1])];
}

/** The point of the plane under a pixel. */
export function pointAt({ area, window }: Frame, left: number, top: number): [number, number] {
  return [
    window.x0 + ((left - area.left) / area.width) * (window.x1 - window.x0),
    window.y1 - ((top - area.top) / area.height) * (window.y1 - window.y0),
  ];
}

export function surfaceOf(value: (x: number, y: number) => number, frame: Frame): Surface {
  const { area, window } = frame;
  const [columns, rows] = [Math.ceil(area.width / cell) + 1, Math.ceil(area.height / cell) + 1];
  const grid = refined(sampleLandscape(value, window, columns, rows), refinement);
  const count = Math.min(mostLevels, Math.round(area.width / perLevel));
  const inPixels = (points: readonly ArrayLike<number>[]) =>
    simplified(
      points.map((point) => place(frame, point)),
      tolerance,
    );
  const levels = contourLevels(grid.values, count).map((level) => ({
    text: plainNumber(level),
    lines: contourLines(grid, level).map(({ points }) => inPixels(points)),
    region: regionAbove(grid, level).map(inPixels),
  }));
  return {
    regions: levels.map(({ region }) => rings(region)),
    lines: levels.map(({ lines }) => lines.map(lineThrough).join('')),
    labels: placeLabels(levels, [], area),
    missing: rings(regionWithoutValues(grid).map(inPixels)),
  };
}

/** A path through points, as the `d` of a line. */
export function pathThrough(frame: Frame, points: readonly ArrayLike<number>[]): string {
  return lineThrough(points.map((point) => place(frame, point)));
}
