import type { RunSummary } from './run-summary.js';

/**
 * In what each run was asked for something else than the others: `seed=2`, `adam.learningRate=0.01`. An option of a
 * method counts as different where not all runs that have the method have the same.
 */
export function differingOptions(runs: readonly RunSummary[]): string[][] {
  const asked = runs.map(askedOf);
  const values = new Map<string, Set<string>>();
  for (const one of asked) {
    for (const [name, value] of one) values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return asked.map((one) =>
    [...one].filter(([name]) => values.get(name)!.size > 1).map(([name, value]) => `${name}=${value}`),
  );
}

function askedOf({ problem, seed, steps, batch, backend, methods }: RunSummary): Map<string, string> {
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
    for (const [option, value] of Object.entries(options)) put(`${method}.${option}`, value);
  }
  return asked;
}
