import { colour, dash, type Theme } from '../../../plot/colours.js';
import type { Band, Mark, Trace } from '../data/trace.js';
import { type Frame, letters } from './frame.js';
import type { Ink } from './ink.js';
import type { Pen } from './pen.js';
import type { Drawing, Picture } from './picture.js';
import { covered, isRough } from './thick.js';

export interface Look {
  readonly theme: Theme;
  readonly ink: Ink;
  /** Whether each value gets a dot. */
  readonly dots: boolean;
  /** The method brought forward; the others step back. */
  readonly forward: number | undefined;
  /** Values that lines are drawn at, to read the others by. */
  readonly references: readonly number[];
}

/** How faint each band is: where one lies in another it is that much darker. */
const bandOpacity = 0.14;
const back = 0.22;
/** Pixels between two points, below which they get no dots. */
const dotsApart = 9;

/** Draws axes and curves. */
export function drawChart(pen: Pen, frame: Frame, picture: Picture, look: Look): void {
  const { area, y } = frame;
  if (picture.y === undefined) {
    const [middle, height] = [area.left + area.width / 2, area.top + area.height / 2];
    pen.text('nothing measured yet', middle, height, {
      colour: look.ink.axis,
      align: 'center',
      size: letters + 1,
    });
    return;
  }
  drawAxes(pen, frame, look);
  const order = picture.drawings.toSorted((a, b) => rank(a, look) - rank(b, look));
  pen.within(area, () => {
    for (const { method, bands } of order) {
      const faint = isBack(method, look) ? 0.3 : 1;
      for (const band of bands) drawBand(pen, frame, band, colour(look.theme, method), faint * bandOpacity);
    }
  });
  const wide = { left: area.left - 5, top: area.top - 3, width: area.width + 10, height: area.height + 6 };
  pen.within(wide, () => {
    for (const drawing of order) drawLine(pen, frame, drawing, picture, look);
  });
  for (const { method, line, bands } of order) {
    if (isBack(method, look)) continue;
    drawBeyond(
      pen,
      frame,
      [line, ...bands.map(({ x, above }) => ({ x, y: above }))],
      colour(look.theme, method),
    );
  }
  const marked = picture.drawings.filter(({ marks }) => marks.length > 0);
  marked.forEach(({ method, marks }, row) => {
    drawMarks(pen, frame, marks, colour(look.theme, method), row);
  });
  for (const { method, events } of order) {
    for (const place of events) cross(pen, frame.x.place(place), y.from - 5, 3, colour(look.theme, method));
  }
}

const isBack = (method: number, { forward }: Look) => forward !== undefined && forward !== method;
/** The one brought forward is drawn last, over the others. */
const rank = ({ method }: Drawing, { forward }: Look) => (method === forward ? 1 : 0);

function drawAxes(pen: Pen, { area, x, y, caption, height, width }: Frame, { ink, references }: Look): void {
  const [right, bottom] = [area.left + area.width, area.top + area.height];
  for (const { value, text } of y.ticks) {
    const at = crisp(y.place(value));
    pen.line([area.left, at, right, at], { colour: text === '' ? ink.fine : ink.grid, width: 1 });
    if (text !== '') pen.text(text, area.left - 6, at, { colour: ink.axis, align: 'right', size: letters });
  }
  for (const { value, text } of x.ticks) {
    const at = crisp(x.place(value));
    pen.line([at, area.top, at, bottom], { colour: text === '' ? ink.fine : ink.grid, width: 1 });
    if (text === '') continue;
    const half = pen.width(text, letters) / 2;
    const middle = Math.min(width - half - 1, Math.max(half + 1, at));
    pen.text(text, middle, bottom + 11, { colour: ink.axis, align: 'center', size: letters });
  }
  for (const value of references) {
    const at = crisp(y.place(value));
    if (at >= area.top && at <= bottom)
      pen.line([area.left, at, right, at], { colour: ink.reference, width: 1 });
  }
  pen.line([area.left, crisp(bottom), right, crisp(bottom)], { colour: ink.reference, width: 1 });
  pen.text(caption, right, height - 8, { colour: ink.axis, align: 'right', size: letters });
}

/** A line of one pixel lies on pixels, not between them. */
const crisp = (at: number) => Math.round(at) + 0.5;

/** Of lines that hide each other the later ones are broken, so that the first shows through. */
function dashOf({ method, beside }: Drawing, { alike }: Picture): readonly number[] {
  if (beside) return [1.5, 3];
  const hidden = alike.find((group) => group.includes(method))?.indexOf(method) ?? 0;
  return hidden === 0 ? dash(method) : [7, 7 * hidden];
}

function drawLine(pen: Pen, frame: Frame, drawing: Drawing, picture: Picture, look: Look): void {
  const { method, line } = drawing;
  const hue = colour(look.theme, method);
  const behind = isBack(method, look);
  const coordinates = outlined(frame, line);
  const width = look.forward === method ? 2.6 : 1.7;
  const opacity = behind ? back : 1;
  const dash = dashOf(drawing, picture);
  if (line.dense && isRough(coordinates)) {
    for (const surface of covered(coordinates, { width, dash })) pen.area(surface, hue, opacity);
  } else pen.line(coordinates, { colour: hue, width, opacity, dash });
  const all = look.dots && line.x.length <= frame.area.width / dotsApart;
  for (let i = 0; i < line.x.length; i++) {
    const [x, y] = [coordinates[2 * i]!, coordinates[2 * i + 1]!];
    if (Number.isNaN(y) || behind || !(all || isAlone(line, i))) continue;
    pen.dot(x, y, line.x.length === 1 ? 3 : all ? 2.4 : 1.5, hue);
  }
}

const isAlone = ({ y }: Trace, i: number) =>
  (i === 0 || Number.isNaN(y[i - 1]!)) && (i === y.length - 1 || Number.isNaN(y[i + 1]!));

function outlined({ x, y }: Frame, line: Pick<Trace, 'x' | 'y'>): number[] {
  const coordinates = new Array<number>(2 * line.x.length);
  for (let i = 0; i < line.x.length; i++) {
    coordinates[2 * i] = x.place(line.x[i]!);
    coordinates[2 * i + 1] = Number.isNaN(line.y[i]!) ? Number.NaN : y.place(line.y[i]!);
  }
  return coordinates;
}

/** Fills the room between two lines; where the lower one is below the axis, down to the edge. */
function drawBand(
  pen: Pen,
  { x, y }: Frame,
  { x: places, below, above }: Band,
  hue: string,
  opacity: number,
): void {
  for (let start = 0; start < places.length; ) {
    let end = start;
    while (end < places.length && !Number.isNaN(above[end]!)) end++;
    const outline: number[] = [];
    for (let i = start; i < end; i++) outline.push(x.place(places[i]!), y.place(above[i]!));
    for (let i = end - 1; i >= start; i--) {
      outline.push(x.place(places[i]!), Number.isNaN(below[i]!) ? y.from : y.place(below[i]!));
    }
    if (end > start) pen.area(outline, hue, opacity);
    start = end + 1;
  }
}

/** Small triangles at the edge where a curve lies beyond it. */
function drawBeyond(
  pen: Pen,
  { area, x, y }: Frame,
  lines: readonly Pick<Trace, 'x' | 'y'>[],
  hue: string,
): void {
  for (const [edge, sign] of [
    [area.top, 1],
    [area.top + area.height, -1],
  ] as const) {
    let last = -Infinity;
    for (const line of lines) {
      for (let i = 0; i < line.x.length; i++) {
        const value = line.y[i]!;
        if (sign === 1 ? !(value > y.high) : !(value < y.low)) continue;
        const at = x.place(line.x[i]!);
        if (at < area.left - 1 || at > area.left + area.width + 1 || Math.abs(at - last) < 26) continue;
        last = at;
        pen.area([at - 3.5, edge + sign * 5, at, edge, at + 3.5, edge + sign * 5], hue, 1);
      }
    }
  }
}

/**
 * Marks what no line can show, where it happened: a cross at the top for NaN, arrows at the top and bottom for
 * what lies beyond the axis, each on a thin line down the whole plot.
 */
function drawMarks(pen: Pen, { area, x }: Frame, marks: readonly Mark[], hue: string, row: number): void {
  const bottom = area.top + area.height;
  const stroke = { colour: hue, width: 1.6 };
  for (const mark of marks) {
    const at = x.place(mark.x);
    if (at < area.left - 1 || at > area.left + area.width + 1) continue;
    const below = mark.kind === 'belowZero' || mark.kind === '−∞';
    const y = below ? bottom - 6 : area.top + 8 + 10 * row;
    if (mark.kind !== 'belowZero') {
      pen.line([at, area.top, at, bottom], { colour: hue, width: 1, opacity: 0.45, dash: [2, 3] });
    }
    if (mark.kind === 'NaN') cross(pen, at, y, 3.5, hue);
    else pen.line([at - 3.5, y, at, below ? y + 3.5 : y - 3.5, at + 3.5, y], stroke);
  }
}

function cross(pen: Pen, x: number, y: number, arm: number, hue: string): void {
  const stroke = { colour: hue, width: 1.6 };
  pen.line([x - arm, y - arm, x + arm, y + arm], stroke);
  pen.line([x - arm, y + arm, x + arm, y - arm], stroke);
}
