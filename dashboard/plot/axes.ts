import type { Axis } from './axis.js';
import type { Box } from './polyline.js';
import { element, label } from './svg.js';

/** Grid lines, behind everything. */
export function gridLines(area: Box, x: Axis, y: Axis): string {
  const vertical = x.ticks
    .filter(({ text }) => text !== '')
    .map(({ value }) => line(x.place(value), area.top, 0, area.height));
  const horizontal = y.ticks
    .filter(({ text }) => text !== '')
    .map(({ value }) => line(area.left, y.place(value), area.width, 0));
  return element('path', { class: 'grid', d: [...vertical, ...horizontal].join('') });
}

/** The area's outline with ticks outside it, their numbers, and the names of both axes. */
export function axes(area: Box, x: Axis, y: Axis, names: { readonly x: string; readonly y: string }): string {
  const bottom = area.top + area.height;
  const tick = (text: string) => (text === '' ? 3 : 5);
  const marks = [
    ...x.ticks.map(({ value, text }) => line(x.place(value), bottom, 0, tick(text))),
    ...y.ticks.map(({ value, text }) => line(area.left, y.place(value), -tick(text), 0)),
  ].join('');
  const numbers = [
    ...x.ticks.map(
      ({ value, text }) => text && label(x.place(value), bottom + 19, 'soft small', text, 'middle'),
    ),
    ...y.ticks.map(
      ({ value, text }) => text && label(area.left - 9, y.place(value) + 4, 'soft small', text, 'end'),
    ),
  ].join('');
  return (
    element('rect', {
      class: 'frame',
      x: area.left,
      y: area.top,
      width: area.width,
      height: area.height,
    }) +
    element('path', { class: 'frame', d: marks }) +
    numbers +
    label(area.left + area.width / 2, bottom + 38, 'variable', names.x, 'middle') +
    label(area.left - 9, area.top - 10, 'variable', names.y, 'end')
  );
}

/** Restricts what refers to it to the area. */
export function clipTo(area: Box, id: string): string {
  const { left, top, width, height } = area;
  return element('clipPath', { id }, element('rect', { x: left, y: top, width, height }));
}

function line(x: number, y: number, dx: number, dy: number): string {
  const at = (value: number) => Number(value.toFixed(2));
  return dx === 0 ? `M${at(x)},${at(y)}v${at(dy)}` : `M${at(x)},${at(y)}h${at(dx)}`;
}
