import { computed, signal } from '@preact/signals';
import { differingOptions } from '../../../record/runs/differing-options.js';
import { foundRuns } from '../../../record/runs/found-runs.js';
import type { RunsClientMessage } from '../../../server/runs-protocol.js';
import { nothingKnown, type RunsKnown } from '../live/runs-feed.js';

export const runsKnown = signal<RunsKnown>(nothingKnown);
/** How a change reaches the server; set once, when the page is put together. */
export const tell = signal<(message: RunsClientMessage) => void>(() => {});

export const search = signal('');
export const withArchived = signal(false);
/** Those that are picked to be compared, by their paths, in the order of picking. */
export const picked = signal<readonly string[]>([]);
/** The run whose name, tags and notes are being changed. */
export const edited = signal<string | undefined>(undefined);
/** What was deleted last and can be had back. */
export const deleted = signal<string | undefined>(undefined);

export const shownRuns = computed(() => {
  const kept = runsKnown.value.runs.filter(({ archived }) => withArchived.value || !archived);
  return foundRuns(kept, search.value);
});

/** In what each of the runs shown differs from the others, by its path. */
export const differences = computed(() => {
  // The problem has a column of its own.
  const lists = differingOptions(shownRuns.value.map((run) => ({ ...run, problem: '' })));
  return new Map(shownRuns.value.map(({ path }, i) => [path, lists[i]!]));
});

/** More rows than anybody looks at would only cost time: those that are found are shown a page at a time. */
export const rowsShown = signal(200);

export function pick(path: string): void {
  const { value } = picked;
  picked.value = value.includes(path) ? value.filter((one) => one !== path) : [...value, path];
}
