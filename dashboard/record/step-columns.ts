import type { StepTaken } from './events.js';
import { type EveryStep, everyStep, series } from './measures.js';

/** `step` events as columns of one length: how they are stored, sent and drawn. NaN and ±∞ are kept. */
export type StepColumns = Readonly<Record<'step' | 'seconds' | EveryStep, Float64Array>> & {
  readonly method: Uint16Array;
  readonly own: OwnNumbers;
};

/** What the methods measured of their own: step after step, each step the numbers of its method in their order. */
export interface OwnNumbers {
  /** How many numbers each step has. */
  readonly counts: Uint16Array;
  /** Where those of each step begin, and behind the last where all end. */
  readonly starts: Uint32Array;
  readonly values: Float64Array;
  /** 1 where the step made the number, 0 where it did not. */
  readonly made: Uint8Array;
}

/** The float64 columns in their order on disk and on the wire; `method` (uint16) follows them. */
const columns = ['step', 'seconds', ...everyStep.map(({ name }) => name)] as const;

/** Six float64 and one uint16: what a step takes without numbers of its method's own. */
export const bytesPerStep = 8 * columns.length + 2;

const aligned = (bytes: number) => 8 * Math.ceil(bytes / 8);

/**
 * Views over `count` steps that begin at byte `offset` (a multiple of 8) of `buffer`. Nothing is copied.
 *
 *     f64 step, seconds, loss, gradientNorm, updateNorm, milliseconds, each [count] · u16 method [count]
 *
 * and, where any method measures numbers of its own, from the next multiple of 8 on
 *
 *     u16 counts [count] · zeros up to a multiple of 8 · f64 values [total] · u8 made [total]
 *
 * @throws RangeError where what stands behind the first columns is of another length
 */
export function stepColumns(buffer: ArrayBufferLike, offset: number, count: number): StepColumns {
  const column = (i: number) => new Float64Array(buffer, offset + 8 * i * count, count);
  const shared = Object.fromEntries(columns.map((name, i) => [name, column(i)]));
  const end = offset + bytesPerStep * count;
  return {
    ...(shared as Record<(typeof columns)[number], Float64Array>),
    method: new Uint16Array(buffer, offset + 8 * columns.length * count, count),
    own:
      buffer.byteLength === end
        ? ownNumbers(new Uint16Array(count))
        : storedNumbers(buffer, aligned(end), count),
  };
}

function storedNumbers(buffer: ArrayBufferLike, offset: number, count: number): OwnNumbers {
  const own = ownNumbers(new Uint16Array(buffer, offset, count), (total) => [
    new Float64Array(buffer, aligned(offset + 2 * count), total),
    new Uint8Array(buffer, aligned(offset + 2 * count) + 8 * total, total),
  ]);
  const end = aligned(offset + 2 * count) + 9 * own.values.length;
  if (end !== buffer.byteLength)
    throw new RangeError(`steps: expected ${end} bytes, got ${buffer.byteLength}`);
  return own;
}

function ownNumbers(
  counts: Uint16Array,
  room: (total: number) => [Float64Array, Uint8Array] = (total) => [
    new Float64Array(total),
    new Uint8Array(total),
  ],
): OwnNumbers {
  const starts = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) starts[i + 1] = starts[i] + counts[i];
  const [values, made] = room(starts[counts.length]);
  return { counts, starts, values, made };
}

/** Some steps in a row as they are stored and sent, behind `header` bytes (a multiple of 8). */
export function packedSteps(parts: readonly StepColumns[], header = 0): ArrayBuffer {
  const count = parts.reduce((sum, { step }) => sum + step.length, 0);
  const total = parts.reduce((sum, { own }) => sum + own.values.length, 0);
  const end = header + bytesPerStep * count;
  const buffer = new ArrayBuffer(total === 0 ? end : aligned(aligned(end) + 2 * count) + 9 * total);
  if (total > 0) {
    const counts = new Uint16Array(buffer, aligned(end), count);
    let at = 0;
    for (const { own } of parts) {
      counts.set(own.counts, at);
      at += own.counts.length;
    }
  }
  const all = stepColumns(buffer, header, count);
  let at = 0;
  for (const { own, ...part } of parts) {
    for (const name of columns) all[name].set(part[name], at);
    all.method.set(part.method, at);
    all.own.values.set(own.values, all.own.starts[at]);
    all.own.made.set(own.made, all.own.starts[at]);
    at += part.step.length;
  }
  return buffer;
}

/** The steps from the `first` on, up to the one before `end`. */
export function sliceSteps(steps: StepColumns, first: number, end = steps.step.length): StepColumns {
  const { own, method } = steps;
  const [from, to] = [own.starts[first], own.starts[end]];
  const shared = Object.fromEntries(columns.map((name) => [name, steps[name].subarray(first, end)]));
  return {
    ...(shared as Record<(typeof columns)[number], Float64Array>),
    method: method.subarray(first, end),
    own: ownNumbers(own.counts.subarray(first, end), () => [
      own.values.subarray(from, to),
      own.made.subarray(from, to),
    ]),
  };
}

/** How many numbers of a step are summed up: `series`, then those of its method's own. */
export const summedUp = ({ own }: StepColumns, i: number) => series.length + own.counts[i];

/** The `place`-th of the numbers of a step that are summed up; undefined where it was not made. */
export function numberAt(steps: StepColumns, i: number, place: number): number | undefined {
  if (place < series.length) return steps[series[place]][i];
  const { own } = steps;
  const at = own.starts[i] + place - series.length;
  return at < own.starts[i + 1] && own.made[at] === 1 ? own.values[at] : undefined;
}

/** The `i`-th step as an event; `names` are those of its method's own numbers. */
export function stepAt(steps: StepColumns, i: number, names: readonly string[] = []): StepTaken {
  const shared = Object.fromEntries(columns.map((name) => [name, steps[name][i]]));
  const event = { kind: 'step', method: steps.method[i], ...shared } as StepTaken;
  if (names.length === 0) return event;
  const measures: [string, number][] = [];
  names.forEach((name, k) => {
    const value = numberAt(steps, i, series.length + k);
    if (value !== undefined) measures.push([name, value]);
  });
  return measures.length === 0 ? event : { ...event, measures: Object.fromEntries(measures) };
}

/** Steps that wait for others, to be stored together. */
export class StepGatherer {
  readonly #steps: StepColumns;
  /** Those of `columns`, in their order. */
  readonly #columns: readonly Float64Array[];
  #values = new Float64Array(64);
  #made = new Uint8Array(64);
  #total = 0;
  #count = 0;

  constructor(readonly capacity: number) {
    this.#steps = stepColumns(new ArrayBuffer(bytesPerStep * capacity), 0, capacity);
    this.#columns = columns.map((name) => this.#steps[name]);
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a step; `names` are those of its method's own numbers. */
  add(event: StepTaken, names: readonly string[]): void {
    const i = this.#count++;
    for (let k = 0; k < columns.length; k++) this.#columns[k][i] = event[columns[k]];
    this.#steps.method[i] = event.method;
    this.#steps.own.counts[i] = names.length;
    if (names.length === 0) return;
    this.#reserve(this.#total + names.length);
    for (const name of names) {
      const value = event.measures?.[name];
      this.#made[this.#total] = value === undefined ? 0 : 1;
      this.#values[this.#total++] = value ?? 0;
    }
  }

  /** All of them as they are stored; there are none afterwards. */
  take(): ArrayBuffer {
    const [count, total] = [this.#count, this.#total];
    this.#count = this.#total = 0;
    const first = sliceSteps(this.#steps, 0, count);
    const own = ownNumbers(first.own.counts, () => [
      this.#values.subarray(0, total),
      this.#made.subarray(0, total),
    ]);
    return packedSteps([{ ...first, own }]);
  }

  #reserve(total: number): void {
    if (total <= this.#values.length) return;
    const [values, made] = [this.#values, this.#made];
    this.#values = new Float64Array(2 * total);
    this.#made = new Uint8Array(2 * total);
    this.#values.set(values);
    this.#made.set(made);
  }
}
