import { wordsFor } from '../record/outcome-words.js';
import { plainNumber } from './axis.js';
import { cross, troubled } from './draw-paths.js';
import type { PlotPath } from './plot-path.js';
import { lineThrough } from './polyline.js';
import { dashes } from './style.js';
import { element, escaped, fitted, label } from './svg.js';

const rowHeight = 36;
const swatchWidth = 24;

/** What is said of a method under its name: how many steps it took, how it ended, and at which height. */
export function noteOf({ values, points, outcome }: PlotPath, least: number | undefined): string {
  const steps = points.length === 2 ? '1 step' : `${points.length - 1} steps`;
  const end = values.at(-1)!;
  const height =
    least === undefined ? `f = ${plainNumber(end, 4)}` : `f − f* = ${plainNumber(end - least, 2)}`;
  // That all steps were taken, or that it was stopped, the number of steps tells.
  const told = outcome !== undefined && !['budget', 'stopped'].includes(outcome.kind);
  return [steps, ...(told ? [wordsFor(outcome).words] : []), height].join(' · ');
}

/** What the marks mean, in a row that begins at (left, y). */
export function marksKey(left: number, y: number, { minima }: { readonly minima: boolean }): string {
  const ring = element('circle', { class: 'ring', cx: left + 7, cy: y, r: 5.5 });
  const end = element('circle', { class: 'ink', cx: left + 71, cy: y, r: 4.2 });
  const text = label(left + 20, y + 4, 'soft small', 'start') + label(left + 82, y + 4, 'soft small', 'end');
  if (!minima) return ring + end + text;
  return (
    ring +
    end +
    text +
    cross(left + 126, y, 5, 'cross') +
    label(left + 140, y + 4, 'soft small', 'known minimum')
  );
}

/** A row for each method, in as many columns as asked for, with its colour, name and note. */
export function legend(
  paths: readonly PlotPath[],
  notes: readonly string[],
  { left, top, width, columns }: { left: number; top: number; width: number; columns: number },
): { readonly markup: string; readonly height: number } {
  const columnWidth = width / columns;
  const rows = Math.ceil(paths.length / columns);
  const markup = paths.map((path, method) => {
    const x = left + Math.floor(method / rows) * columnWidth;
    const y = top + (method % rows) * rowHeight + 11;
    const text = columnWidth - swatchWidth - 10;
    const [from, to] = [x, x + swatchWidth];
    return element(
      'g',
      {},
      element('title', {}, escaped(`${path.label}: ${notes[method]}`)),
      element('path', {
        class: `path s${method}`,
        'stroke-width': 2,
        'stroke-dasharray': dashes(method),
        d: lineThrough([
          [from, y],
          [to - 2, y],
        ]),
      }),
      troubled(path)
        ? cross((from + to) / 2, y, 3.6, `path s${method}`, 2.2)
        : element('circle', {
            class: `f${method}`,
            cx: (from + to) / 2 - 1,
            cy: y,
            r: 4.2,
            'stroke-width': 1.2,
          }),
      label(to + 8, y + 4, 'ink', fitted(path.label, 12, text)),
      label(to + 8, y + 18, 'soft small', fitted(notes[method], 11, text)),
    );
  });
  return { markup: markup.join(''), height: rows * rowHeight };
}
