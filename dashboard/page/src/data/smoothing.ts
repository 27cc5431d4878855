import { Series } from './series.js';

/** Entries farther away than this many spans weigh less than e^−24: what is new changes nothing there. */
const farthest = 12;

/**
 * A raw series smoothed from both sides, value by value: the local line through the values around,
 *
 *   ŷ_t = a of min Σ_i β^|i−t| (y_i − a − b (i − t))²,  β = (span − 1)/(span + 1),
 *
 * whose weights add up to `span` values. It lags behind nothing, and a straight line stays that line up to both
 * ends (Fan and Gijbels 1996, section 3.2). In log space it averages ln y, so that on a log axis it stays in the
 * middle of the values seen. A value that is not finite, or not above 0 in log space, is passed through where it
 * happened and enters no average; a bucket of n values enters as n times its mean. A span of 1 smooths nothing.
 */
export class Smoothed {
  readonly series = new Series();
  readonly #raw: Series;

  constructor(
    raw: Series,
    readonly span: number,
    readonly log: boolean,
  ) {
    this.#raw = raw;
  }

  /** Smoothed up to the end of the raw series. */
  update(): Series {
    const { series, span } = this;
    const end = this.#raw.length;
    if (series.length === end) return series;
    const reach = Math.ceil(farthest * span);
    const start = Math.max(0, series.length - reach);
    const from = Math.max(0, start - reach);
    series.truncate(start);
    const { levels, weights, widths } = this.#entries(from, end);
    const decay = (span - 1) / (span + 1);
    const after = sumsAfter(levels, weights, widths, decay, start - from);
    // Σw, Σwd, Σwd², Σwy, Σwdy over the entries up to the one come to, at distances d from it.
    let [w, wd, wdd, wy, wdy] = [0, 0, 0, 0, 0];
    for (let k = 0; k < levels.length; k++) {
      const weight = weights[k]!;
      const level = levels[k]!;
      w += weight;
      wy += weight * level;
      if (from + k >= start) {
        const at = 5 * (from + k - start);
        const smoothed =
          weight === 0
            ? level
            : height(
                w + after[at]!,
                wd + after[at + 1]!,
                wdd + after[at + 2]!,
                wy + after[at + 3]!,
                wdy + after[at + 4]!,
              );
        series.push(weight === 0 ? this.#raw.at(from + k) : this.log ? Math.exp(smoothed) : smoothed);
      }
      const by = -(widths[k]! + (widths[k + 1] ?? 1)) / 2;
      const kept = by === -1 ? decay : decay ** -by;
      wdd = kept * (wdd + 2 * by * wd + by * by * w);
      wdy = kept * (wdy + by * wy);
      wd = kept * (wd + by * w);
      w *= kept;
      wy *= kept;
    }
    return series;
  }

  /** What is averaged of the entries [from, end), with which weights, and how many steps each covers. */
  #entries(from: number, end: number) {
    const raw = this.#raw;
    const levels = raw.values.view().slice(from, end);
    const weights = new Float64Array(levels.length).fill(1);
    const widths = new Float64Array(levels.length).fill(1);
    const bucketed = raw.hasBuckets(from, end);
    for (let k = 0; k < levels.length; k++) {
      const value = levels[k]!;
      const bucket = bucketed ? raw.bucket(from + k) : undefined;
      if (bucket !== undefined) weights[k] = widths[k] = Math.max(1, bucket.values);
      if (!Number.isFinite(value) || (this.log && value <= 0)) weights[k] = levels[k] = 0;
      else if (this.log) levels[k] = Math.log(value);
    }
    return { levels, weights, widths };
  }
}

/** The five sums over all entries behind each one, from the one at `start` on. */
function sumsAfter(
  levels: Float64Array,
  weights: Float64Array,
  widths: Float64Array,
  decay: number,
  start: number,
): Float64Array {
  const sums = new Float64Array(5 * (levels.length - start));
  let [w, wd, wdd, wy, wdy] = [0, 0, 0, 0, 0];
  for (let k = levels.length - 1; k >= start; k--) {
    const at = 5 * (k - start);
    sums[at] = w;
    sums[at + 1] = wd;
    sums[at + 2] = wdd;
    sums[at + 3] = wy;
    sums[at + 4] = wdy;
    w += weights[k]!;
    wy += weights[k]! * levels[k]!;
    const by = (widths[k]! + (widths[k - 1] ?? 1)) / 2;
    const kept = by === 1 ? decay : decay ** by;
    wdd = kept * (wdd + 2 * by * wd + by * by * w);
    wdy = kept * (wdy + by * wy);
    wd = kept * (wd + by * w);
    w *= kept;
    wy *= kept;
  }
  return sums;
}

/** The height of the weighted line at distance 0. */
function height(w: number, wd: number, wdd: number, wy: number, wdy: number): number {
  const determinant = w * wdd - wd * wd;
  return determinant > 1e-9 * w * wdd ? (wdd * wy - wd * wdy) / determinant : wy / w;
}
