import type { Frame } from './frame.js';
import { letters } from './frame.js';
import type { HeatMap } from './heat.js';
import type { Ink } from './ink.js';
import type { Pen } from './pen.js';

/** Shades that are told apart. */
const levels = 24;
/** Pixels between two labels on the y axis. */
const labelsApart = 13;

/** Draws a map of lists in one hue, the stronger the more. */
export function drawHeat(pen: Pen, frame: Frame, map: HeatMap, hue: string, ink: Ink): void {
  const { area, x, y } = frame;
  const { edges, rows, shades } = map;
  const cells: number[][] = Array.from({ length: levels + 1 }, () => []);
  for (let column = 0; column + 1 < edges.length; column++) {
    // On a logarithmic axis what begins at or before 0 begins at its edge.
    const left = edges[column]! <= x.low ? area.left : x.place(edges[column]!);
    const right = Math.min(area.left + area.width, x.place(edges[column + 1]!));
    if (!(right > left)) continue;
    for (let row = 0; row < rows; ) {
      const level = levelOf(shades[column * rows + row]!);
      let end = row + 1;
      while (end < rows && levelOf(shades[column * rows + end]!) === level) end++;
      const [bottom, top] = [y.place(row), y.place(end)];
      cells[level]!.push(left, top, right - left, bottom - top);
      row = end;
    }
  }
  cells.forEach((boxes, level) => {
    if (level > 0 && boxes.length > 0) pen.boxes(boxes, hue, level / levels);
  });
  const bottom = area.top + area.height;
  const taken: number[] = [];
  // 0 first, which tells the sides apart.
  for (const { value, text } of y.ticks.toSorted((a, b) => Number(b.text === '0') - Number(a.text === '0'))) {
    const at = y.place(value);
    if (taken.some((other) => Math.abs(other - at) < labelsApart)) continue;
    taken.push(at);
    pen.text(text, area.left - 6, at, { colour: ink.axis, align: 'right', size: letters });
  }
  for (const { value, text } of x.ticks) {
    if (text === '') continue;
    const at = x.place(value);
    const half = pen.width(text, letters) / 2;
    const middle = Math.min(frame.width - half - 1, Math.max(half + 1, at));
    pen.text(text, middle, bottom + 11, { colour: ink.axis, align: 'center', size: letters });
  }
  pen.line([area.left, bottom + 0.5, area.left + area.width, bottom + 0.5], {
    colour: ink.reference,
    width: 1,
  });
  pen.text(frame.caption, area.left + area.width, frame.height - 8, {
    colour: ink.axis,
    align: 'right',
    size: letters,
  });
}

/** What is nothing stays the ground; anything more is seen. */
const levelOf = (shade: number) => (shade > 0 ? Math.max(1, Math.round(levels * Math.min(1, shade))) : 0);
