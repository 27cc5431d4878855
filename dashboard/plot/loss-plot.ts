import type { Outcome } from '../../src/index.js';
import { axes, clipTo, gridLines } from './axes.js';
import { linearAxis, logAxis, plainNumber } from './axis.js';
import { drawEnds } from './draw-paths.js';
import { bodyTop, edge, figure, figureWidth } from './figure.js';
import { legend } from './legend.js';
import type { PlotPath } from './plot-path.js';
import { type Box, lineThrough, type Place, simplified } from './polyline.js';
import { dashes } from './style.js';
import { element } from './svg.js';

/** A method's training loss, or its mean over several runs. */
export interface DrawnLoss {
  readonly label: string;
  /** After each step, or after those that `steps` counts. */
  readonly losses: readonly number[];
  readonly steps?: readonly number[];
  readonly seconds: readonly number[];
  /** The least and the largest that the band shows, step by step. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly outcome?: Outcome;
  /** What else the legend says of it. */
  readonly note?: string;
}

export interface LossPlot {
  readonly title: string;
  readonly curves: readonly DrawnLoss[];
  /** What the curves show: `training loss, mean of 50 steps`. */
  readonly quantity: string;
  /** A line at this loss. */
  readonly target?: number;
  /** What stands across, a panel each; both where it is left out. */
  readonly across?: readonly Across[];
}

type Across = 'steps' | 'seconds';

const panelHeight = 290;
const left = 68;
const gap = 76;
/** Where the largest loss is more than so many times the least, the axis is logarithmic. */
const farApart = 8;
/** Above so many times the highest start a method that diverges leaves the picture. */
const ceiling = 1.15;

/**
 * An SVG picture of training losses, against steps and against the seconds that the steps took, with bands where
 * there are some. A loss that is not finite breaks a line. The same input gives the same bytes.
 *
 * @throws RangeError on a curve without steps
 * @example lossPlot({ title: 'mnist', quantity: 'training loss', curves: [{ label: 'adam', losses: [2.3, 2.1], seconds: [0.1, 0.2] }] })
 */
export function lossPlot({
  title,
  curves,
  quantity,
  target,
  across: shown = ['steps', 'seconds'],
}: LossPlot): string {
  for (const { label, losses } of curves) {
    if (losses.length === 0) throw new RangeError(`lossPlot(curves): expected at least one step of ${label}`);
  }
  const width = (figureWidth - left - edge - gap * (shown.length - 1)) / shown.length;
  const panels = shown.map((across, k) => {
    const box = { left: left + k * (width + gap), top: bodyTop, width, height: panelHeight };
    return lossPanel(curves, across, box, quantity, target);
  });
  const paths = curves.map(asPath);
  const notes = curves.map(({ losses, steps, note }) =>
    [`${steps?.at(-1) ?? losses.length} steps`, plainNumber(losses.at(-1)!, 3), ...(note ? [note] : [])].join(
      ' · ',
    ),
  );
  const top = bodyTop + panelHeight + 62;
  const rows = legend(paths, notes, { left, top, width: figureWidth - left - edge, columns: 3 });
  return figure(title, curves.length, top + rows.height + 12, panels.join('') + rows.markup);
}

function lossPanel(
  curves: readonly DrawnLoss[],
  across: Across,
  area: Box,
  name: string,
  target?: number,
): string {
  const y = lossAxis(curves, area, target);
  const longest = Math.max(...curves.map((curve) => effortOf(curve, across, curve.losses.length - 1)));
  const x = linearAxis(0, longest || 1, { from: area.left, to: area.left + area.width, perLabel: 60 });
  const places = (curve: DrawnLoss, values: readonly number[]) =>
    values.map((loss, k): Place => [x.place(effortOf(curve, across, k)), y.place(loss)]);
  const drawn = curves.map((curve, method) => ({
    method,
    path: asPath(curve),
    places: places(curve, curve.losses),
  }));
  const bands = curves.map((curve, method) => {
    if (curve.band === undefined) return '';
    const ring = [...places(curve, curve.band.low), ...places(curve, curve.band.high).toReversed()];
    const d = `${lineThrough(ring.filter((place) => place.every(Number.isFinite)))}Z`;
    return element('path', { class: `f${method}`, 'fill-opacity': '.18', stroke: 'none', d });
  });
  const lines = drawn.map(({ method, places }) =>
    element('path', {
      class: `path s${method}`,
      'stroke-width': 1.6,
      'stroke-dasharray': dashes(method),
      d: lineThrough(unbroken(places).flatMap((piece) => [...simplified(piece, 0.25), breaking])),
    }),
  );
  const line =
    target === undefined
      ? ''
      : element('path', {
          class: 'frame',
          'stroke-dasharray': '4 3',
          d: lineThrough([
            [area.left, y.place(target)],
            [area.left + area.width, y.place(target)],
          ]),
        });
  const id = `loss-${across}`;
  return (
    clipTo(area, id) +
    gridLines(area, x, y) +
    element('g', { 'clip-path': `url(#${id})` }, ...bands, line, ...lines) +
    axes(area, x, y, { x: across === 'steps' ? 'steps' : 'seconds of its steps', y: '' }) +
    (across === 'steps' ? axisName(area, name) : '') +
    drawEnds(drawn, area)
  );
}

/** Above the panel, where its length does not run into the numbers of the axis. */
function axisName({ left: x, top }: Box, name: string): string {
  return element('text', { x, y: top - 10, class: 'variable' }, name);
}

const breaking: Place = [Number.NaN, Number.NaN];

/** The stretches between places that are not finite. */
function unbroken(places: readonly Place[]): Place[][] {
  const pieces: Place[][] = [[]];
  for (const place of places) {
    if (place.every(Number.isFinite)) pieces.at(-1)!.push(place);
    else if (pieces.at(-1)!.length > 0) pieces.push([]);
  }
  return pieces.filter((piece) => piece.length > 0);
}

function effortOf({ steps, seconds }: DrawnLoss, across: Across, k: number): number {
  return across === 'steps' ? (steps?.[k] ?? k + 1) : seconds[k];
}

function lossAxis(curves: readonly DrawnLoss[], { top, height }: Box, target?: number) {
  const room = { from: top + height, to: top, perLabel: 28 };
  const all = curves.flatMap(({ losses, band }) => [...losses, ...(band?.low ?? [])]).filter(Number.isFinite);
  const starts = curves.map(({ losses }) => losses[0]).filter(Number.isFinite);
  const least = all.reduce((low, loss) => Math.min(low, loss), target ?? Infinity);
  const most = all.reduce((high, loss) => Math.max(high, loss), -Infinity);
  const start = starts.reduce((high, loss) => Math.max(high, loss), -Infinity);
  const high = Math.min(most, start > 0 ? ceiling * start : Infinity);
  if (!Number.isFinite(least) || !Number.isFinite(high)) return linearAxis(0, 1, room);
  if (least > 0 && high > farApart * least) return logAxis(least / 1.1, high * 1.1, room);
  const spare = 0.05 * (high - least || Math.abs(high) || 1);
  return linearAxis(least - spare, high + spare, room);
}

/** As legends and ends of lines know a method. */
function asPath({ label, losses, outcome }: DrawnLoss): PlotPath {
  return { label, points: losses.map((_, k) => [k]), values: losses, ...(outcome && { outcome }) };
}
