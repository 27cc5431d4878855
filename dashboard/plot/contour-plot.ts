import { contourPanel, type Landscape } from './contour-panel.js';
import { heights } from './convergence-panel.js';
import { bodyTop, edge, figure, figureWidth } from './figure.js';
import { legend, marksKey, noteOf } from './legend.js';
import { checkPaths } from './plot-path.js';

export interface ContourPlot extends Landscape {
  readonly title: string;
}

const area = { left: 64, width: 560 };
const legendLeft = area.left + area.width + 32;

/**
 * An SVG picture of a function of two variables with the path of every method: contour lines labelled with their
 * values, starts, ends and known minima marked, and a legend.
 *
 * The window holds the starts, where paths end, and what lies near; a path that runs away leaves it.
 * Points that are not finite break a line. The same input gives the same bytes.
 *
 * @throws RangeError on a path without points, or with other numbers of values than of points
 * @example
 * contourPlot({
 *   title: 'Booth',
 *   value: (x, y) => (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
 *   paths: [{ label: 'newton', points: [[9, 8], [1, 3]], values: [730, 0] }],
 *   minima: [{ x: [1, 3], value: 0 }],
 * });
 */
export function contourPlot(plot: ContourPlot): string {
  checkPaths('contourPlot', plot.paths);
  const { markup, height } = contourPart(plot);
  return figure(plot.title, plot.paths.length, bodyTop + height, markup);
}

/** Panel and legend side by side, and how far down they reach from where the body begins. */
export function contourPart(plot: Landscape): { readonly markup: string; readonly height: number } {
  const panel = contourPanel(plot, { left: area.left, top: bodyTop, width: area.width });
  const minimum = plot.minima?.[0]?.value;
  const least = minimum === undefined ? undefined : heights(plot.paths, minimum).least;
  const rows = legend(
    plot.paths,
    plot.paths.map((path) => noteOf(path, least)),
    { left: legendLeft, top: bodyTop, width: figureWidth - legendLeft - edge / 2, columns: 1 },
  );
  const key = marksKey(legendLeft, bodyTop + rows.height + 12, panel.marks);
  return {
    markup: panel.markup + rows.markup + key,
    height: Math.max(panel.area.height + 44, rows.height + 40) + 12,
  };
}
