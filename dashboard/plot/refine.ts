import type { LandscapeSampled } from '../record/events.js';

type Grid = Omit<LandscapeSampled, 'kind' | 'minima'>;

/**
 * The samples and `factor` − 1 more between any two of them, by cubic interpolation along rows and then columns:
 * exact for quadratics, so that a valley narrower than a cell keeps its lines. Where one of the four samples it
 * takes is missing, a value is interpolated linearly, and missing next to a missing one.
 *
 * Source: Catmull and Rom 1974; a quadratic extrapolates at the edges.
 */
export function refined(grid: Grid, factor: number): Grid {
  const { columns, rows } = grid;
  const [fineColumns, fineRows] = [(columns - 1) * factor + 1, (rows - 1) * factor + 1];
  const wide = new Float64Array(fineColumns * rows);
  for (let row = 0; row < rows; row++) {
    refineLine(
      columns,
      factor,
      (k) => grid.values[row * columns + k],
      (k, value) => {
        wide[row * fineColumns + k] = value;
      },
    );
  }
  const values = new Array<number>(fineColumns * fineRows);
  for (let column = 0; column < fineColumns; column++) {
    refineLine(
      rows,
      factor,
      (k) => wide[k * fineColumns + column],
      (k, value) => {
        values[k * fineColumns + column] = value;
      },
    );
  }
  return { ...grid, columns: fineColumns, rows: fineRows, values };
}

function refineLine(
  length: number,
  factor: number,
  at: (k: number) => number,
  put: (k: number, value: number) => void,
): void {
  for (let k = 0; k < length - 1; k++) {
    const [b, c] = [at(k), at(k + 1)];
    const a = k > 0 ? at(k - 1) : beyond(b, c, length > 2 ? at(k + 2) : Number.NaN);
    const d = k + 2 < length ? at(k + 2) : beyond(c, b, length > 2 ? at(k - 1) : Number.NaN);
    put(k * factor, b);
    const cubic = Number.isFinite(a) && Number.isFinite(d);
    for (let i = 1; i < factor; i++) {
      const t = i / factor;
      put(k * factor + i, cubic ? catmullRom(a, b, c, d, t) : b + t * (c - b));
    }
  }
  put((length - 1) * factor, at(length - 1));
}

/** The parabola through three neighbours, one place beyond the first. */
function beyond(first: number, second: number, third: number): number {
  return 3 * first - 3 * second + third;
}

function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return b + (t / 2) * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
