import type uPlot from 'uplot';
import type { Band, Mark, Trace } from '../data/trace.js';

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly opacity: number;
  readonly dash: readonly number[];
}

/** Draws a trace as a line that breaks at NaN; a point with a break on both sides becomes a dot. */
export function paintLine(plot: uPlot, { x, y }: Trace, stroke: Stroke): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const line = new Path2D();
  const dots = new Path2D();
  let started = false;
  for (let index = 0; index < x.length; index++) {
    const value = y[index]!;
    if (Number.isNaN(value)) {
      started = false;
      continue;
    }
    const left = plot.valToPos(x[index]!, 'x', true);
    const top = plot.valToPos(value, 'y', true);
    if (started) line.lineTo(left, top);
    else if (index + 1 < x.length && !Number.isNaN(y[index + 1]!)) line.moveTo(left, top);
    else dots.rect(left - ratio, top - ratio, 2 * ratio, 2 * ratio);
    started = true;
  }
  ctx.save();
  clip(plot);
  ctx.globalAlpha = stroke.opacity;
  ctx.strokeStyle = stroke.colour;
  ctx.fillStyle = stroke.colour;
  ctx.lineWidth = stroke.width * ratio;
  ctx.lineJoin = 'round';
  ctx.setLineDash(stroke.dash.map((length) => length * ratio));
  ctx.stroke(line);
  ctx.fill(dots);
  ctx.restore();
}

/** Fills the room between two lines; where the lower one is below the axis, down to the edge. */
export function paintBand(plot: uPlot, { x, below, above }: Band, colour: string, opacity: number): void {
  const { ctx, bbox } = plot;
  const surface = new Path2D();
  const left = (index: number) => plot.valToPos(x[index]!, 'x', true);
  const edge = bbox.top + bbox.height;
  for (let start = 0; start < x.length; ) {
    let end = start;
    while (end < x.length && !Number.isNaN(above[end]!)) end++;
    for (let index = start; index < end; index++)
      surface.lineTo(left(index), plot.valToPos(above[index]!, 'y', true));
    for (let index = end - 1; index >= start; index--) {
      surface.lineTo(
        left(index),
        Number.isNaN(below[index]!) ? edge : plot.valToPos(below[index]!, 'y', true),
      );
    }
    if (end > start) surface.closePath();
    start = end + 1;
    if (start < x.length && !Number.isNaN(above[start]!))
      surface.moveTo(left(start), plot.valToPos(above[start]!, 'y', true));
  }
  ctx.save();
  clip(plot);
  ctx.globalAlpha = opacity;
  ctx.fillStyle = colour;
  ctx.fill(surface);
  ctx.restore();
}

/** Draws a dot at every point, for quantities measured now and then. */
export function paintDots(plot: uPlot, { x, y }: Trace, colour: string): void {
  const { ctx } = plot;
  const radius = 2.2 * devicePixelRatio;
  ctx.save();
  clip(plot);
  ctx.fillStyle = colour;
  for (let index = 0; index < x.length; index++) {
    if (Number.isNaN(y[index]!)) continue;
    ctx.beginPath();
    ctx.arc(plot.valToPos(x[index]!, 'x', true), plot.valToPos(y[index]!, 'y', true), radius, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}

/**
 * Marks what no line can show, where it happened: a cross at the top for NaN, arrows at the top and bottom for
 * what lies beyond the axis, each on a thin line down the whole plot.
 */
export function paintMarks(plot: uPlot, marks: readonly Mark[], colour: string, row: number): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const { left, top, width, height } = plot.bbox;
  const arm = 3.5 * ratio;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.6 * ratio;
  for (const mark of marks) {
    const x = plot.valToPos(mark.x, 'x', true);
    if (x < left || x > left + width) continue;
    const below = mark.kind === 'belowZero' || mark.kind === '−∞';
    const y = below ? top + height - 6 * ratio : top + (6 + 9 * row) * ratio;
    if (mark.kind !== 'belowZero') {
      ctx.globalAlpha = 0.45;
      ctx.lineWidth = ratio;
      ctx.setLineDash([2 * ratio, 3 * ratio]);
      path(ctx, [x, top], [x, top + height]);
    }
    ctx.globalAlpha = 1;
    ctx.lineWidth = 1.6 * ratio;
    ctx.setLineDash([]);
    if (mark.kind === 'NaN') {
      path(ctx, [x - arm, y - arm], [x + arm, y + arm]);
      path(ctx, [x - arm, y + arm], [x + arm, y - arm]);
    } else {
      const tip = below ? y + arm : y - arm;
      path(ctx, [x - arm, y], [x, tip], [x + arm, y]);
    }
  }
  ctx.restore();
}

function clip(plot: uPlot): void {
  const { left, top, width, height } = plot.bbox;
  plot.ctx.beginPath();
  plot.ctx.rect(left, top, width, height);
  plot.ctx.clip();
}

function path(ctx: CanvasRenderingContext2D, ...points: readonly (readonly [number, number])[]): void {
  ctx.beginPath();
  points.forEach(([x, y], index) => {
    if (index === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  });
  ctx.stroke();
}
