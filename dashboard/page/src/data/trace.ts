import { type Column, lowerBound } from '../../../record/column.js';
import { mark } from '../../../record/summary.js';
import { emptyExtent, oddity, type Series } from './series.js';

/** What is drawn of a series: a line that breaks where y is NaN, and marks where something is not on it. */
export interface Trace {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly marks: readonly Mark[];
}

export interface Mark {
  readonly x: number;
  /** `belowZero` stands for values of 0 and less, which a log axis cannot show. */
  readonly kind: 'NaN' | '+∞' | '−∞' | 'belowZero';
}

/**
 * The indices [from, to) of a series as a line of at most four points a pixel: entry, least, greatest and last
 * value of each pixel column (Jugel et al., 2014, "M4", section 4.2), so that no spike is lost and the line
 * looks as it would with every point drawn. Where points are fewer than pixels they are drawn one by one.
 *
 * @param pixels pixel columns that [low, high], the visible stretch of the x axis, takes up
 */
export function trace(
  places: Column,
  series: Series,
  from: number,
  to: number,
  axis: { readonly low: number; readonly high: number; readonly pixels: number; readonly log: boolean },
): Trace {
  const line = new Line(axis.log);
  const end = Math.min(to, series.length, places.length);
  if (end - from <= 2 * axis.pixels) {
    for (let index = from; index < end; index++) line.stretch(places.at(index), series, index, index + 1);
    return line;
  }
  const width = (axis.high - axis.low) / axis.pixels;
  let start = from;
  for (let pixel = 0; start < end; pixel++) {
    const edge = pixel >= axis.pixels ? Infinity : axis.low + (pixel + 1) * width;
    const stop = edge === Infinity ? end : Math.min(end, lowerBound(places, edge));
    if (stop <= start) continue;
    line.stretch(places.at(start), series, start, stop);
    start = stop;
  }
  return line;
}

/** The room between two series, drawn as one surface where neither breaks. */
export interface Band {
  readonly x: readonly number[];
  /** NaN where the surface breaks, or where on a log axis it goes down to the edge. */
  readonly below: readonly number[];
  /** NaN where the surface breaks. */
  readonly above: readonly number[];
}

/** The indices [from, to) of two series as a band of at most one point a pixel. */
export function band(
  places: Column,
  below: Series,
  above: Series,
  from: number,
  to: number,
  axis: { readonly low: number; readonly high: number; readonly pixels: number; readonly log: boolean },
): Band {
  const drawn = { x: [] as number[], below: [] as number[], above: [] as number[] };
  const stride = Math.max(1, Math.ceil((to - from) / (2 * axis.pixels)));
  for (let index = from; index < to; index += stride) {
    const [low, high] = [below, above].map((series) => series.extent(index, Math.min(to, index + stride)));
    const seen = (value: number) =>
      Number.isFinite(value) && !(axis.log && value <= 0) ? value : Number.NaN;
    drawn.x.push(places.at(index));
    drawn.below.push(seen(low!.low));
    drawn.above.push(seen(high!.high));
  }
  return drawn;
}

class Line implements Trace {
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly marks: Mark[] = [];
  readonly #log: boolean;

  constructor(log: boolean) {
    this.#log = log;
  }

  #point(x: number, value: number): void {
    const odd = oddity(value);
    if (odd !== 0) this.#odd(x, odd);
    else if (this.#log && value <= 0) this.#mark(x, 'belowZero');
    if (odd !== 0 || (this.#log && value <= 0)) this.#break(x);
    else this.#add(x, value);
  }

  /** What lies in one pixel column. */
  stretch(x: number, series: Series, from: number, to: number): void {
    if (to - from === 1 && series.bucket(from) === undefined) {
      this.#point(x, series.at(from));
      return;
    }
    const extent = series.extent(from, to, emptyExtent());
    const unseen = this.#log && extent.low <= 0;
    if (extent.oddities !== 0) this.#odd(x, extent.oddities);
    if (unseen) this.#mark(x, 'belowZero');
    const low = this.#log ? extent.lowPositive : extent.low;
    const broken = extent.oddities !== 0 || unseen;
    if (broken) this.#break(x);
    if (low <= extent.high) {
      const whole = !broken && to - from > 1;
      if (whole) this.#add(x, series.at(from));
      this.#add(x, low);
      if (extent.high !== low) this.#add(x, extent.high);
      if (whole) this.#add(x, series.at(to - 1));
    }
    if (broken) this.#break(x);
  }

  #add(x: number, y: number): void {
    this.x.push(x);
    this.y.push(y);
  }

  #break(x: number): void {
    if (this.y.length > 0 && !Number.isNaN(this.y.at(-1))) this.#add(x, Number.NaN);
  }

  #odd(x: number, oddities: number): void {
    if (oddities & mark.nan) this.#mark(x, 'NaN');
    if (oddities & mark.infinity) this.#mark(x, '+∞');
    if (oddities & mark.minusInfinity) this.#mark(x, '−∞');
  }

  #mark(x: number, kind: Mark['kind']): void {
    this.marks.push({ x, kind });
  }
}
