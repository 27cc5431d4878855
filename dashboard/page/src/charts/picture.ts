import { type Column, lowerBound } from '../../../record/column.js';
import type { Curve } from '../data/curve.js';
import type { Across } from '../data/places.js';
import type { Series } from '../data/series.js';
import { type Band, band, type Mark, type Stretch, type Trace, trace } from '../data/trace.js';
import { alike } from './alike.js';
import { robustRange, wholeRange } from './range.js';

/** A curve to be drawn, of the method at `method`. */
export interface Subject {
  readonly method: number;
  readonly curve: Curve;
  /** Pairs of curves that enclose it, the outermost first. */
  readonly bands: readonly (readonly [Curve, Curve])[];
  /** Whether the method ended in trouble: it may leave the picture. */
  readonly failed: boolean;
  /** Whether it is smoothed already. */
  readonly smooth?: boolean;
  /** A second quantity of the same method, drawn dotted. */
  readonly beside?: boolean;
  /** A count of what happened at a step, or so far, marked at the foot. */
  readonly events?: { readonly curve: Curve; readonly soFar: boolean };
}

export interface View {
  readonly across: Across;
  readonly span: number;
  readonly log: boolean;
  readonly logX: boolean;
  /** Units of the x axis that a place counts for. */
  readonly scale: number;
  readonly zoom: { readonly low: number; readonly high: number } | null;
  /** Whether the y axis holds all there is, spikes too. */
  readonly whole: boolean;
  /** Width of the plot in device pixels. */
  readonly pixels: number;
  /** Places where lines break, as the run was paused. */
  readonly breaks: readonly number[];
}

export interface Drawing {
  readonly method: number;
  readonly line: Trace;
  /** The least and greatest raw values around a smoothed line, and the quantiles of a list. */
  readonly bands: readonly Band[];
  readonly marks: readonly Mark[];
  readonly beside: boolean;
  /** Places marked at the foot. */
  readonly events: readonly number[];
}

/** Everything that goes on a canvas, and the stretches of both axes that hold it. */
export interface Picture {
  readonly drawings: readonly Drawing[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number] | undefined;
  readonly log: boolean;
  readonly logX: boolean;
  readonly scale: number;
  /** Groups of methods whose lines hide each other. */
  readonly alike: readonly (readonly number[])[];
}

/** Decides what is drawn of some curves, from as few points as look the same as all of them. */
export function picture(subjects: readonly Subject[], view: View, ends: readonly [number, number]): Picture {
  const { across, log, logX, scale, pixels, breaks } = view;
  let low = view.zoom?.low ?? ends[0];
  const high = view.zoom?.high ?? Math.max(ends[1], ends[0] + 1e-9);
  if (logX && low <= 0) low = Math.min(ends[0], high / 10);
  const stretch: Stretch = { low, high, pixels, log, logX, breaks };
  const drawings = subjects.map(({ method, curve, bands, events, smooth = false, beside = false }) => {
    const places = curve.across(across);
    const [near, to] = curve.within(across, low, high);
    // On a logarithmic axis the start, at 0, has no place.
    const from = logX ? Math.max(near, lowerBound(places, Number.MIN_VALUE)) : near;
    const smoothed = smooth ? curve.raw : curve.smoothed(view.span, log);
    const line = trace(places, smoothed, from, to, stretch);
    // A smoothed line stands in the envelope of its raw values, each place of it over a part of what is averaged.
    const envelope =
      smoothed === curve.raw
        ? []
        : [band(places, curve.raw, curve.raw, from, to, stretch, Math.ceil(view.span / 3))];
    return {
      method,
      line,
      bands: [
        ...envelope,
        ...bands.map(([below, above]) => band(places, below.raw, above.raw, from, to, stretch)),
      ],
      marks: smoothed === curve.raw ? line.marks : marksOf(curve.raw, places, from, to, stretch),
      beside,
      events: events === undefined ? [] : happenings(events, across, low, high),
    };
  });
  const drawn = drawings.map(({ line, bands }, index) => ({
    values: [line.y, ...bands.flatMap(({ below, above }) => [below, above])],
    failed: subjects[index]!.failed,
  }));
  const range = view.whole ? wholeRange(drawn) : robustRange(drawn, log);
  const y = range && ([range.low, range.high] as const);
  return { drawings, x: [low, high], y, log, logX, scale, alike: alike({ drawings, y, log }) };
}

/** What no line can show of the raw values; mostly there is nothing, which their extent tells at once. */
function marksOf(raw: Series, places: Column, from: number, to: number, stretch: Stretch): readonly Mark[] {
  const { oddities, low } = raw.extent(from, to);
  if (oddities === 0 && !(stretch.log && low <= 0)) return [];
  return trace(places, raw, from, to, stretch).marks;
}

/** First and last place on the x axis where any of the curves has a value; above zero where that is asked for. */
export function ends(
  curves: readonly Curve[],
  across: Across,
  aboveZero = false,
): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const curve of curves) {
    const places = curve.across(across);
    const first = aboveZero ? lowerBound(places, Number.MIN_VALUE) : 0;
    if (places.length <= first) continue;
    low = Math.min(low, places.at(first));
    high = Math.max(high, places.last);
  }
  return low <= high ? [low, high] : undefined;
}

/** Where something happened within a stretch: where the count of a step is above 0, or the count so far grows. */
function happenings(
  { curve, soFar }: NonNullable<Subject['events']>,
  across: Across,
  low: number,
  high: number,
): number[] {
  const places = curve.across(across);
  const [from, to] = curve.within(across, low, high);
  const found: number[] = [];
  for (let index = from; index < to; index++) {
    const before = soFar && index > 0 ? curve.raw.at(index - 1) : 0;
    if (curve.raw.at(index) > before) found.push(places.at(index));
  }
  return found;
}
