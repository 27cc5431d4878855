import { type Box, isInside, type Place } from './polyline.js';
import { widthOf } from './svg.js';

/** The lines of one level, in pixels, and what is written on one of them. */
export interface LabelledLevel {
  readonly text: string;
  readonly lines: readonly (readonly Place[])[];
}

export interface LevelLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Degrees clockwise, within ±90. */
  readonly angle: number;
}

export const labelSize = 10;

const between = 8; // pixels between two candidates on a line
const clear = 26; // pixels from a path beyond which more is no better
const leastFree = 5; // a level that has no place as far as this from every path goes without
const apart = 22; // pixels between two labels, at least

/**
 * Where the levels are written: on each level's lines at a place that is straight over the label's length, far
 * from the methods' paths and from the labels before it.
 *
 * @param paths what the labels should not cover
 */
export function placeLabels(
  levels: readonly LabelledLevel[],
  paths: readonly (readonly Place[])[],
  area: Box,
): LevelLabel[] {
  const taken = paths.length === 0 ? [] : crowded(paths, area);
  const placed: LevelLabel[] = [];
  for (const { text, lines } of levels) {
    let best: LevelLabel | undefined;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const line of lines) {
      for (const { x, y, angle, straightness } of candidates(line, widthOf(text, labelSize) + 6)) {
        if (!isInside([x, y], area, -16)) continue;
        if (
          placed.some(
            (other) => Math.hypot(other.x - x, other.y - y) < apart + widthOf(other.text, labelSize) / 2,
          )
        )
          continue;
        const half = widthOf(text, labelSize) / 2;
        const free = clearance(x, y, angle, half, taken);
        if (free < leastFree) continue;
        const score = Math.min(clear, free) + 60 * straightness - Math.abs(angle) / 15;
        if (score > bestScore) [best, bestScore] = [{ text, x, y, angle }, score];
      }
    }
    if (best !== undefined) placed.push(best);
  }
  return placed;
}

interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** The chord over the arc, at most 1. */
  readonly straightness: number;
}

/** Places on a line that have room for `width` pixels on it and bend little there. */
function* candidates(line: readonly Place[], width: number): Generator<Candidate, void> {
  const arc = [0];
  for (let k = 1; k < line.length; k++) {
    arc.push(arc[k - 1] + Math.hypot(line[k][0] - line[k - 1][0], line[k][1] - line[k - 1][1]));
  }
  const length = arc[arc.length - 1];
  const at = (s: number): Place => {
    let low = 0;
    let high = arc.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (arc[middle] <= s) low = middle;
      else high = middle;
    }
    const t = (s - arc[low]) / (arc[high] - arc[low] || 1);
    return [
      line[low][0] + t * (line[high][0] - line[low][0]),
      line[low][1] + t * (line[high][1] - line[low][1]),
    ];
  };
  for (let s = width / 2; s + width / 2 <= length; s += between) {
    const [from, to, [x, y]] = [at(s - width / 2), at(s + width / 2), at(s)];
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const straightness = Math.hypot(dx, dy) / width;
    if (straightness < 0.9) continue;
    const degrees = (Math.atan2(dy, dx) * 180) / Math.PI;
    yield {
      x,
      y,
      angle: degrees > 90 ? degrees - 180 : degrees <= -90 ? degrees + 180 : degrees,
      straightness,
    };
  }
}

/** The least distance of a label's middle line from the crowded places. */
function clearance(x: number, y: number, angle: number, half: number, taken: readonly Place[]): number {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  let least = Infinity;
  for (const [px, py] of taken) {
    const along = (px - x) * cos + (py - y) * sin;
    const across = Math.abs((py - y) * cos - (px - x) * sin);
    least = Math.min(least, Math.hypot(Math.max(0, Math.abs(along) - half), across));
  }
  return least;
}

/** Places on the paths inside the area, one in each square of six pixels. */
function crowded(paths: readonly (readonly Place[])[], area: Box): Place[] {
  const cell = 6;
  const cells = new Map<string, Place>();
  for (const path of paths) {
    for (let k = 0; k < path.length; k++) {
      const [from, to] = [path[Math.max(0, k - 1)], path[k]];
      const steps = Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / cell);
      if (!Number.isFinite(steps)) continue;
      for (let i = 0; i <= Math.min(steps, 400); i++) {
        const t = steps === 0 ? 0 : i / Math.min(steps, 400);
        const place: Place = [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
        if (!isInside(place, area, 10)) continue;
        const key = `${Math.round(place[0] / cell)},${Math.round(place[1] / cell)}`;
        if (!cells.has(key)) cells.set(key, place);
      }
    }
  }
  return [...cells.values()];
}
