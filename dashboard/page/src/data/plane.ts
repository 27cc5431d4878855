/** A plane through space: a point is projected on it by its two coordinates there. */
export interface Plane {
  /** A point at its middle, and two orthonormal directions in it. */
  readonly centre: readonly number[];
  readonly directions: readonly [readonly number[], readonly number[]];
  /** The share of what the points vary that each direction holds. */
  readonly shares: readonly [number, number];
}

const passes = 200;

/**
 * The plane in which points lie most apart: along the two leading principal directions of their scatter about its mean
 * (Pearson 1901), by orthogonal iteration. Points that are not finite, or lie 100 times as far away as half of the
 * others, do not count. Undefined where fewer than two are left.
 */
export function leadingPlane(points: readonly (readonly number[])[]): Plane | undefined {
  const kept = withoutFar(points.filter((point) => point.every(Number.isFinite)));
  const dimension = kept[0]?.length ?? 0;
  if (kept.length < 2 || dimension < 2) return undefined;
  const centre = mean(kept);
  const scatter = Array.from({ length: dimension }, () => new Float64Array(dimension));
  for (const point of kept) {
    const off = point.map((x, i) => x - centre[i]!);
    for (const [i, row] of scatter.entries()) {
      for (let k = 0; k < dimension; k++) row[k]! += off[i]! * off[k]!;
    }
  }
  const total = scatter.reduce((sum, row, i) => sum + row[i]!, 0);
  if (!(total > 0)) return undefined;
  let [one, other] = startOf(scatter);
  for (let pass = 0; pass < passes; pass++) {
    one = unit(product(scatter, one)) ?? one;
    other = unit(without(product(scatter, other), one)) ?? other;
  }
  const share = (v: readonly number[]) => dot(v, product(scatter, v)) / total;
  return { centre, directions: [upright(one), upright(other)], shares: [share(one), share(other)] };
}

/** The coordinates of a point's projection. */
export function onPlane({ centre, directions }: Plane, point: readonly number[]): [number, number] {
  const off = point.map((x, i) => x - centre[i]!);
  return [dot(directions[0], off), dot(directions[1], off)];
}

function withoutFar(points: readonly (readonly number[])[]): readonly (readonly number[])[] {
  if (points.length < 3) return points;
  const start = points[0]!;
  const distances = points.map((point) => Math.hypot(...point.map((x, i) => x - start[i]!)));
  const limit = 100 * Float64Array.from(distances).sort()[distances.length >> 1]!;
  return limit > 0 ? points.filter((_, k) => distances[k]! <= limit) : points;
}

/** Two orthonormal directions to begin with: the axes along which the points vary most. */
function startOf(scatter: readonly Float64Array[]): [number[], number[]] {
  const order = scatter.map((_, i) => i).sort((a, b) => scatter[b]![b]! - scatter[a]![a]!);
  const axis = (at: number) => scatter.map((_, i) => (i === order[at] ? 1 : 1e-3 / (1 + i)));
  const one = unit(axis(0))!;
  return [one, unit(without(axis(1), one))!];
}

/** Of two opposite directions the one whose largest entry is above 0: the picture keeps its sense. */
function upright(v: readonly number[]): readonly number[] {
  const largest = v.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  return largest < 0 ? v.map((x) => -x) : v;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const product = (rows: readonly Float64Array[], v: readonly number[]) =>
  rows.map((row) => row.reduce((sum, x, i) => sum + x * v[i]!, 0));
const without = (v: readonly number[], direction: readonly number[]) => {
  const along = dot(v, direction);
  return v.map((x, i) => x - along * direction[i]!);
};
const mean = (points: readonly (readonly number[])[]) =>
  points[0]!.map((_, i) => points.reduce((sum, point) => sum + point[i]!, 0) / points.length);

function unit(v: readonly number[]): number[] | undefined {
  const size = Math.hypot(...v);
  return size > 0 ? v.map((x) => x / size) : undefined;
}
