/** A counterexample of two variables as a picture: values on a grid, and the steps from one start. */
export interface StepPicture {
  /** Left, right, bottom and top. */
  readonly window: readonly [number, number, number, number];
  /** Row after row from the top, `across` a row. */
  readonly values: readonly number[];
  readonly across: number;
  readonly start: readonly number[];
  readonly expected: readonly (readonly number[])[];
  readonly got: readonly (readonly number[])[];
}

const [across, down] = [88, 44];
/** Room around the steps, as a part of their extent. */
const margin = 0.6;

/** The picture of steps on a function; nothing where a point is not finite or nothing moves. */
export function stepPicture(
  value: (x: Float64Array) => number,
  start: ArrayLike<number>,
  expected: readonly ArrayLike<number>[],
  got: readonly ArrayLike<number>[],
): StepPicture | undefined {
  const points = [start, ...expected, ...got].map((point) => Array.from(point));
  if (points.some((point) => point.length !== 2 || !point.every(Number.isFinite))) return undefined;
  const side = (axis: number) => {
    const all = points.map((point) => point[axis]);
    return [Math.min(...all), Math.max(...all)] as const;
  };
  const [xs, ys] = [side(0), side(1)];
  const extent = Math.max(xs[1] - xs[0], ys[1] - ys[0]);
  if (!(extent > 0)) return undefined;
  const half = extent * (1 / 2 + margin);
  const [cx, cy] = [(xs[0] + xs[1]) / 2, (ys[0] + ys[1]) / 2];
  const window = [cx - half, cx + half, cy - half, cy + half] as const;
  const values = Array.from({ length: across * down }, (_, at) => {
    const x = window[0] + ((at % across) / (across - 1)) * 2 * half;
    const y = window[3] - (Math.floor(at / across) / (down - 1)) * 2 * half;
    return value(Float64Array.of(x, y));
  });
  return {
    window,
    values,
    across,
    start: points[0],
    expected: points.slice(1, 1 + expected.length),
    got: points.slice(1 + expected.length),
  };
}
