import { colour, dash, type Theme } from '../../../plot/colours.js';
import type { Curve } from '../data/curve.js';
import { CanvasPen } from './canvas-pen.js';
import { type FrameSettings, frameOf, letters } from './frame.js';
import type { Pen } from './pen.js';
import type { Drawn } from './plot.js';
import { SvgPen } from './svg-pen.js';

/** A panel as it is written to a file: the picture with a title above and a legend below. */
export interface Figure {
  readonly title: string;
  readonly drawn: Drawn;
  readonly theme: Theme;
  readonly settings: Omit<FrameSettings, 'width' | 'height' | 'head'>;
  /** The methods drawn, and their names. */
  readonly names: readonly { readonly method: number; readonly name: string }[];
  readonly ground: string;
  readonly text: string;
}

const size = { width: 960, height: 540 };
const head = 34;
const row = 20;

/** An SVG file. */
export function svgOf(figure: Figure): string {
  const measuring = new CanvasPen(document.createElement('canvas'), 1);
  const pen = new SvgPen((text, letters) => measuring.width(text, letters));
  const height = drawFigure(pen, figure);
  return pen.file(size.width, height, figure.ground, figure.title);
}

/** A PNG file of twice as many pixels. */
export function pngOf(figure: Figure): Promise<Blob> {
  const canvas = document.createElement('canvas');
  const pen = new CanvasPen(canvas, 2);
  const height = size.height + row * rowsOf(pen, figure).length + 4;
  pen.clear(size.width, height);
  pen.area([0, 0, size.width, 0, size.width, height, 0, height], figure.ground, 1);
  drawFigure(pen, figure);
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture was made')))),
  );
}

/** Every raw value of some curves, and beside it the smoothed one, in CSV (RFC 4180). */
export function csvOf(
  curves: readonly { readonly name: string; readonly curve: Curve; readonly smooth?: boolean }[],
  span: number,
  log: boolean,
): string {
  const lines = ['method,step,evaluations,work_seconds,seconds,value,smoothed'];
  for (const { name, curve, smooth = false } of curves) {
    const { places, raw } = curve;
    const smoothed = smooth ? raw : curve.smoothed(span, log);
    for (let i = 0; i < raw.length; i++) {
      const numbers = [
        places.steps.at(i),
        places.evaluations.at(i),
        places.work.at(i),
        places.seconds.at(i),
        raw.at(i),
        smoothed.at(i),
      ];
      lines.push([quoted(name), ...numbers].join(','));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Draws it, and returns how high it has become. */
function drawFigure(pen: Pen, figure: Figure): number {
  const { drawn, theme, title, settings, text } = figure;
  const { width, height } = size;
  pen.text(title, 12, head / 2, { colour: text, align: 'left', size: 15 });
  drawn.draw(pen, frameOf(drawn.axes, pen, { width, height, head, ...settings }));
  const rows = rowsOf(pen, figure);
  rows.forEach((entries, index) => {
    const y = height + row * index + 9;
    for (const { x, method, name } of entries) {
      pen.line([x, y, x + 22, y], { colour: colour(theme, method), width: 2.2, dash: dash(method) });
      pen.text(name, x + 28, y, { colour: text, align: 'left', size: letters });
    }
  });
  return height + row * rows.length + 4;
}

/** The entries of the legend in rows that are no wider than the figure. */
function rowsOf(pen: Pen, { names }: Figure) {
  const rows: { x: number; method: number; name: string }[][] = [];
  let x = Infinity;
  for (const { method, name } of names) {
    const width = 28 + pen.width(name, letters) + 20;
    if (x + width > size.width) {
      rows.push([]);
      x = 12;
    }
    rows.at(-1)!.push({ x, method, name });
    x += width;
  }
  return rows;
}
