import type { ListedRun } from './run-index.js';

/**
 * The runs in which every word of the search occurs: in name, folder, problem, tags, notes, methods, standing or
 * outcomes. `#word` looks among the tags alone.
 */
export function foundRuns<R extends ListedRun>(runs: readonly R[], search: string): R[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => words.every((word) => occurs(word, run)));
}

function occurs(word: string, run: ListedRun): boolean {
  const { name = '', path, problem, tags, notes, standing, methods } = run;
  if (word.startsWith('#')) return tags.some((tag) => tag.toLowerCase().startsWith(word.slice(1)));
  const texts = [name, path, problem, notes, standing, ...tags];
  for (const { label, outcome = '' } of methods) texts.push(label, outcome);
  return texts.some((text) => text.toLowerCase().includes(word));
}
