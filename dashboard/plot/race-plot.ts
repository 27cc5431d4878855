import type { Landscape } from './contour-panel.js';
import { contourPart } from './contour-plot.js';
import { heights } from './convergence-panel.js';
import { convergencePart, convergencePlot } from './convergence-plot.js';
import { bodyTop, figure } from './figure.js';
import { checkPaths } from './plot-path.js';

export interface RacePlot extends Omit<Landscape, 'value'> {
  readonly title: string;
  /** The function of two variables; left out for any other number. */
  value?(x: number, y: number): number;
}

/**
 * One SVG picture of a race: contours and paths as `contourPlot` draws them, where the function has two variables,
 * and below them the convergence as `convergencePlot` does.
 *
 * @throws RangeError as these two
 */
export function racePlot({ title, value, paths, minima }: RacePlot): string {
  checkPaths('racePlot', paths);
  if (value === undefined) return convergencePlot({ title, paths, minima });
  const contours = contourPart({ value, paths, minima });
  const top = bodyTop + contours.height + 36;
  const convergence = convergencePart(paths, heights(paths, minima?.[0]?.value), top);
  return figure(title, paths.length, top + convergence.height + 12, contours.markup + convergence.markup);
}
