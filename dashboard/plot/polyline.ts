import { pixels } from './svg.js';

/** A point in pixels. */
export type Place = readonly [number, number];

/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Renderers compute in float32: farther out than this a line would no longer keep its direction. */
const farthest = 1e5;

/**
 * The `d` of a line through places. It breaks where a place is not finite; what lies beyond 10⁵ pixels is cut off
 * at that distance, in its direction.
 */
export function lineThrough(places: readonly Place[]): string {
  let d = '';
  let pen: Place | undefined;
  for (let k = 0; k < places.length; k++) {
    const [from, to] = [places[k - 1], places[k]];
    const piece = from === undefined ? undefined : clipped(from, to);
    if (piece === undefined) continue;
    if (pen === undefined || pen[0] !== piece[0][0] || pen[1] !== piece[0][1]) d += `M${point(piece[0])}`;
    d += `L${point(piece[1])}`;
    pen = piece[1];
  }
  return d;
}

/** The `d` of closed rings. */
export function rings(all: readonly (readonly Place[])[]): string {
  return all.map((ring) => `M${ring.slice(0, -1).map(point).join('L')}Z`).join('');
}

/**
 * A line without the points that change it by less than `tolerance` pixels.
 *
 * Source: Ramer 1972; Douglas and Peucker 1973.
 */
export function simplified(line: readonly Place[], tolerance: number): Place[] {
  const kept = new Set([0, line.length - 1]);
  const open: [number, number][] = line.length < 3 ? [] : split(line);
  for (let stretch = open.pop(); stretch !== undefined; stretch = open.pop()) {
    const [first, last] = stretch;
    kept.add(first).add(last);
    let [farthestAt, distance] = [-1, tolerance];
    for (let k = first + 1; k < last; k++) {
      const here = offLine(line[k], line[first], line[last]);
      if (here > distance) [farthestAt, distance] = [k, here];
    }
    if (farthestAt > 0) open.push([first, farthestAt], [farthestAt, last]);
  }
  return line.filter((_, k) => kept.has(k));
}

/** A closed line is halved first, as its ends are one point. */
function split(line: readonly Place[]): [number, number][] {
  const last = line.length - 1;
  const closed = line[0][0] === line[last][0] && line[0][1] === line[last][1];
  return closed
    ? [
        [0, last >> 1],
        [last >> 1, last],
      ]
    : [[0, last]];
}

function offLine([x, y]: Place, [x0, y0]: Place, [x1, y1]: Place): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = Math.hypot(dx, dy);
  return length === 0 ? Math.hypot(x - x0, y - y0) : Math.abs(dx * (y - y0) - dy * (x - x0)) / length;
}

/** The part of a segment within the farthest square, if any; by Liang and Barsky 1984. */
function clipped(from: Place, to: Place): readonly [Place, Place] | undefined {
  if (![...from, ...to].every(Number.isFinite)) return undefined;
  const ends: [Cut, Cut] = [
    { t: 0, place: from },
    { t: 1, place: to },
  ];
  for (const i of [0, 1] as const) {
    const run = to[i] / 2 - from[i] / 2; // halves cannot overflow where the difference of two float64 could
    if (run === 0 && Math.abs(from[i]) > farthest) return undefined;
    if (run === 0) continue;
    for (const [end, side] of [Math.sign(run) * -farthest, Math.sign(run) * farthest].entries()) {
      const t = (side / 2 - from[i] / 2) / run;
      if (end === 0 ? t <= ends[0].t : t >= ends[1].t) continue;
      const other = from[1 - i] * (1 - t) + to[1 - i] * t;
      ends[end] = { t, place: i === 0 ? [side, other] : [other, side] };
    }
  }
  return ends[0].t > ends[1].t ? undefined : [ends[0].place, ends[1].place];
}

/** Where a segment is cut, as a share of its length. */
interface Cut {
  readonly t: number;
  readonly place: Place;
}

function point([x, y]: Place): string {
  return `${pixels(x)},${pixels(y)}`;
}

/** Whether a place is finite and in the box. */
export function isInside([x, y]: Place, { left, top, width, height }: Box, spare = 0): boolean {
  return x >= left - spare && x <= left + width + spare && y >= top - spare && y <= top + height + spare;
}
