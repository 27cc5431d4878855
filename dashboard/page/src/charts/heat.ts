import { binsASide, signedLogBins, signedLogGrid } from '../../../../src/objective/signed-log-bins.js';
import type { Tick } from '../../../plot/axis.js';
import { powerOfTen } from '../../../plot/axis.js';
import { lowerBound } from '../../../record/column.js';
import { number, percent } from '../data/format.js';
import type { Lists } from '../data/lists.js';
import type { Across } from '../data/places.js';

/** Lists over time as a map: a column for each look, a row for each entry, the stronger in colour the more. */
export interface HeatMap {
  /** Where each column was measured on the x axis. */
  readonly places: readonly number[];
  /** Where each column begins on the x axis, half-way from the one before it, and behind the last where it ends. */
  readonly edges: readonly number[];
  readonly rows: number;
  /** Column after column, each from the lowest row up: from 0 for nothing to 1. */
  readonly shades: Float64Array;
  readonly ticks: readonly Tick[];
  /** What the shades stand for, in a phrase. */
  readonly scale: string;
  /** What a cell holds, in words. */
  told(column: number, row: number): string;
}

/** More columns than these are drawn as the means of several. */
const mostColumns = 160;

/** The columns of a list within a stretch of the x axis: where they begin and end, and their lists. */
function columnsOf(lists: Lists, across: Across, low: number, high: number) {
  const { kept } = lists;
  const along = lists.places.column(across);
  const from = Math.max(0, lowerBound(along, low) - 1);
  const end = Math.min(along.length, lowerBound(along, high) + 1);
  const every = Math.max(1, Math.ceil((end - from) / mostColumns));
  const middles: number[] = [];
  const columns: (readonly number[])[] = [];
  for (let i = from; i < end; i += every) {
    const last = Math.min(end, i + every) - 1;
    middles.push((along.at(i) + along.at(last)) / 2);
    columns.push(meanOf(kept.slice(i, last + 1)));
  }
  return { places: middles, edges: edgesBetween(middles, high, Math.max(1, high - low) / 20), columns };
}

/**
 * A column reaches half-way to its neighbours and, at the ends, as far out as in; the last one on to the end of the axis
 * where that is no farther than the next look would be. A single one is a strip around its place.
 */
function edgesBetween(places: readonly number[], end: number, strip: number): number[] {
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (places.length === 1) return [first - strip, last + strip];
  const between = places.slice(1).map((place, i) => (places[i]! + place) / 2);
  const half = last - between.at(-1)!;
  const reach = Math.min(last + 2 * half, Math.max(end, last + half));
  return [2 * first - between[0]!, ...between, reach];
}

function meanOf(lists: readonly (readonly number[])[]): readonly number[] {
  if (lists.length === 1) return lists[0]!;
  return lists[0]!.map(
    (_, row) => lists.reduce((sum, list) => sum + (list[row] ?? Number.NaN), 0) / lists.length,
  );
}

/** Of a side: the bins nearer to 0 than all but this share of the entries are one with the bin of 0. */
const nearZero = 0.02;

/** How many histograms a list holds: that of all entries, and behind it those of each parameter where there are any. */
export function histogramsIn(lists: Lists): number {
  return Math.floor((lists.kept.at(-1)?.length ?? 0) / signedLogBins);
}

/**
 * A histogram with each of its bins spread as a normal distribution, of so many bins as standard deviation: the density
 * of few points with weights, as Ghorbani, Krishnan and Xiao (2019) draw it. Their sum stays.
 */
function spread(shares: readonly number[], kernel: number): readonly number[] {
  const reach = Math.ceil(3 * kernel);
  if (reach === 0) return shares;
  const spreadOut = new Array<number>(shares.length).fill(0);
  shares.forEach((share, bin) => {
    if (share === 0) return;
    const from = Math.max(0, bin - reach);
    const weights = Array.from({ length: Math.min(shares.length, bin + reach + 1) - from }, (_, i) =>
      Math.exp(-(((from + i - bin) / kernel) ** 2) / 2),
    );
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    weights.forEach((weight, i) => {
      spreadOut[from + i]! += (share * weight) / all;
    });
  });
  return spreadOut;
}

/**
 * Histograms on the grid in log |v|, the `part`-th of each list: the bins that hold anything, from the most negative up.
 *
 * @param kernel over how many bins each is spread
 */
export function histogramMap(
  lists: Lists,
  across: Across,
  low: number,
  high: number,
  part = 0,
  kernel = 0,
): HeatMap | undefined {
  const { places, edges, columns: whole } = columnsOf(lists, across, low, high);
  const columns = whole.map((column) =>
    spread(column.slice(part * signedLogBins, (part + 1) * signedLogBins), kernel),
  );
  const most = columns[0]?.map((_, bin) => Math.max(...columns.map((column) => column[bin] ?? 0)));
  if (most === undefined) return undefined;
  const held = most.flatMap((share, bin) => (share > 0 ? [bin] : []));
  if (held.length === 0) return undefined;
  const middle = binsASide;
  let inner = 0;
  for (let sum = 0; inner < middle; inner++) {
    sum += most[middle - inner - 1]! + most[middle + inner + 1]!;
    if (sum > nearZero) break;
  }
  // Out to a whole power of ten on either side, which is named.
  const { perDecade } = signedLogGrid;
  const wholeDecades = (bins: number) => perDecade * Math.ceil(Math.max(bins, inner + 1) / perDecade);
  const [first, last] = [
    middle - wholeDecades(middle - held[0]!),
    middle + wholeDecades(held.at(-1)! - middle),
  ];
  /** The bins of a row, the lowest row first. */
  const rows: (readonly [number, number])[] = [];
  for (let bin = first; bin < middle - inner; bin++) rows.push([bin, bin + 1]);
  rows.push([middle - inner, middle + inner + 1]);
  for (let bin = middle + inner + 1; bin <= last; bin++) rows.push([bin, bin + 1]);
  const zero = middle - inner - first;
  const shares = columns.map((column) =>
    rows.map(([from, to]) => column.slice(from, to).reduce((sum, share) => sum + share, 0)),
  );
  const all = Math.max(...shares.flat().filter(Number.isFinite));
  const decade = (k: number) => signedLogGrid.least + (inner + k) / signedLogGrid.perDecade;
  const tick = (k: number, sign: 1 | -1): Tick[] => {
    const exponent = decade(k);
    if (!Number.isInteger(exponent)) return [];
    const text = powerOfTen(10 ** exponent);
    return [{ value: sign > 0 ? zero + 1 + k : zero - k, text: sign > 0 ? text : `−${text}` }];
  };
  return {
    places,
    edges,
    rows: rows.length,
    // By the root of the share, so that thin tails are seen beside the bulk.
    shades: Float64Array.from(shares.flat(), (share) => Math.sqrt(share / all)),
    ticks: [
      ...Array.from({ length: zero + 1 }, (_, k) => tick(k, -1)).flat(),
      { value: zero + 0.5, text: '0' },
      ...Array.from({ length: rows.length - zero }, (_, k) => tick(k, 1)).flat(),
    ],
    scale: 'the stronger, the more entries',
    told(column, row) {
      const k = Math.abs(row - zero) - 1;
      const [from, to] = [decade(k), decade(k + 1)].map((exponent) => number(10 ** exponent, 2));
      const where =
        row === zero
          ? `|v| < ${number(10 ** decade(0), 2)}`
          : row > zero
            ? `${from} … ${to}`
            : `−${to} … −${from}`;
      return `${where}: ${percent(shares[column]![row]!, 2)}`;
    },
  };
}

/** A number of each parameter or layer, the first at the top, by its logarithm. */
export function partsMap(
  lists: Lists,
  names: readonly string[],
  across: Across,
  low: number,
  high: number,
): HeatMap | undefined {
  const { places, edges, columns } = columnsOf(lists, across, low, high);
  const rows = Math.max(0, ...columns.map(({ length }) => length));
  const shown = columns.flat().filter((value) => value > 0 && Number.isFinite(value));
  if (rows === 0) return undefined;
  const [least, most] = shown.length === 0 ? [0, 0] : [Math.min(...shown), Math.max(...shown)];
  const span = most > least ? Math.log(most / least) : 1;
  const at = (column: readonly number[], row: number) => column[rows - 1 - row] ?? Number.NaN;
  const shade = (value: number) =>
    !(value > 0) ? 0 : Math.min(1, 0.08 + 0.92 * Math.max(0, Math.log(value / least) / span));
  const name = (row: number) => names[rows - 1 - row] ?? `${rows - row}`;
  return {
    places,
    edges,
    rows,
    shades: Float64Array.from(
      columns.flatMap((column) => Array.from({ length: rows }, (_, row) => shade(at(column, row)))),
    ),
    ticks: Array.from({ length: rows }, (_, row) => ({ value: row + 0.5, text: name(row) })),
    scale: most === 0 ? '0 everywhere' : `faint ${number(least, 2)}, full ${number(most, 2)}`,
    told: (column, row) => `${name(row)}: ${number(at(columns[column]!, row))}`,
  };
}

/** The column that covers a place; −1 where none does. */
export function columnAt({ edges }: HeatMap, place: number): number {
  if (edges.length === 0 || place < edges[0]! || place > edges.at(-1)!) return -1;
  let column = edges.length - 2;
  while (column > 0 && edges[column]! > place) column--;
  return column;
}
