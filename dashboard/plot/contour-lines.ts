import { contours } from 'd3-contour';
import type { LandscapeSampled } from '../record/events.js';

/** Points [x₁, x₂] one after the other, in the coordinates of the window. */
export interface ContourLine {
  readonly points: readonly (readonly [number, number])[];
  readonly closed: boolean;
}

type Grid = Omit<LandscapeSampled, 'kind' | 'minima'>;
type Point = readonly [number, number];
type Ring = readonly Point[];

/**
 * The lines on which a sampled function has the value `level`: linear between neighbouring samples, ended where a
 * sample is not finite and at the window's edge.
 *
 * Source: Lorensen and Cline 1987 in two dimensions ("marching squares").
 */
export function contourLines(grid: Grid, level: number): ContourLine[] {
  return rings(grid, grid.values, level).flatMap((ring) =>
    pieces(ring.map((at) => crossing(grid, at, level))),
  );
}

/**
 * The region where the function is at least `level`, as rings to be filled by the even-odd rule; along the
 * window's edge and along missing samples they run half a cell outside it.
 */
export function regionAbove(grid: Grid, level: number): Ring[] {
  return rings(grid, grid.values, level).map((ring) =>
    ring.map((at) => crossing(grid, at, level) ?? inWindow(grid, at)),
  );
}

/** The region where the function has no finite value, as rings to be filled by the even-odd rule. */
export function regionWithoutValues(grid: Grid): Ring[] {
  const missing = grid.values.map((value) => (Number.isFinite(value) ? 0 : 1));
  if (!missing.includes(1)) return [];
  return rings(grid, missing, 0.5).map((ring) => ring.map((at) => inWindow(grid, at)));
}

/**
 * Closed rings that part samples below the level from the others, in units of cells: sample (column, row) lies at
 * (column + ½, row + ½), and each point of a ring in the middle between two samples.
 */
function rings({ columns, rows }: Grid, values: readonly number[], level: number): Ring[] {
  const { coordinates } = contours()
    .size([columns, rows])
    .smooth(false)
    .contour(values as number[], level);
  return coordinates.flat() as unknown as Ring[];
}

/** Where between its two samples the function reaches the level; undefined where one is missing or outside. */
function crossing(grid: Grid, [x, y]: Point, level: number): Point | undefined {
  const { columns, rows, values } = grid;
  const [left, top, right, bottom] = [
    Math.floor(x - 0.5),
    Math.floor(y - 0.5),
    Math.ceil(x - 0.5),
    Math.ceil(y - 0.5),
  ];
  if (left < 0 || top < 0 || right >= columns || bottom >= rows) return undefined;
  const [from, to] = [values[top * columns + left], values[bottom * columns + right]];
  if (!Number.isFinite(from) || !Number.isFinite(to)) return undefined;
  const share = (level / 2 - from / 2) / (to / 2 - from / 2); // halves do not overflow
  return inWindow(grid, [left + 0.5 + share * (right - left), top + 0.5 + share * (bottom - top)]);
}

/** What of a ring is a contour: one closed line, or what lies between its gaps. */
function pieces(ring: readonly (Point | undefined)[]): ContourLine[] {
  const gap = ring.indexOf(undefined);
  if (gap < 0) return [{ points: ring as Ring, closed: true }];
  const open = ring.slice(0, -1); // the last point is the first again
  const lines: ContourLine[] = [];
  let points: Point[] = [];
  for (let k = 1; k <= open.length; k++) {
    const point = open[(gap + k) % open.length];
    if (point !== undefined) points.push(point);
    else {
      if (points.length > 1) lines.push({ points, closed: false });
      points = [];
    }
  }
  return lines;
}

function inWindow({ x0, x1, y0, y1, columns, rows }: Grid, [x, y]: Point): Point {
  return [x0 + ((x - 0.5) / (columns - 1)) * (x1 - x0), y0 + ((y - 0.5) / (rows - 1)) * (y1 - y0)];
}
