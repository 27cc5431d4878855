import { type Axis, linearAxis } from '../../../plot/axis.js';
import { type Box, lineThrough, type Place } from '../../../plot/polyline.js';

/** One curve over x in pixels. */
export interface LinePanel {
  readonly area: Box;
  readonly x: Axis;
  readonly y: Axis;
}

/** f above and f′ below, over one x. */
export interface LineFrame {
  readonly f: LinePanel;
  readonly slope: LinePanel;
}

const outside = { left: 44, right: 10, top: 10, bottom: 28 };
const between = 18;
const share = 0.56; // of the height, for f
const margin = 0.09;
/** Room below f for the bottoms of parabolas. */
const below = 0.3;

interface Curves {
  value(x: number): number;
  slope(x: number): number;
}

/** Both panels, each as high as the curve needs on the stretch shown. */
export function lineFrameOf(
  { x0, x1 }: { readonly x0: number; readonly x1: number },
  width: number,
  height: number,
  curves: Curves,
): LineFrame {
  const inner = Math.max(2, height - outside.top - outside.bottom - between);
  const upper = Math.round(inner * share);
  const panel = (top: number, tall: number, of: (x: number) => number): LinePanel => {
    const area = {
      left: outside.left,
      top,
      width: Math.max(1, width - outside.left - outside.right),
      height: Math.max(1, tall),
    };
    const [low, high] = extent(x0, x1, of, top === outside.top ? below : margin);
    return {
      area,
      x: linearAxis(x0, x1, { from: area.left, to: area.left + area.width, perLabel: 64 }),
      y: linearAxis(low, high, { from: area.top + area.height, to: area.top, perLabel: 34 }),
    };
  };
  return {
    f: panel(outside.top, upper, curves.value),
    slope: panel(outside.top + upper + between, inner - upper, curves.slope),
  };
}

const samples = 400;

/** A curve over the whole width, broken where it has no value. */
export function curveOf({ x, y }: LinePanel, of: (x: number) => number): string {
  return lineThrough(
    Array.from({ length: samples + 1 }, (_, k): Place => {
      const at = x.low + (k / samples) * (x.high - x.low);
      return [x.place(at), y.place(of(at))];
    }),
  );
}

export function placeIn({ x, y }: LinePanel, at: number, value: number): Place {
  return [x.place(at), y.place(value)];
}

/** What a curve reaches, with a margin; steep ends may leave the picture, so that its middle can be seen. */
function extent(x0: number, x1: number, of: (x: number) => number, under: number): readonly [number, number] {
  const values = Array.from({ length: samples + 1 }, (_, k) => of(x0 + (k / samples) * (x1 - x0)))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (values.length === 0) return [-1, 1];
  const at = (part: number) => values[Math.round(part * (values.length - 1))];
  const [low, high] = [at(0.01), at(0.99)];
  const middle = at(0.85) - at(0.15) || high - low || Math.abs(high) || 1;
  const [bottom, top] = [Math.max(low, at(0.15) - 6 * middle), Math.min(high, at(0.85) + 6 * middle)];
  const height = top - bottom || 1;
  return [bottom - under * height, top + margin * height];
}
