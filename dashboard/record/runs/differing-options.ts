import type { RunSummary } from './run-summary.js';
import { shownOptions } from './shown-options.js';

/** What of a run tells what it was asked for. */
export type AskedRun = Pick<RunSummary, 'problem' | 'seed' | 'steps' | 'batch' | 'backend'> & {
  readonly methods: readonly { readonly name: string; readonly label: string; readonly options: object }[];
};

/** An option that not all runs have the same, and what each of them has. */
export interface Difference {
  readonly name: string;
  readonly values: readonly (string | undefined)[];
}

/**
 * The options in which runs differ: `seed`, `adam.learningRate`. An option of a method counts as different where not all
 * runs that have the method have the same.
 */
export function differencesBetween(runs: readonly AskedRun[]): Difference[] {
  const asked = runs.map(askedOf);
  const names = new Set(asked.flatMap((one) => [...one.keys()]));
  return [...names].flatMap((name) => {
    const values = asked.map((one) => one.get(name));
    return new Set(values.filter((value) => value !== undefined)).size > 1 ? [{ name, values }] : [];
  });
}

/** In what each of the runs was asked for something else than the others: `seed=2`, `adam.learningRate=0.01`. */
export function differingOptions(runs: readonly AskedRun[]): string[][] {
  const differences = differencesBetween(runs);
  return runs.map((_, i) =>
    differences.flatMap(({ name, values }) => (values[i] === undefined ? [] : [`${name}=${values[i]}`])),
  );
}

function askedOf({ problem, seed, steps, batch, backend, methods }: AskedRun): Map<string, string> {
  const asked = new Map<string, string>();
  if (methods.length === 0) return asked; // it cannot be read
  const put = (name: string, value: unknown) => value !== undefined && asked.set(name, String(value));
  put('problem', problem);
  put('seed', seed);
  put('steps', steps);
  put('batch', batch);
  put('backend', backend);
  const seen = new Set<string>();
  for (const { name, label, options } of methods) {
    const method = seen.has(name) ? label : name; // two variants of one: the second by its label
    seen.add(name);
    for (const [option, value] of Object.entries(shownOptions(options))) put(`${method}.${option}`, value);
  }
  return asked;
}
