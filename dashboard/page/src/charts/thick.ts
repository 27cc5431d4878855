import type { Stroke } from './pen.js';

/**
 * The surface that a line covers which goes up and down within pixel columns: runs of points with one x, drawn as
 * polygons through the tops and back through the bottoms. It looks as the stroked line does, and costs a filled outline
 * of two points a column in place of the outline of a stroke around four, which takes a rasterizer ten times as long.
 *
 * @param coordinates x₀, y₀, x₁, y₁, … from left to right; NaN breaks the surface
 * @param dash lengths of stretches drawn and left out in turn, along x
 */
export function covered(
  coordinates: readonly number[],
  { width, dash = [] }: Pick<Stroke, 'width' | 'dash'>,
): number[][] {
  const surfaces: number[][] = [];
  const tops: number[] = [];
  const bottoms: number[] = [];
  const isDrawn = dashed(dash);
  const end = () => {
    if (tops.length > 0) surfaces.push(outline(tops, bottoms, width));
    tops.length = bottoms.length = 0;
  };
  for (let i = 0; i < coordinates.length; ) {
    const x = coordinates[i]!;
    let [top, bottom] = [coordinates[i + 1]!, coordinates[i + 1]!];
    i += 2;
    for (; !Number.isNaN(top) && coordinates[i] === x && !Number.isNaN(coordinates[i + 1]!); i += 2) {
      top = Math.min(top, coordinates[i + 1]!);
      bottom = Math.max(bottom, coordinates[i + 1]!);
    }
    if (Number.isNaN(top) || !isDrawn(x)) {
      end();
      continue;
    }
    tops.push(x, top - width / 2);
    bottoms.push(x, bottom + width / 2);
  }
  end();
  return surfaces;
}

/** Whether a line goes up and down several times as far as it goes across. */
export function isRough(coordinates: readonly number[]): boolean {
  let [up, across] = [0, 0];
  for (let i = 2; i < coordinates.length; i += 2) {
    const rise = Math.abs(coordinates[i + 1]! - coordinates[i - 1]!);
    if (Number.isNaN(rise)) continue;
    up += rise;
    across += coordinates[i]! - coordinates[i - 2]!;
  }
  return up > 3 * across;
}

/** A single column is as wide as the line is thick. */
function outline(tops: readonly number[], bottoms: readonly number[], width: number): number[] {
  if (tops.length === 2) {
    const [left, right] = [tops[0]! - width / 2, tops[0]! + width / 2];
    return [left, tops[1]!, right, tops[1]!, right, bottoms[1]!, left, bottoms[1]!];
  }
  const around = tops.slice();
  for (let k = bottoms.length - 2; k >= 0; k -= 2) around.push(bottoms[k]!, bottoms[k + 1]!);
  return around;
}

/** Whether a dash covers a place; without dashes, everywhere. */
function dashed(dash: readonly number[]): (x: number) => boolean {
  const period = dash.reduce((sum, length) => sum + length, 0);
  if (period === 0) return () => true;
  return (x) => {
    let rest = x % period;
    return dash.findIndex((length) => (rest -= length) < 0) % 2 === 0;
  };
}
