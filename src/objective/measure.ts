import type { Algebra } from '../algebra/algebra.js';

/**
 * Something worth watching that a step made on its way: a 0-d array or a number; for spectra and histograms a
 * 1-d array, or a list of 0-d arrays or numbers. Arrays are read once a step, together with loss and norms.
 */
export type Measure<T> = T | number | readonly (T | number)[];

/** The measures of one step by name. One that was not made in this step is left out. */
export type Measures<T> = Readonly<Record<string, Measure<T>>>;

/** The measures of one step as they were read. */
export type Readings = Readonly<Record<string, number | readonly number[]>>;

/** What a measure is, told before the first step: enough to show and label it without knowing its maker. */
export interface MeasureDescription {
  readonly name: string;
  /** Left out for a bare number. */
  readonly unit?: string;
  /** One number a step, or a list of them. */
  readonly kind: 'number' | 'list';
  /**
   * What the entries of a list stand for: shares in the bins of `signedLogGrid`, of all and, behind them, of each
   * parameter where that was measured too; the parameters in the order of the tree, or the layers that have blocks of their own, as the routes tell.
   */
  readonly entries?: 'signedLog' | 'parameters' | 'layers';
  /** One phrase for a person: the formula, and what its values mean. */
  readonly meaning: string;
}

/**
 * The descriptions with names of their own beside those already `taken`: a second `ratio` becomes `ratio 2`, a
 * third one `ratio 3`. Taken in order of the steps, so brackets do not matter.
 */
export function distinct(
  taken: readonly MeasureDescription[],
  added: readonly MeasureDescription[],
): readonly MeasureDescription[] {
  const names = new Set(taken.map(({ name }) => name));
  return added.map((description) => {
    const stem = description.name.replace(/ \d+$/, '');
    let { name } = description;
    for (let count = 2; names.has(name); count++) name = `${stem} ${count}`;
    names.add(name);
    return name === description.name ? description : { ...description, name };
  });
}

/**
 * Copies `measures` to `to` under the names of `given`, which stands in the order of `own`.
 *
 * @throws TypeError on a measure that `own` does not describe
 */
export function copyMeasures<M>(
  to: { [name: string]: M },
  measures: Readonly<Record<string, M>>,
  own: readonly MeasureDescription[],
  given: readonly MeasureDescription[],
): void {
  for (const name in measures) {
    const at = own.findIndex((description) => description.name === name);
    if (at < 0) {
      const known = own.map((description) => description.name).join(', ') || 'none';
      throw new TypeError(`measures(${name}): expected a measure that is described (${known})`);
    }
    to[given[at].name] = measures[name];
  }
}

/** Brings measures to the host. */
export function readMeasures<T>(algebra: Algebra<T>, measures: Measures<T>): Readings {
  const read: { [name: string]: number | readonly number[] } = {};
  const one = (x: T | number) => (typeof x === 'number' ? x : algebra.number(x));
  for (const name in measures) {
    const measure = measures[name];
    if (Array.isArray(measure)) read[name] = measure.map(one);
    else if (typeof measure === 'number') read[name] = measure;
    else if (algebra.shape(measure as T).length === 1) read[name] = [...algebra.values(measure as T)];
    else read[name] = algebra.number(measure as T);
  }
  return read;
}
