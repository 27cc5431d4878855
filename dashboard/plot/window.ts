/** A rectangle of the plane of x₁ and x₂. */
export interface Window {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

type Point = ArrayLike<number>;
type Interval = readonly [number, number];

/** The points [x₁, x₂] a method went through, and the function's values there. */
export interface Track {
  readonly points: readonly Point[];
  readonly values: readonly number[];
}

/** How many times as far as the paths that end no higher than they began go beyond their ends the others may go. */
const reach = 3;
/** The others may go so much less far. */
const strayingShare = 0.2;
/** Where none does: how many first steps of a path the picture holds. */
const firstSteps = 10;
const margin = 0.08;
/** A window is widened to equal scales where neither side grows by more than this. */
const mostWidening = 4;

/**
 * The window in which paths are worth looking at. It holds every start, the ends that are no higher than their
 * starts, and the minima and points near them; so a path that runs off to 10³⁰⁰ leaves the picture instead of
 * emptying it. Points that are not finite do not count.
 *
 * @param minima the known ones, the least first
 */
export function windowAround(tracks: readonly Track[], minima: readonly Point[] = []): Window {
  const paths = tracks.map(finitePart).filter(({ points }) => points.length > 0);
  const known = minima.filter(isFinitePoint);
  const good = paths.filter(descended);
  const anchors = [...paths.map(({ points }) => points[0]), ...usual(good)];
  if (good.length === 0) anchors.push(...known.slice(0, 1));
  const boxes = [extent(anchors, 0), extent(anchors, 1)];
  const side = Math.max(boxes[0][1] - boxes[0][0], boxes[1][1] - boxes[1][0]);
  const limits = boxes.map((box, i) =>
    side === 0
      ? firstSteps * median(paths.map(firstStep))
      : reach *
        Math.max(
          Math.sqrt((box[1] - box[0]) * side) || side,
          median(good.map(({ points }) => excess(points, box, i))),
        ),
  );
  const near = (point: Point, share: number) =>
    boxes.every((box, i) => outside(point[i], box) <= share * limits[i]);
  const inside = paths.flatMap((path) =>
    path.points.filter((point) => near(point, good.length === 0 || descended(path) ? 1 : strayingShare)),
  );
  inside.push(...anchors, ...known.filter((point) => near(point, 1)));
  const [x, y] = [padded(extent(inside, 0)), padded(extent(inside, 1))];
  const [width, height] = [x[1] - x[0], y[1] - y[0]];
  return around((x[0] + x[1]) / 2, (y[0] + y[1]) / 2, width || height || 1, height || width || 1);
}

/** The window grown about its centre until a unit is as long on both axes of a area, where that takes little. */
export function withEqualScales(window: Window, areaWidth: number, areaHeight: number): Window {
  const width = window.x1 - window.x0;
  const height = window.y1 - window.y0;
  const growth = (width / height) * (areaHeight / areaWidth); // of the height, to equal scales
  if (growth > mostWidening || growth < 1 / mostWidening) return window;
  return around(
    (window.x0 + window.x1) / 2,
    (window.y0 + window.y1) / 2,
    growth > 1 ? width : width / growth,
    growth > 1 ? height * growth : height,
  );
}

/** Whether both coordinates are finite numbers. */
export function isFinitePoint(point: Point): boolean {
  return Number.isFinite(point[0]) && Number.isFinite(point[1]);
}

function finitePart({ points, values }: Track): Track {
  const kept = points.map((point, k) => isFinitePoint(point) && Number.isFinite(values[k]));
  return { points: points.filter((_, k) => kept[k]), values: values.filter((_, k) => kept[k]) };
}

/** Whether a path ends no higher than it began. */
function descended({ points, values }: Track): boolean {
  return points.length > 1 && values[values.length - 1] <= values[0];
}

/** The ends of paths, but for those much farther from their starts than most: they may fall without end. */
function usual(paths: readonly Track[]): Point[] {
  const trips = paths.map(({ points }) => ({
    end: points[points.length - 1],
    length: distance(points, points.length - 1),
  }));
  const typical = median(trips.map(({ length }) => length));
  return trips.filter(({ length }) => typical === 0 || length <= 4 * typical).map(({ end }) => end);
}

/** How far a path usually is outside a box in coordinate i, where it is outside. */
function excess(points: readonly Point[], box: Interval, i: number): number {
  return median(points.map((point) => outside(point[i], box)).filter((far) => far > 0));
}

/** The first distance from the start that is not 0. */
function firstStep({ points }: Track): number {
  return points.map((_, k) => distance(points, k)).find((length) => length > 0) ?? 0;
}

function distance(points: readonly Point[], k: number): number {
  return Math.hypot(points[k][0] - points[0][0], points[k][1] - points[0][1]);
}

function outside(value: number, [low, high]: Interval): number {
  return Math.max(0, low - value, value - high);
}

function extent(points: readonly Point[], i: number): Interval {
  if (points.length === 0) return [0, 0];
  let [low, high] = [Infinity, -Infinity];
  for (const point of points) {
    low = Math.min(low, point[i]);
    high = Math.max(high, point[i]);
  }
  return [low, high];
}

function padded([low, high]: Interval): Interval {
  const pad = margin * (high - low);
  return [low - pad, high + pad];
}

/** A window of this centre and size, at least so large that its ends differ. */
function around(x: number, y: number, width: number, height: number): Window {
  const half = (centre: number, size: number) =>
    Math.max(size / 2, 1e-9 * Math.abs(centre), Number.MIN_VALUE / Number.EPSILON);
  const [dx, dy] = [half(x, width), half(y, height)];
  return { x0: x - dx, x1: x + dx, y0: y - dy, y1: y + dy };
}

/** The lower median; 0 of nothing. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}
