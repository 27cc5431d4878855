import { convergencePanel, type Effort, type Heights, heights } from './convergence-panel.js';
import { bodyTop, edge, figure, figureWidth } from './figure.js';
import type { KnownMinimum } from './landscape.js';
import { legend, noteOf } from './legend.js';
import { checkPaths, type PlotPath } from './plot-path.js';

export interface ConvergencePlot {
  readonly title: string;
  readonly paths: readonly PlotPath[];
  /** The known minima, the least first; without any, heights are above the least value seen. */
  readonly minima?: readonly KnownMinimum[];
}

const panelHeight = 270;
const left = 68;
const gap = 84;
const legendGap = 62;

/**
 * An SVG picture of how fast methods converge: f − f* on a log axis against iterations and, where the paths tell
 * of them, against evaluations.
 *
 * A method that meets f* to the last digit ends there with a triangle on the bottom line; values that are not
 * finite break a line. The same input gives the same bytes.
 *
 * @throws RangeError on a path without points, or with other numbers of values or evaluations than of points
 * @example convergencePlot({ title: 'Booth', paths: [{ label: 'newton', points: [[9, 8], [1, 3]], values: [730, 0] }] })
 */
export function convergencePlot({ title, paths, minima }: ConvergencePlot): string {
  checkPaths('convergencePlot', paths);
  const above = heights(paths, minima?.[0]?.value);
  const panels = convergencePart(paths, above, bodyTop);
  const top = bodyTop + panels.height + legendGap - 44;
  const rows = legend(
    paths,
    paths.map((path) => noteOf(path, above.known ? above.least : undefined)),
    { left, top, width: figureWidth - left - edge, columns: 3 },
  );
  return figure(title, paths.length, top + rows.height + 12, panels.markup + rows.markup);
}

/** One panel, or two side by side where evaluations are known; `height` with the names of the axes. */
export function convergencePart(
  paths: readonly PlotPath[],
  above: Heights,
  top: number,
): { readonly markup: string; readonly height: number } {
  const counted = paths.some(({ evaluations }) => evaluations !== undefined);
  const efforts: readonly Effort[] = counted ? ['iterations', 'evaluations'] : ['iterations'];
  const width = (figureWidth - left - edge - (efforts.length - 1) * gap) / efforts.length;
  const markup = efforts.map((effort, k) =>
    convergencePanel(paths, above, effort, {
      left: left + k * (width + gap),
      top,
      width,
      height: panelHeight,
    }),
  );
  return { markup: markup.join(''), height: panelHeight + 44 };
}
