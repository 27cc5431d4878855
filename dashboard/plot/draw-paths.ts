import { wordsFor } from '../record/outcome-words.js';
import type { PlotPath } from './plot-path.js';
import { type Box, isInside, lineThrough, type Place, simplified } from './polyline.js';
import { dashes } from './style.js';
import { element } from './svg.js';

/** A method's line in a area: a place for each of its points, NaN where one cannot be shown. */
export interface DrawnPath {
  readonly method: number;
  readonly path: PlotPath;
  readonly places: readonly Place[];
}

const lineWidth = 1.6;
/** How much wider a line is for each later one that runs on it, so that it shows on both sides. */
const underlay = 2.6;
/** Points closer than this to the dot before them get none. */
const dotsApart = 6;

/** Lines and dots of all paths, clipped by the area; a path beneath equal ones is drawn wider than they are. */
export function drawPaths(paths: readonly DrawnPath[], clip: string): string {
  const lines = paths.map(({ method, places }, k) => {
    const covered = paths.slice(k + 1).filter((other) => coincide(places, other.places)).length;
    return element('path', {
      class: `path s${method}`,
      'stroke-width': lineWidth + underlay * covered,
      'stroke-opacity': covered > 0 ? '.55' : undefined,
      'stroke-dasharray': dashes(method),
      d: lineThrough(places),
    });
  });
  const dots = paths.map(({ method, places }) =>
    element('path', { class: `path s${method}`, 'stroke-width': 4.6, d: dotted(places) }),
  );
  return element('g', { 'clip-path': `url(#${clip})` }, ...lines, ...dots);
}

/** Where each path ends: a dot, or a cross where the method failed. */
export function drawEnds(paths: readonly DrawnPath[], area: Box): string {
  return paths
    .map(({ method, path, places }) => {
      const end = places.findLast((place) => place.every(Number.isFinite));
      if (end === undefined || !isInside(end, area, 0.5)) return '';
      const [x, y] = end;
      return troubled(path)
        ? cross(x, y, 4, `path s${method}`, 2.4)
        : element('circle', { class: `f${method}`, cx: x, cy: y, r: 4.4, 'stroke-width': 1.3 });
    })
    .join('');
}

/** A diagonal cross, on a ground that parts it from what it stands on. */
export function cross(x: number, y: number, arm: number, kind: string, width?: number): string {
  const d =
    lineThrough([
      [x - arm, y - arm],
      [x + arm, y + arm],
    ]) +
    lineThrough([
      [x - arm, y + arm],
      [x + arm, y - arm],
    ]);
  return element('path', { class: 'halo', d }) + element('path', { class: kind, 'stroke-width': width, d });
}

/** Whether the method failed, or ended where the value is not finite. */
export function troubled({ outcome, values }: PlotPath): boolean {
  return !Number.isFinite(values.at(-1)) || (outcome !== undefined && wordsFor(outcome).failed);
}

/** A round stroke of no length at each place. */
function dotted(places: readonly Place[]): string {
  let d = '';
  let before: Place = [Number.NEGATIVE_INFINITY, 0];
  for (const place of places) {
    if (!place.every(Number.isFinite)) continue;
    if (Math.hypot(place[0] - before[0], place[1] - before[1]) < dotsApart) continue;
    d += lineThrough([place, place]);
    before = place;
  }
  return d;
}

/** Whether two paths cannot be told apart. */
function coincide(one: readonly Place[], other: readonly Place[]): boolean {
  const shorter = Math.min(one.length, other.length);
  const same = (k: number) => Math.hypot(one[k][0] - other[k][0], one[k][1] - other[k][1]) < 0.7;
  for (let k = 0; k < shorter; k++) if (!same(k)) return false;
  return shorter > 1 && simplified(one, 0.7).length === simplified(other, 0.7).length;
}
