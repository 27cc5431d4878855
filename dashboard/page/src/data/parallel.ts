import { linearTicks, plainNumber } from '../../../plot/axis.js';
import { logRange, logTicks } from '../../../plot/log-ticks.js';
import type { RunSummary } from '../../../record/runs/run-summary.js';

/** A method of a run: what it was asked for, and what came of it. */
export interface Tried {
  readonly path: string;
  readonly label: string;
  /** By the names of the axes. */
  readonly values: ReadonlyMap<string, Value>;
}

export type Value = number | string;

/** One axis of parallel coordinates. */
export interface ParallelAxis {
  readonly name: string;
  /** An option, or what came of it. */
  readonly kind: 'asked' | 'result';
  /** From its foot to its head, in [0, 1]; undefined for what has no place on it. */
  place(value: Value | undefined): number | undefined;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** A stretch of an axis that is looked at. */
export interface Brush {
  readonly from: number;
  readonly to: number;
}

/** More axes than these cannot be told apart. */
const mostAxes = 14;
/** Numbers whose greatest is so many times the least stand on a log axis. */
const spread = 20;
/** Words and few numbers stand at equal distances. */
const fewNumbers = 4;

/** All methods of some runs that came to a value. */
export function triedIn(runs: readonly RunSummary[]): Tried[] {
  return runs.flatMap(({ path, problem, seed, batch, methods }) =>
    methods.flatMap((method) => {
      if (method.best === undefined) return [];
      const asked: [string, Value | undefined][] = [
        ['problem', problem],
        ['method', method.name],
        ...Object.entries(method.options).map(([name, value]): [string, Value] => [name, plain(value)]),
        ['batch', batch],
        ['seed', method.seed ?? seed],
        ['best', method.best],
        ['accuracy', method.accuracy],
      ];
      const values = new Map(asked.filter((entry): entry is [string, Value] => entry[1] !== undefined));
      return [{ path, label: method.label, values }];
    }),
  );
}

const plain = (value: string | number | boolean | null): Value =>
  typeof value === 'number' ? value : String(value);

const results: readonly string[] = ['accuracy', 'best'];

/** The axes on which what was tried differs, options first, the best value last: the lower, the higher up. */
export function parallelAxes(tried: readonly Tried[]): ParallelAxis[] {
  const names = [...new Set(tried.flatMap(({ values }) => [...values.keys()]))];
  const asked = names.filter((name) => !results.includes(name));
  const shown = [
    ...asked.map((name) => [name, 'asked'] as const),
    ...results.map((name) => [name, 'result'] as const),
  ];
  const axes = shown.flatMap(([name, kind]): ParallelAxis[] => {
    const values = tried.flatMap(({ values }) => values.get(name) ?? []);
    const different = [...new Set(values)];
    if (different.length < 2) return [];
    const numbers = different.filter(
      (value) => typeof value === 'number' && Number.isFinite(value),
    ) as number[];
    const isNumeric =
      numbers.length === different.length && (kind === 'result' || numbers.length > fewNumbers);
    return [{ name, kind, ...(isNumeric ? ofNumbers(numbers, name === 'best') : ofWords(different)) }];
  });
  return axes.length <= mostAxes ? axes : [...axes.slice(0, mostAxes - 1), axes[axes.length - 1]!];
}

type Scale = Pick<ParallelAxis, 'place' | 'ticks'>;

const textOf = (value: Value) => (typeof value === 'number' ? plainNumber(value, 6) : value);

/** Labels on an axis. */
const room = 6;
/** The share of a log axis that parts 0 from the rest. */
const belowLogarithms = 0.12;

function ofNumbers(numbers: readonly number[], isUpsideDown: boolean): Scale {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const leastPositive = Math.min(...numbers.filter((value) => value > 0));
  const log = least >= 0 && most > spread * leastPositive;
  const [low, high] = log ? logRange(leastPositive, most) : [least, most];
  // Where a method came to 0, it stands below all that have a logarithm.
  const hasZero = log && least === 0;
  const foot = hasZero ? belowLogarithms : 0;
  const on = log ? Math.log : (value: number) => value;
  const at = (value: number) => {
    const share = foot + ((1 - foot) * (on(value) - on(low))) / (on(high) - on(low));
    const part = hasZero && value === 0 ? 0 : share;
    return isUpsideDown ? 1 - part : part;
  };
  const ticks = log
    ? logTicks(low, high, room).flatMap(({ value, labelled }) => (labelled ? [value] : []))
    : linearTicks(low, high, room).map(({ value }) => value);
  if (hasZero) ticks.unshift(0);
  return {
    place: (value) => (typeof value === 'number' ? at(value) : undefined),
    ticks: ticks.map((value) => ({ at: at(value), text: plainNumber(value, 6) })),
  };
}

/** Numbers in their order before words in theirs. */
function ofWords(values: readonly Value[]): Scale {
  const sorted = values.toSorted((a, b) =>
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : typeof a === typeof b
        ? a < b
          ? -1
          : 1
        : typeof a === 'number'
          ? -1
          : 1,
  );
  const at = new Map(sorted.map((value, i) => [value, i / (sorted.length - 1)]));
  const place = (value: Value | undefined) => (value === undefined ? undefined : at.get(value));
  return { place, ticks: sorted.map((value) => ({ at: at.get(value)!, text: textOf(value) })) };
}

/** Those that lie in every brush. What has no place on an axis lies in no brush there. */
export function brushed(
  tried: readonly Tried[],
  axes: readonly ParallelAxis[],
  brushes: ReadonlyMap<string, Brush>,
): Tried[] {
  const used = axes.filter(({ name }) => brushes.has(name));
  return tried.filter(({ values }) =>
    used.every(({ name, place }) => {
      const at = place(values.get(name));
      const { from, to } = brushes.get(name)!;
      return at !== undefined && at >= from - 1e-9 && at <= to + 1e-9;
    }),
  );
}
