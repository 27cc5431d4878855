import type { Across, Curve } from '../data/curve.js';
import { type Band, band, type Mark, type Trace, trace } from '../data/trace.js';

/** A curve to be drawn, of the method at `method`. */
export interface Subject {
  readonly method: number;
  readonly curve: Curve;
  /** Pairs of curves that enclose it, the outermost first. */
  readonly bands: readonly (readonly [Curve, Curve])[];
}

export interface View {
  readonly across: Across;
  readonly span: number;
  readonly log: boolean;
  readonly zoom: { readonly low: number; readonly high: number } | null;
  /** Width of the plot in device pixels. */
  readonly pixels: number;
}

export interface Drawing {
  readonly method: number;
  readonly line: Trace;
  /** The raw values behind a smoothed line. */
  readonly raw: Trace | undefined;
  readonly bands: readonly Band[];
  readonly marks: readonly Mark[];
}

/** Everything that goes on a canvas, and the stretches of both axes that hold it. */
export interface Picture {
  readonly drawings: readonly Drawing[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number] | undefined;
}

/** Decides what is drawn of some curves, from as few points as look the same as all of them. */
export function picture(subjects: readonly Subject[], view: View, ends: readonly [number, number]): Picture {
  const low = view.zoom?.low ?? ends[0];
  const high = view.zoom?.high ?? Math.max(ends[1], ends[0] + 1e-9);
  const axis = { low, high, pixels: view.pixels, log: view.log };
  const drawings = subjects.map(({ method, curve, bands }) => {
    const places = curve.across(view.across);
    const [from, to] = curve.within(view.across, low, high);
    const raw = trace(places, curve.raw, from, to, axis);
    const smoothed = curve.smoothed(view.span);
    const line = smoothed === curve.raw ? raw : trace(places, smoothed, from, to, axis);
    return {
      method,
      line,
      raw: line === raw ? undefined : raw,
      bands: bands.map(([below, above]) => band(places, below.raw, above.raw, from, to, axis)),
      marks: raw.marks,
    };
  });
  return { drawings, x: [low, high], y: extent(drawings) };
}

/** First and last place on the x axis where any of the curves has a value. */
export function ends(subjects: readonly Subject[], across: Across): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const { curve } of subjects) {
    const places = curve.across(across);
    if (places.length === 0) continue;
    low = Math.min(low, places.at(0));
    high = Math.max(high, places.last);
  }
  return low <= high ? [low, high] : undefined;
}

function extent(drawings: readonly Drawing[]): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const { line, raw, bands } of drawings) {
    const ys = [line.y, ...(raw ? [raw.y] : []), ...bands.flatMap(({ below, above }) => [below, above])];
    for (const y of ys) {
      for (const value of y) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  return low <= high ? [low, high] : undefined;
}
