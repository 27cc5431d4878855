import type { LandscapeSampled } from '../record/events.js';
import { isFinitePoint, type Window, windowAround, withEqualScales } from './window.js';

/** Known minima, as problems tell of them. */
export interface KnownMinimum {
  readonly x?: ArrayLike<number>;
  readonly value: number;
}

/** Samples along each side of what is recorded: fine enough for smooth lines, 0.1 s where a value takes 25 µs. */
const recordedSide = 65;
/** What is recorded has six digits: a grid then takes some 40 kB. */
const digits = 6;

/** f on a grid of columns × rows over the window, edges included. Where f throws, its value is NaN. */
export function sampleLandscape(
  value: (x: number, y: number) => number,
  window: Window,
  columns: number,
  rows: number,
): LandscapeSampled {
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    const y = window.y0 + (row / (rows - 1)) * (window.y1 - window.y0);
    for (let column = 0; column < columns; column++) {
      values.push(valueOrNaN(value, window.x0 + (column / (columns - 1)) * (window.x1 - window.x0), y));
    }
  }
  return { kind: 'landscape', ...window, columns, rows, values, minima: [] };
}

/**
 * Keeps the landscape of a live run in step with the paths: told of each point, it answers with a new sample
 * when the window has to grow, at first for the start. It looks again when there are an eighth more points, so
 * that what it costs stays a few passes over them.
 *
 * @example
 * const landscape = new LiveLandscape((x, y) => problem.value(Float64Array.of(x, y)), problem.minima);
 * const event = landscape.visit(method, [x, y], value);
 * if (event) recorder.append(event);
 */
export class LiveLandscape {
  readonly #tracks = new Map<number, { points: (readonly number[])[]; values: number[] }>();
  readonly #minima: LandscapeSampled['minima'];
  #window: Window | undefined;
  #visited = 0;
  #nextLook = 0;
  /** Whether any point lies outside the window. */
  #left = false;

  constructor(
    private readonly value: (x: number, y: number) => number,
    minima: readonly KnownMinimum[] = [],
  ) {
    this.#minima = minima.flatMap(({ x, value }) => (x === undefined ? [] : [{ x: Array.from(x), value }]));
  }

  /** Takes in a point of a method; the sample of the new window where it lies outside the old one. */
  visit(method: number, x: readonly number[], value: number): LandscapeSampled | undefined {
    const track = this.#tracks.get(method) ?? { points: [], values: [] };
    this.#tracks.set(method, track);
    track.points.push(x);
    track.values.push(value);
    if (isFinitePoint(x) && !(this.#window && contains(this.#window, x))) this.#left = true;
    if (!this.#left || this.#visited++ < this.#nextLook) return undefined;
    this.#nextLook = this.#visited + (this.#visited >> 3);
    const wanted = windowAround(
      [...this.#tracks.values()],
      this.#minima.map((minimum) => minimum.x),
    );
    const old = this.#window;
    if (old !== undefined && !outgrown(old, wanted)) return undefined;
    this.#window = old === undefined ? wanted : hull(old, wanted);
    const sampled = sampleLandscape(
      this.value,
      withEqualScales(this.#window, 1, 1),
      recordedSide,
      recordedSide,
    );
    return {
      ...sampled,
      values: sampled.values.map((value) => Number(value.toPrecision(digits))),
      minima: this.#minima,
    };
  }
}

/** Whether the wanted window reaches beyond the old one by more than a hundredth. */
function outgrown(old: Window, wanted: Window): boolean {
  const [x, y] = [(old.x1 - old.x0) / 100, (old.y1 - old.y0) / 100];
  return wanted.x0 < old.x0 - x || wanted.x1 > old.x1 + x || wanted.y0 < old.y0 - y || wanted.y1 > old.y1 + y;
}

/** What holds both windows. */
function hull(one: Window, other: Window): Window {
  return {
    x0: Math.min(one.x0, other.x0),
    x1: Math.max(one.x1, other.x1),
    y0: Math.min(one.y0, other.y0),
    y1: Math.max(one.y1, other.y1),
  };
}

function contains({ x0, x1, y0, y1 }: Window, [x, y]: readonly number[]): boolean {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

function valueOrNaN(value: (x: number, y: number) => number, x: number, y: number): number {
  try {
    return value(x, y);
  } catch {
    return Number.NaN; // outside its domain a function may throw; the run itself is where that is reported
  }
}
