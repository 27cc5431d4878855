import { type Axis, linearTicks, powerOfTen, type Tick } from '../../../plot/axis.js';
import { logTicks } from '../../../plot/log-ticks.js';
import type { Box } from '../../../plot/polyline.js';
import { plainTick } from '../data/format.js';
import type { Pen } from './pen.js';
import type { Picture } from './picture.js';

/** Where a chart's plot lies on its canvas, with both axes laid out in it. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly area: Box;
  readonly x: Abscissa;
  readonly y: Axis;
  /** Text below the middle of the x axis. */
  readonly caption: string;
}

export interface Abscissa extends Axis {
  /** The place at a pixel. */
  at(pixel: number): number;
}

/** What both axes show. */
export type Axes = Pick<Picture, 'x' | 'y' | 'log' | 'logX' | 'scale'>;

export interface FrameSettings {
  readonly width: number;
  readonly height: number;
  /** Least and greatest value that can occur, where there are such. */
  readonly bounds?: readonly [number, number];
  /** How values on the y axis are written. */
  readonly label?: (value: number) => string;
  readonly caption: string;
  /** Marks on the y axis in place of those that would be worked out, on an axis without room at its ends. */
  readonly ticks?: readonly Tick[];
  /** Pixels kept free above. */
  readonly head?: number;
}

export const letters = 11;
const outside = { top: 8, right: 12, bottom: 36, gap: 8 };
/** Pixels that a label takes up on each axis. */
const perLabel = { x: 58, y: 26 };
/** Nothing is narrower than this part of its size: digits end there. */
const narrowest = 1e-12;

/** Lays out the axes of a picture: as much room beside them as their labels need. */
export function frameOf(picture: Axes, pen: Pen, settings: FrameSettings): Frame {
  const { width, height, label, caption, ticks: given, head = 0 } = settings;
  const top = outside.top + head;
  const area = { left: 0, top, width: 0, height: height - top - outside.bottom };
  const place = { from: area.top + area.height, to: area.top, perLabel: perLabel.y };
  const [low, high] = given !== undefined && picture.y ? picture.y : padded(picture, settings.bounds);
  const y = axis(low, high, picture.log, place);
  const ticks =
    given ?? (label === undefined || picture.log ? y.ticks : y.ticks.map((tick) => relabelled(tick, label)));
  const widest = Math.max(12, ...ticks.map(({ text }) => pen.width(text, letters)));
  area.left = Math.ceil(widest) + outside.gap;
  area.width = Math.max(10, width - area.left - outside.right);
  return {
    width,
    height,
    area,
    y: { ...y, ticks },
    x: abscissa(picture, { from: area.left, to: area.left + area.width, perLabel: perLabel.x }),
    caption,
  };
}

const relabelled = ({ value }: Tick, label: (value: number) => string): Tick => ({
  value,
  text: label(value),
});

function abscissa(
  { x: [low, high], logX, scale }: Pick<Picture, 'x' | 'logX' | 'scale'>,
  room: Parameters<typeof axis>[3],
): Abscissa {
  const inner = axis(low * scale, high * scale, logX, room);
  return {
    ...inner,
    low,
    high,
    place: (value) => inner.place(value * scale),
    ticks: inner.ticks.map(({ value, text }) => ({ value: value / scale, text })),
    at: (pixel) => {
      const share = (pixel - room.from) / (room.to - room.from);
      return logX ? low * (high / low) ** share : low + share * (high - low);
    },
  };
}

function axis(
  low: number,
  high: number,
  log: boolean,
  { from, to, perLabel }: { from: number; to: number; perLabel: number },
): Axis {
  const room = Math.abs(to - from) / perLabel;
  if (!log) {
    const scale = (to - from) / (high - low);
    return {
      low,
      high,
      from,
      to,
      place: (v) => from + (v - low) * scale,
      ticks: linearTicks(low, high, room),
    };
  }
  const [bottom, top] = [Math.log(low), Math.log(high)];
  const scale = (to - from) / (top - bottom);
  return {
    low,
    high,
    from,
    to,
    // What a log axis cannot show stands at its lower end.
    place: (v) => (v > 0 ? from + (Math.log(v) - bottom) * scale : Number.isNaN(v) ? v : from),
    ticks: ticksOfLog(low, high, room),
  };
}

/** Powers of ten and their multiples; in a range so narrow that fewer than two of them have a label, even numbers. */
function ticksOfLog(low: number, high: number, room: number): readonly Tick[] {
  const ticks = logTicks(low, high, room);
  if (high < 10 * low && ticks.filter(({ labelled }) => labelled).length < 2)
    return linearTicks(low, high, room);
  return ticks.map(({ value, labelled }) => ({ value, text: labelled ? logLabel(value, low, high) : '' }));
}

function logLabel(value: number, low: number, high: number): string {
  return low >= 1e-4 && high < 1e6 ? plainTick(value) : powerOfTen(value);
}

/** The range that is seen, with a little room on both sides. */
function padded(
  { y, log }: Pick<Picture, 'y' | 'log'>,
  bounds?: readonly [number, number],
): readonly [number, number] {
  const [low, high] = y ?? [1, 10];
  if (log) {
    const ratio = Math.max(1.2, (high / low) ** 0.05);
    return [Math.max(low / ratio, Number.MIN_VALUE * 1e16), Math.min(high * ratio, 1e308)];
  }
  const size = Math.max(Math.abs(low), Math.abs(high));
  const room = Math.max(
    0.06 * (high - low),
    narrowest * size,
    size === 0 ? 1 : high === low ? 0.1 * size : 0,
  );
  // What is never below zero gets no room there.
  const bottom = low >= 0 && low <= 0.2 * high ? 0 : low - room;
  return [Math.max(bottom, bounds?.[0] ?? -Infinity), Math.min(high + room, bounds?.[1] ?? Infinity)];
}
