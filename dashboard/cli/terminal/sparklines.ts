import { wordsFor } from '../../record/outcome-words.js';
import type { RunState } from '../../record/run-state.js';
import { sparkline } from '../../record/runs/sparkline.js';
import { figure, percent } from './figures.js';
import { table } from './table.js';

/** Of each method how far it is, where its loss came from and where it is now: a run in a terminal. */
export function sparkTable({ methods }: RunState, courses: readonly (readonly number[])[]): string[] {
  const tested = methods.some(({ accuracy }) => accuracy !== undefined);
  const head = ['method', 'step', 'loss or value', ...(tested ? ['accuracy'] : []), 'course', ''];
  const rows = methods.map((method, i) => [
    method.description.label,
    Number.isFinite(method.budget) ? `${method.taken}/${method.budget}` : String(method.taken),
    figure(method.value ?? method.smoothedLoss),
    ...(tested ? [percent(method.accuracy)] : []),
    sparkline(courses[i]),
    method.outcome === undefined ? '' : wordsFor(method.outcome).words,
  ]);
  return table([head, ...rows], [0, head.length - 2, head.length - 1]).split('\n');
}
