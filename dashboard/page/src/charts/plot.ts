import { CanvasPen } from './canvas-pen.js';
import { type Axes, type Frame, type FrameSettings, frameOf } from './frame.js';
import { type Gestures, listen } from './gestures.js';
import type { Ink } from './ink.js';
import type { Pen } from './pen.js';

/** What the crosshair reads of a method. */
export interface Reading {
  readonly place: number;
  readonly value: number;
  readonly colour: string;
}

/** What goes on the lower canvas. */
export interface Drawn {
  readonly axes: Axes;
  readonly ink: Ink;
  draw(pen: Pen, frame: Frame): void;
}

/** Two canvases, one above the other: the curves, and the crosshair that moves without drawing them anew. */
export class Plot {
  readonly #host: HTMLElement;
  readonly #below: CanvasPen;
  readonly #above: CanvasPen;
  readonly #deaf: () => void;
  #frame: Frame | undefined;
  /** The stretch being marked, in pixels. */
  #marked: readonly [number, number] | undefined;
  #kept: readonly number[] = [];
  #crosshair: { readonly place: number; readonly readings: readonly Reading[] } | undefined;

  constructor(host: HTMLElement, gestures: Gestures) {
    this.#host = host;
    const ratio = devicePixelRatio;
    [this.#below, this.#above] = [0, 1].map((layer) => {
      const canvas = document.createElement('canvas');
      canvas.className = layer === 0 ? 'curves' : 'crosshair';
      host.append(canvas);
      return new CanvasPen(canvas, ratio);
    }) as [CanvasPen, CanvasPen];
    this.#deaf = listen(host, {
      ...gestures,
      frame: () => this.#frame,
      marking: (marked) => {
        this.#marked = marked;
        this.#drawAbove();
      },
    });
  }

  /** Width of the plot itself in device pixels. */
  get pixels(): number {
    return Math.max(1, Math.round((this.#frame?.area.width ?? this.#host.clientWidth) * devicePixelRatio));
  }

  show({ axes, ink, draw }: Drawn, settings: Omit<FrameSettings, 'width' | 'height'>): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width < 40 || height < 40) return;
    this.#below.clear(width, height);
    this.#frame = frameOf(axes, this.#below, { width, height, ...settings });
    draw(this.#below, this.#frame);
    this.#ink = ink;
    this.#drawAbove();
  }

  #ink: Ink | undefined;

  /** Puts the crosshair where another chart or the keyboard has it. */
  pointAt(place: number | undefined, readings: readonly Reading[]): void {
    if (place === undefined && this.#crosshair === undefined) return;
    this.#crosshair = place === undefined ? undefined : { place, readings };
    this.#drawAbove();
  }

  /** Marks places that are kept, each with its number. */
  keep(places: readonly number[]): void {
    if (places.length === 0 && this.#kept.length === 0) return;
    this.#kept = places;
    this.#drawAbove();
  }

  /** Pixels that a value lies away from a height in the plot. */
  distance(value: number, height: number): number {
    return Math.abs((this.#frame?.y.place(value) ?? Number.NaN) - height);
  }

  /** The value at a height in the plot. */
  valueAt(height: number): number {
    const { from, to, low, high } = this.#frame?.y ?? { from: 0, to: 1, low: Number.NaN, high: Number.NaN };
    return low + ((height - from) / (to - from)) * (high - low);
  }

  destroy(): void {
    this.#deaf();
    this.#host.replaceChildren();
  }

  #drawAbove(): void {
    const frame = this.#frame;
    const { clientWidth: width, clientHeight: height } = this.#host;
    this.#above.clear(width, height);
    const ink = this.#ink;
    if (frame === undefined || ink === undefined) return;
    const { area, x, y } = frame;
    const bottom = area.top + area.height;
    if (this.#marked !== undefined) {
      const [from, to] = this.#marked;
      this.#above.area([from, area.top, to, area.top, to, bottom, from, bottom], ink.axis, 0.18);
    }
    this.#kept.forEach((place, i) => {
      const at = Math.round(x.place(place)) + 0.5;
      if (!(at >= area.left && at <= area.left + area.width + 1)) return;
      this.#above.line([at, area.top, at, bottom], { colour: ink.axis, width: 1, dash: [2, 3] });
      this.#above.text(String(i + 1), at + 3, area.top + 7, {
        colour: ink.axis,
        align: 'left',
        size: 11,
      });
    });
    if (this.#crosshair === undefined) return;
    const { place, readings } = this.#crosshair;
    const at = Math.round(x.place(place)) + 0.5;
    if (!(at >= area.left && at <= area.left + area.width + 1)) return;
    this.#above.line([at, area.top, at, bottom], { colour: ink.axis, width: 1 });
    for (const reading of readings) {
      const [left, top] = [x.place(reading.place), y.place(reading.value)];
      if (top >= area.top - 2 && top <= bottom + 2) this.#above.dot(left, top, 3.6, reading.colour, ink.card);
    }
  }
}
