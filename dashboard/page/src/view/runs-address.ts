import type { Brush } from '../data/parallel.js';
import { brushes, parallelShown } from './parallel-view.js';
import { search, withArchived } from './runs-state.js';

const digits = 3;

/** What is seen of the list of runs, as the part of the address behind #. Other parameters are kept. */
export function runsText(others: string): string {
  const view = new URLSearchParams(others);
  const set = (name: string, value: string) => (value === '' ? view.delete(name) : view.set(name, value));
  set('find', search.value);
  set('archived', withArchived.value ? '1' : '');
  set('compare', parallelShown.value ? '1' : '');
  view.delete('brush');
  for (const [axis, { from, to }] of brushes.value)
    view.append('brush', `${axis}:${from.toFixed(digits)}:${to.toFixed(digits)}`);
  return view.toString().replaceAll('%3A', ':');
}

/** Shows what an address says; what it does not name, or names wrongly, is as on a fresh page. */
export function showRuns(text: string): void {
  const view = new URLSearchParams(text);
  search.value = view.get('find') ?? '';
  withArchived.value = view.get('archived') === '1';
  parallelShown.value = view.get('compare') === '1';
  brushes.value = new Map(view.getAll('brush').flatMap(brushIn));
}

/** The ends come last: the name of an axis may have anything in it. */
function brushIn(text: string): [string, Brush][] {
  const parts = text.split(':');
  const [from, to] = parts.slice(-2).map(Number);
  const axis = parts.slice(0, -2).join(':');
  return axis !== '' && from! >= 0 && from! < to! && to! <= 1 ? [[axis, { from: from!, to: to! }]] : [];
}
