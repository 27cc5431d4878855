import type { MeasureDescription } from '../../src/index.js';

/** What is measured at every step of every method: the first columns of a step, and the first panels of the page. */
export const everyStep = [
  { name: 'loss', kind: 'number', meaning: "the loss of the step's batch, or the function's value" },
  { name: 'gradientNorm', kind: 'number', meaning: '‖g‖, the Euclidean norm of the gradient' },
  {
    name: 'updateNorm',
    kind: 'number',
    meaning: '‖Δx‖, the Euclidean norm of what is added to the parameters',
  },
  { name: 'milliseconds', unit: 'ms', kind: 'number', meaning: 'the time spent inside the step alone' },
] as const satisfies readonly MeasureDescription[];

export type EveryStep = (typeof everyStep)[number]['name'];

/** What is measured of the steps on a function, beside what its method measures. */
export const cosineMeasure: MeasureDescription = {
  name: 'cosine',
  kind: 'number',
  meaning: 'cos of the angle between step and −gradient: 1 where the method goes straight down',
};

/** The numbers of every step that are summed up: each a column in the log and a summary in its pyramid. */
export const series = [...everyStep.map(({ name }) => name), 'seconds'] as const;

interface Measuring {
  readonly measures?: readonly MeasureDescription[];
}

/** The names of a method's own measures of one kind, in their order. */
export function ownMeasures(method: Measuring | undefined, kind: MeasureDescription['kind']): string[] {
  const own = method?.measures?.filter((measure) => measure.kind === kind) ?? [];
  return own.map(({ name }) => name);
}

/** All that is summed up of a method: `series`, then its own numbers. */
export function seriesOf(method: Measuring | undefined): string[] {
  return [...series, ...ownMeasures(method, 'number')];
}

/**
 * @throws TypeError where a method gives a measure a name that is taken by another or by what every step measures
 */
export function checkMeasures({ measures = [] }: Measuring): void {
  const taken = new Set<string>([...series, 'step', 'method']);
  for (const { name } of measures) {
    if (taken.has(name)) throw new TypeError(`measures(${name}): expected a name that is not taken yet`);
    taken.add(name);
  }
}
