import uPlot from 'uplot';
import { colour, dash, type Theme } from '../../../plot/colours.js';
import { logRange, logTicks } from '../../../plot/log-ticks.js';
import { tick } from '../data/format.js';
import { ink } from './ink.js';
import { paintBand, paintDots, paintLine, paintMarks } from './paint.js';
import type { Picture } from './picture.js';

export interface PlotSettings {
  readonly log: boolean;
  readonly theme: Theme;
  /** How values on the y axis are written. */
  readonly label?: (value: number) => string;
  /** Least and greatest value that can occur, where there are such. */
  readonly bounds?: readonly [number, number];
  /** Whether each value gets a dot. */
  readonly dots: boolean;
  /** The crosshair moved to a place on the x axis, or away. */
  readonly pointed: (place: number | undefined) => void;
  /** A stretch of the x axis was marked. */
  readonly zoomed: (low: number, high: number) => void;
}

/** Least distance of two labels on the y axis, in CSS pixels. */
const labelHeight = 24;

/** How faint raw values stand behind their smoothed line. */
const rawOpacity = 0.26;
/** How faint each band is: where one lies in another it is that much darker. */
const bandOpacity = 0.13;

/** One canvas: uPlot keeps axes, crosshair and selection; the curves are drawn from a `Picture`. */
export class Plot {
  readonly #plot: uPlot;
  readonly #settings: PlotSettings;
  #picture: Picture | undefined;

  constructor(host: HTMLElement, settings: PlotSettings) {
    this.#settings = settings;
    const { axis, grid, font } = ink();
    const lines = { stroke: axis, font, grid: { stroke: grid, width: 1 }, ticks: { show: false }, gap: 6 };
    this.#plot = new uPlot(
      {
        width: host.clientWidth,
        height: host.clientHeight,
        padding: [8, 10, 0, 0],
        legend: { show: false },
        scales: { x: { time: false, auto: false }, y: { auto: false, distr: settings.log ? 3 : 1 } },
        axes: [
          { ...lines, size: 28, values: (_, ticks) => ticks.map(tick) },
          { ...lines, size: 52, space: 28, ...this.#ordinate() },
        ],
        series: [{}, { paths: () => null, points: { show: false } }],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
          bind: { dblclick: () => null },
        },
        hooks: {
          draw: [() => this.#draw()],
          setCursor: [({ cursor }) => this.#point(cursor.left)],
          setSelect: [(plot) => this.#select(plot)],
        },
      },
      [[], []],
      host,
    );
  }

  /** Width of the plot itself in device pixels. */
  get pixels(): number {
    return Math.max(1, Math.round(this.#plot.bbox.width));
  }

  show(picture: Picture): void {
    this.#picture = picture;
    const [low, high] = picture.x;
    const [bottom, top] = this.#range(picture.y ?? [1, 10]);
    this.#plot.batch(() => {
      this.#plot.setData(
        [
          [low, high],
          [bottom, top],
        ],
        false,
      );
      this.#plot.setScale('x', { min: low, max: high });
      this.#plot.setScale('y', { min: bottom, max: top });
    });
  }

  /** Puts the crosshair where another chart or the keyboard has it. */
  pointAt(place: number | undefined): void {
    const left = place === undefined ? -10 : this.#plot.valToPos(place, 'x');
    if (Math.abs((this.#plot.cursor.left ?? -10) - left) < 0.5) return;
    const inside = left >= 0 && left <= this.#plot.over.clientWidth;
    this.#plot.setCursor({ left: inside ? left : -10, top: inside ? 0 : -10 }, false);
  }

  resize(width: number, height: number): void {
    this.#plot.setSize({ width, height });
  }

  destroy(): void {
    this.#plot.destroy();
  }

  /** Where the y axis has lines, and what stands beside them. */
  #ordinate(): Partial<uPlot.Axis> {
    const { log, label = tick } = this.#settings;
    if (!log) return { values: (_, places) => places.map(label) };
    const ticks = (plot: uPlot) => {
      const { min, max } = plot.scales.y!;
      return logTicks(min!, max!, plot.over.clientHeight / labelHeight);
    };
    return {
      splits: (plot) => ticks(plot).map(({ value }) => value),
      filter: (_, places) => places,
      values: (plot) => ticks(plot).map(({ value, labelled }) => (labelled ? label(value) : '')),
    };
  }

  #range([low, high]: readonly [number, number]): readonly [number, number] {
    const { log, bounds } = this.#settings;
    if (log) return logRange(low, high);
    const [bottom, top] = uPlot.rangeNum(low, high, 0.06, true);
    return [Math.max(bottom!, bounds?.[0] ?? -Infinity), Math.min(top!, bounds?.[1] ?? Infinity)];
  }

  #draw(): void {
    const { theme, dots } = this.#settings;
    const drawings = this.#picture?.drawings ?? [];
    const stroke = (method: number) => ({ colour: colour(theme, method), dash: dash(method) });
    for (const { method, bands } of drawings) {
      for (const band of bands) paintBand(this.#plot, band, colour(theme, method), bandOpacity);
    }
    for (const { method, raw } of drawings) {
      if (raw) paintLine(this.#plot, raw, { ...stroke(method), width: 1, opacity: rawOpacity });
    }
    for (const { method, line } of drawings) {
      paintLine(this.#plot, line, { ...stroke(method), width: 1.6, opacity: 1 });
      if (dots && line.x.length <= 200) paintDots(this.#plot, line, colour(theme, method));
    }
    const marked = drawings.filter(({ marks }) => marks.length > 0);
    marked.forEach(({ method, marks }, row) => {
      paintMarks(this.#plot, marks, colour(theme, method), row);
    });
  }

  #point(left: number | undefined): void {
    const away = left === undefined || left < 0;
    this.#settings.pointed(away ? undefined : this.#plot.posToVal(left, 'x'));
  }

  #select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    this.#settings.zoomed(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }
}
