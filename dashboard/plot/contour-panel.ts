import { axes, clipTo } from './axes.js';
import { linearAxis, plainNumber } from './axis.js';
import { placeLabels } from './contour-labels.js';
import { contourLines, regionAbove, regionWithoutValues } from './contour-lines.js';
import { cross, type DrawnPath, drawEnds, drawPaths } from './draw-paths.js';
import { type KnownMinimum, sampleLandscape } from './landscape.js';
import { contourLevels } from './levels.js';
import type { PlotPath } from './plot-path.js';
import { type Box, isInside, lineThrough, type Place, rings, simplified } from './polyline.js';
import { refined } from './refine.js';
import { element, pixels, typeset } from './svg.js';
import { type Window, windowAround, withEqualScales } from './window.js';

export interface Landscape {
  /** The function, NaN where it has no value. */
  value(x: number, y: number): number;
  readonly paths: readonly PlotPath[];
  /** The known minima, the least first. */
  readonly minima?: readonly KnownMinimum[];
}

const mostLevels = 13;
/** Pixels between two samples, and by how many a simplified line may be off. */
const cell = 4;
/** Into how many parts the distance between samples is cut for the lines. */
const refinement = 3;
const tolerance = 0.1;
/** The area's height over its width. */
const shape = { least: 0.5, greatest: 0.9 };

/** Contours, paths and marks in a area of the given width, whose height follows the window. */
export function contourPanel(
  { value, paths, minima = [] }: Landscape,
  { left, top, width }: { left: number; top: number; width: number },
): { readonly markup: string; readonly area: Box; readonly marks: { readonly minima: boolean } } {
  const wanted = windowAround(
    paths,
    minima.flatMap(({ x }) => (x === undefined ? [] : [x])),
  );
  const height = Math.round(
    width * clamp((wanted.y1 - wanted.y0) / (wanted.x1 - wanted.x0), shape.least, shape.greatest),
  );
  const area = { left, top, width, height };
  const window = withEqualScales(wanted, width, height);
  const x = linearAxis(window.x0, window.x1, { from: left, to: left + width, perLabel: 70 });
  const y = linearAxis(window.y0, window.y1, { from: top + height, to: top, perLabel: 50 });
  const toPlace = (point: ArrayLike<number>): Place => [x.place(point[0]), y.place(point[1])];
  const drawn = paths.map((path, method) => ({ method, path, places: path.points.map(toPlace) }));
  const marks = minima
    .flatMap(({ x }) => (x === undefined ? [] : [toPlace(x)]))
    .filter((place) => isInside(place, area));
  return {
    area,
    marks: { minima: marks.length > 0 },
    markup:
      clipTo(area, 'contours') +
      landscape(value, window, area, toPlace, drawn) +
      drawPaths(drawn, 'contours') +
      marks.map(([x, y]) => cross(x, y, 7, 'cross')).join('') +
      drawEnds(drawn, area) +
      startMarks(drawn, area) +
      axes(area, x, y, { x: 'x₁', y: 'x₂' }),
  };
}

/** The lines of all levels with their values, higher ground tinted the more, and where there is no value at all. */
function landscape(
  value: Landscape['value'],
  window: Window,
  area: Box,
  toPlace: (point: ArrayLike<number>) => Place,
  drawn: readonly DrawnPath[],
): string {
  const [columns, rows] = [Math.round(area.width / cell) + 1, Math.round(area.height / cell) + 1];
  const grid = refined(sampleLandscape(value, window, columns, rows), refinement);
  const inPixels = (points: readonly ArrayLike<number>[]) => simplified(points.map(toPlace), tolerance);
  const levels = contourLevels(grid.values, mostLevels).map((level) => ({
    text: plainNumber(level),
    lines: contourLines(grid, level).map(({ points }) => inPixels(points)),
    region: regionAbove(grid, level).map(inPixels),
  }));
  const none = regionWithoutValues(grid).map(inPixels);
  const labels = placeLabels(
    levels,
    drawn.map(({ places }) => places),
    area,
  );
  return element(
    'g',
    { 'clip-path': 'url(#contours)' },
    ...levels.map(({ region }) =>
      element('path', { class: 'region', 'fill-rule': 'evenodd', d: rings(region) }),
    ),
    ...levels.map(({ lines }) => element('path', { class: 'contour', d: lines.map(lineThrough).join('') })),
    ...(none.length === 0
      ? []
      : [element('path', { class: 'void', 'fill-rule': 'evenodd', d: rings(none) })]),
    ...labels.map(({ text, x, y, angle }) =>
      element(
        'text',
        {
          class: 'level',
          transform: `translate(${pixels(x)} ${pixels(y)}) rotate(${pixels(angle)})`,
          dy: '.35em',
        },
        typeset(text),
      ),
    ),
  );
}

/** One ring for each start, where methods share one. */
function startMarks(drawn: readonly DrawnPath[], area: Box): string {
  const starts = new Map(drawn.map(({ places }) => [places[0].map(pixels).join(), places[0]]));
  return [...starts.values()]
    .filter((place) => isInside(place, area))
    .map(([cx, cy]) => element('circle', { class: 'ring', cx, cy, r: 6.5 }))
    .join('');
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
