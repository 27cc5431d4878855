import { type Column, lowerBound } from '../../../record/column.js';
import { mark } from '../../../record/summary.js';
import { emptyExtent, oddity, type Series } from './series.js';

/** What is drawn of a series: a line that breaks where y is NaN, and marks where something is not on it. */
export interface Trace {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly marks: readonly Mark[];
  /** Whether there were more values than pixels: points in a row then share the x of their pixel column. */
  readonly dense: boolean;
}

export interface Mark {
  readonly x: number;
  /** `belowZero` stands for values of 0 and less, which a log axis cannot show. */
  readonly kind: 'NaN' | '+∞' | '−∞' | 'belowZero';
}

/** The visible stretch of the x axis, and how y values are laid out. */
export interface Stretch {
  readonly low: number;
  readonly high: number;
  /** Pixel columns that it takes up. */
  readonly pixels: number;
  /** Whether the y axis is logarithmic. */
  readonly log: boolean;
  /** Whether the x axis is logarithmic too, with `low` above 0. */
  readonly logX?: boolean;
  /** Places at which lines break, rising: where the run was paused. */
  readonly breaks?: readonly number[];
}

/** The place that a share of the stretch lies at. */
function placeAt({ low, high, logX }: Stretch, share: number): number {
  return logX ? low * (high / low) ** share : low + share * (high - low);
}

/**
 * The indices [from, to) of a series as a line of at most four points a pixel: entry, least, greatest and last
 * value of each pixel column (Jugel et al., 2014, "M4", section 4.2), so that no spike is lost and the line
 * looks as it would with every point drawn. Where points are fewer than pixels they are drawn one by one.
 */
export function trace(places: Column, series: Series, from: number, to: number, stretch: Stretch): Trace {
  const end = Math.min(to, series.length, places.length);
  const dense = end - from > 2 * stretch.pixels;
  const line = new Line(stretch.log, stretch.breaks ?? [], dense);
  if (!dense) {
    for (let index = from; index < end; index++) line.stretch(places.at(index), series, index, index + 1);
    return line;
  }
  let start = from;
  for (let pixel = 0; start < end; pixel++) {
    const edge = pixel >= stretch.pixels ? Infinity : placeAt(stretch, (pixel + 1) / stretch.pixels);
    const stop = edge === Infinity ? end : Math.min(end, lowerBound(places, edge));
    if (stop <= start) continue;
    line.stretch(places.at(start), series, start, stop);
    start = stop;
  }
  return line;
}

/** The room between two lines, drawn as one surface where neither breaks. */
export interface Band {
  readonly x: readonly number[];
  /** NaN where the surface breaks, or where on a log axis it goes down to the edge. */
  readonly below: readonly number[];
  /** NaN where the surface breaks. */
  readonly above: readonly number[];
}

/** Pixel columns that one place of a band sums up, at least. */
const fewestPixels = 4;

/**
 * The indices [from, to) of two series as a band, which reaches from the least value of the one to the greatest of
 * the other: with the same series twice, its envelope.
 *
 * @param least how many values one place of it sums up, at least
 */
export function band(
  places: Column,
  below: Series,
  above: Series,
  from: number,
  to: number,
  stretch: Stretch,
  least = 1,
): Band {
  const drawn = { x: [] as number[], below: [] as number[], above: [] as number[] };
  const end = Math.min(to, places.length, below.length);
  const put = (x: number, low: number, high: number) => {
    drawn.x.push(x);
    drawn.below.push(low);
    drawn.above.push(high);
  };
  const bins = Math.max(1, stretch.pixels / fewestPixels);
  const { breaks = [] } = stretch;
  let passed = 0;
  for (let start = from, bin = 0; start < end; ) {
    while (passed < breaks.length && breaks[passed]! <= places.at(start)) {
      if (breaks[passed++]! > places.at(start - 1)) put(places.at(start), Number.NaN, Number.NaN);
    }
    while (bin < bins && placeAt(stretch, (bin + 1) / bins) <= places.at(start)) bin++;
    const edge = bin >= bins ? Infinity : placeAt(stretch, (bin + 1) / bins);
    const paused = passed < breaks.length ? lowerBound(places, breaks[passed]!) : end;
    const stop = Math.min(end, paused, Math.max(start + least, lowerBound(places, edge)));
    const extent = below.extent(start, stop);
    if (above !== below) above.extent(start, stop, extent);
    const low = stretch.log && extent.low <= 0 ? Number.NaN : extent.low;
    const seen = low <= extent.high || (stretch.log && extent.lowPositive <= extent.high);
    const [first, last] = [places.at(start), places.at(stop - 1)];
    const [bottom, top] = seen ? [low, extent.high] : [Number.NaN, Number.NaN];
    const begins = start === from || Number.isNaN(drawn.above.at(-1)!);
    if (begins) put(first, bottom, top);
    put((first + last) / 2, bottom, top);
    if (stop === end || stop === paused) put(last, bottom, top);
    start = stop;
  }
  return drawn;
}

class Line implements Trace {
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly marks: Mark[] = [];
  readonly #log: boolean;
  readonly #breaks: readonly number[];
  #passed = 0;

  constructor(
    log: boolean,
    breaks: readonly number[],
    readonly dense: boolean,
  ) {
    this.#log = log;
    this.#breaks = breaks;
  }

  /** Breaks the line where the run was paused on the way to `x`. */
  #pause(x: number): void {
    while (this.#passed < this.#breaks.length && this.#breaks[this.#passed]! <= x) {
      this.#passed++;
      this.#break(x);
    }
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
    this.#pause(x);
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
